/**
 * The index of the core package: one namespace for each module, except for four modules. Import
 * these four modules by their own paths:
 *
 * - `@innerspace-metrics/core/v1` and `@innerspace-metrics/core/v2`, the catalogues
 * - `@innerspace-metrics/core/testing`
 * - `@innerspace-metrics/core/CheckedQueryBuilder`, which is large
 */
export * as AccessToken from "./AccessToken.js"
export * as Api from "./Api.js"
export * as Catalog from "./Catalog.js"
export * as Column from "./Column.js"
export * as ColumnBatch from "./ColumnBatch.js"
export * as Filter from "./Filter.js"
export * as Granularity from "./Granularity.js"
export * as HttpExchange from "./HttpExchange.js"
export * as JsonValue from "./JsonValue.js"
export * as LayerOptions from "./LayerOptions.js"
export * as Metric from "./Metric.js"
export * as MetricsClient from "./MetricsClient.js"
export * as MetricsError from "./MetricsError.js"
export * as Operation from "./Operation.js"
export * as Plain from "./Plain.js"
export * as PromiseClient from "./PromiseClient.js"
export * as Query from "./Query.js"
export * as QueryBuilder from "./QueryBuilder.js"
export * as Relationship from "./Relationship.js"
export * as RetryPolicy from "./RetryPolicy.js"
export * as Scalar from "./Scalar.js"
export * as Series from "./Series.js"
export * as SeriesError from "./SeriesError.js"
export * as Streaming from "./Streaming.js"
export * as Table from "./Table.js"
export * as Telemetry from "./Telemetry.js"
export * as TimeRange from "./TimeRange.js"
export * as TokenProvider from "./TokenProvider.js"
export * as TokenStore from "./TokenStore.js"
export * as ValueSchema from "./ValueSchema.js"
