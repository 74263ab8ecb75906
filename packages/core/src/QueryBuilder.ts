/**
 * From queries to operations.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { buildDocument } from "./internal/buildDocument.js"
import { decodeRows } from "./internal/decodeRows.js"
import type { QueryError } from "./MetricsError.js"
import type { Operation } from "./Operation.js"
import type { Query } from "./Query.js"

/**
 * What a `QueryBuilder` does. A service, so that an app can put a check of its own before every operation.
 */
export interface QueryBuilderService {
  /**
   * The operation that a query stands for. Fails with a `QueryError` for all that the types cannot see, before anything is
   * sent.
   */
  readonly build: <Row>(
    query: Query<Row>
  ) => Effect.Effect<Operation<ReadonlyArray<Row>>, QueryError>
}

/**
 * The service that turns queries into operations.
 *
 * @example
 * ```ts
 * import { Query, QueryBuilder } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import * as Effect from "effect/Effect"
 *
 * const operation = Effect.flatMap(QueryBuilder.QueryBuilder, (builder) =>
 *   builder.build(Query.from(building_metrics, { select: ["metric_value"] }))
 * )
 * ```
 */
export class QueryBuilder extends Context.Tag("@innerspace-metrics/core/QueryBuilder")<
  QueryBuilder,
  QueryBuilderService
>() {}

/**
 * The operation that a query stands for, checked against the table that the query was made from.
 *
 * Every value becomes a variable of its column's exact type; `order_by` becomes a list of one-key objects.
 *
 * @example
 * ```ts
 * import { Operation, Query, QueryBuilder } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import * as Effect from "effect/Effect"
 *
 * const query = Query.from(building_metrics, { select: ["metric_value"], where: { building_id: 71 } })
 * const text = Effect.map(QueryBuilder.build(query), Operation.toText)
 * ```
 */
export const build = <Row>(
  query: Query<Row>
): Effect.Effect<Operation<ReadonlyArray<Row>>, QueryError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Either.map(buildDocument(query, now), ({ document, variables, columns }) => ({
      name: query.operationName,
      document,
      variables,
      decode: (data) => decodeRows(data, query, columns)
    }))
  )

/**
 * The service of `layer`, for wiring by hand.
 *
 * @example
 * ```ts
 * import { QueryBuilder } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const LoggedQueries = Layer.succeed(QueryBuilder.QueryBuilder, {
 *   build: (query) =>
 *     Effect.tap(QueryBuilder.make.build(query), (operation) => Effect.logDebug(operation.name))
 * })
 * ```
 */
export const make: QueryBuilderService = { build: (query) => build(query) }

/**
 * Checks each query against the table that it was made from.
 *
 * @example
 * ```ts
 * import { MetricsClient, QueryBuilder } from "@innerspace-metrics/core"
 * import * as Layer from "effect/Layer"
 *
 * const MetricsLive = MetricsClient.layer().pipe(Layer.provide(QueryBuilder.layer))
 * ```
 */
export const layer: Layer.Layer<QueryBuilder> = Layer.succeed(QueryBuilder, make)
