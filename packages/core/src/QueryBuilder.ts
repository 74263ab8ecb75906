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
 * The operations of a `QueryBuilder`. It is a service, so that an app can check every operation
 * before it is sent.
 */
export interface QueryBuilder {
  /**
   * Builds the operation of a query. Fails with a `QueryError` for everything that the types cannot
   * check, before anything is sent.
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
 * Builds the operation of a query, checked against the table that the query was made from.
 *
 * Every value becomes a variable of its column's exact type; `order_by` becomes a list of one-key
 * objects.
 *
 * A query is read once: building the same query again returns the same operation by a lookup, even
 * if the objects that it was made from have changed.
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
  // The operation was built from this query.
  if (known !== undefined) return Effect.succeed(known as Operation<A>)
  return Effect.clockWith((clock) => {
    let isOfNow = false
    const warnings: Array<string> = []
    // The phantom type of a query is the type that its root field and selection read, because both
    // are made from the same parts.
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

/** A program can use any number of names. */
const maxLogged = 1_000

/**
 * Operations that were built before, except those with ranges that end now. Building the same query
 * again then costs only a lookup.
 */
const operations = /* @__PURE__ */ makeMemo<Operation<unknown>>()

/**
 * Builds one operation of several queries, each under its key. Their variables do not collide.
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
    // As in build, for each query.
    const built = buildOperation.buildAll(
      operationName,
      queries,
      () => now,
      warnings
    ) as Either.Either<Operation<Answers<Queries>>, QueryError>
    return warnings.length === 0 ? built : Effect.zipRight(logOnce(warnings), built)
  })

/**
 * The service that `layer` provides, for wiring by hand.
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
 * Provides the builder that checks each query against the table that it was made from.
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
