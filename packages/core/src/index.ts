/**
 * Everything of the core package, one namespace for each module. The catalogues are modules of their own:
 * `@innerspace-metrics/core/v1` and `@innerspace-metrics/core/v2`.
 */
export * as AccessToken from "./AccessToken.js"
export * as Api from "./Api.js"
export * as Column from "./Column.js"
export * as Granularity from "./Granularity.js"
export * as HttpExchange from "./HttpExchange.js"
export * as JsonValue from "./JsonValue.js"
export * as Metric from "./Metric.js"
export * as MetricsClient from "./MetricsClient.js"
export * as MetricsError from "./MetricsError.js"
export * as Operation from "./Operation.js"
export * as PromiseClient from "./PromiseClient.js"
export * as Query from "./Query.js"
export * as QueryBuilder from "./QueryBuilder.js"
export * as Relationship from "./Relationship.js"
export * as RetryPolicy from "./RetryPolicy.js"
export * as Scalar from "./Scalar.js"
export * as Table from "./Table.js"
export * as Telemetry from "./Telemetry.js"
export * as TimeRange from "./TimeRange.js"
export * as TokenProvider from "./TokenProvider.js"
