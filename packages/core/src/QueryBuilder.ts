/**
 * Turns queries into operations.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { makeMemo } from "./internal/objectMemo.js"
import * as buildOperation from "./internal/query/operation.js"
import type { Answers, QueryRecord } from "./internal/queryRecord.js"
import { warn } from "./internal/warnings/warn.js"
import type { QueryError } from "./MetricsError.js"
import type { Operation } from "./Operation.js"
import type { Query } from "./Query.js"

/**
 * The operations of a `QueryBuilder`. The builder is a service, so that an app can replace it and
 * check every operation before it is sent.
 */
export interface QueryBuilder {
  /**
   * Builds the operation of a query. Fails with a `QueryError` for a mistake that the types cannot
   * exclude.
   */
  readonly build: <A>(query: Query<unknown, unknown, A>) => Effect.Effect<Operation<A>, QueryError>
  /**
   * Builds one operation of several queries, each under its key. Fails with the `QueryError` of the
   * first invalid query.
   */
  readonly buildAll: <Queries extends QueryRecord>(
    operationName: string,
    queries: Queries
  ) => Effect.Effect<Operation<Answers<Queries>>, QueryError>
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
 *   builder.build(Query.from(building_metrics, {
 *     select: ["metric_value"],
 *     where: {
 *       metric_name: "occupancy_mean",
 *       granularity: "PT1H",
 *       group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *     }
 *   }))
 * )
 * ```
 */
export const QueryBuilder: Context.Tag<QueryBuilder, QueryBuilder> =
  /* @__PURE__ */ Context.GenericTag<QueryBuilder>("@innerspace-metrics/core/QueryBuilder")

/**
 * Builds the operation of a query, and checks the query against its table.
 *
 * Every value becomes a variable, which is declared with the GraphQL type of its column. `order_by`
 * becomes a list of objects with one key each.
 *
 * The builder reads each query once. If the same query is built again, the same operation is
 * returned, even if the objects that the query was made from have changed. The exception is a query
 * whose range depends on the current time.
 *
 * @example
 * ```ts
 * import { Operation, Query, QueryBuilder } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import * as Effect from "effect/Effect"
 *
 * const query = Query.from(building_metrics, {
 *   select: ["metric_value"],
 *   where: {
 *     building_id: 71,
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * })
 * const text = Effect.map(QueryBuilder.build(query), Operation.toText)
 * ```
 */
export const build = <A>(
  query: Query<unknown, unknown, A>
): Effect.Effect<Operation<A>, QueryError> => {
  const known = operations.get(query)
  // The operation was built from this query, so it decodes the type `A`.
  if (known !== undefined) return Effect.succeed(known as Operation<A>)
  return Effect.clockWith((clock) => {
    let isOfNow = false
    const warnings: Array<string> = []
    // The decoder of the operation returns an `A`, because the type `A` and the decoder are made
    // from the same table and selection.
    const built = buildOperation.buildOne(
      query,
      () => {
        isOfNow = true
        return clock.unsafeCurrentTimeMillis()
      },
      warnings
    ) as Either.Either<Operation<A>, QueryError>
    if (Either.isRight(built) && !isOfNow) operations.set(query, built.right)
    return warnings.length === 0 ? built : Effect.zipRight(logOnce(warnings), built)
  })
}

/** Each warning is logged once, because a program may send the same query every minute. */
const logOnce = (warnings: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.forEach(
    warnings.filter((text) => {
      if (logged.has(text) || logged.size >= maxLogged) return false
      logged.add(text)
      return true
    }),
    (text) => warn(text),
    { discard: true }
  )

const logged = /* @__PURE__ */ new Set<string>()

/**
 * The maximum number of texts in `logged`. A text contains names of the query, and a program can
 * use any number of names.
 */
const maxLogged = 1_000

/**
 * Operations that were built before, except operations with ranges that depend on the current time.
 * Building the same query again is only a lookup.
 */
const operations = /* @__PURE__ */ makeMemo<Operation<unknown>>()

/**
 * Builds one operation of several queries, each under its key. The variables of the queries have
 * different names.
 *
 * @example
 * ```ts
 * import { Query, QueryBuilder } from "@innerspace-metrics/core"
 * import { building_features, building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const operation = QueryBuilder.buildAll("overview", {
 *   features: Query.from(building_features, {
 *     select: ["feature_value"],
 *     where: {
 *       building_id: 71,
 *       feature_name: "weekly_frequency_dist",
 *       granularity: "P1W",
 *       group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *     }
 *   }),
 *   metrics: Query.from(building_metrics, {
 *     select: ["metric_value"],
 *     where: {
 *       building_id: 71,
 *       metric_name: "occupancy_mean",
 *       granularity: "PT1H",
 *       group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *     }
 *   })
 * })
 * ```
 */
export const buildAll = <Queries extends QueryRecord>(
  operationName: string,
  queries: Queries
): Effect.Effect<Operation<Answers<Queries>>, QueryError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const warnings: Array<string> = []
    // The type of each query is the type of its decoder, as in `build`.
    const built = buildOperation.buildAll(
      operationName,
      queries,
      () => now,
      warnings
    ) as Either.Either<Operation<Answers<Queries>>, QueryError>
    return warnings.length === 0 ? built : Effect.zipRight(logOnce(warnings), built)
  })

/**
 * The builder that `layer` provides. Use it to make a builder of your own.
 *
 * @example
 * ```ts
 * import { QueryBuilder } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const LoggedQueries = Layer.succeed(QueryBuilder.QueryBuilder, {
 *   ...QueryBuilder.service,
 *   build: (query) =>
 *     Effect.tap(QueryBuilder.service.build(query), (operation) => Effect.logDebug(operation.name))
 * })
 * ```
 */
export const service: QueryBuilder = {
  build: (query) => build(query),
  buildAll: (operationName, queries) => buildAll(operationName, queries)
}

/**
 * Provides the builder that checks each query against its table.
 *
 * @example
 * ```ts
 * import { MetricsClient, QueryBuilder } from "@innerspace-metrics/core"
 * import * as Layer from "effect/Layer"
 *
 * const MetricsLive = MetricsClient.layer().pipe(Layer.provide(QueryBuilder.layer))
 * ```
 */
export const layer: Layer.Layer<QueryBuilder> = Layer.succeed(QueryBuilder, service)
