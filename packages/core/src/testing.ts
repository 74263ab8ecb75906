/**
 * A `MetricsClient` for tests of apps. It returns the results that the test provides, sends
 * nothing, and never waits in real time.
 *
 * Like a real client, it checks queries and decodes JSON. There is no server, however: filters,
 * orders and limits are not applied, and nothing is retried. To test filters, orders, limits or
 * retries, use the sandbox.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { DocumentNode } from "graphql"
import { makeTestClient } from "./internal/testing/client.js"
import type { JsonValue } from "./JsonValue.js"
import { MetricsClient } from "./MetricsClient.js"
import type { CallError } from "./MetricsError.js"
import type { Operation } from "./Operation.js"
import type { Query } from "./Query.js"
import type * as Table from "./Table.js"

/**
 * The result that a test provides for some calls. `answer`, `recorded` and `answerDocument` create
 * it.
 */
export type TestAnswer =
  | {
      readonly _tag: "Query"
      readonly query: Query<unknown, unknown, unknown>
      readonly answer: Effect.Effect<unknown, CallError>
    }
  | {
      readonly _tag: "Table"
      readonly table: Table.Any
      readonly rows: Effect.Effect<ReadonlyArray<JsonValue>, CallError>
    }
  | {
      readonly _tag: "Document"
      readonly document: string | DocumentNode
      readonly data: Effect.Effect<JsonValue, CallError>
    }

/**
 * Provides the result of a query. The app can send the query with `query`, `queryAll`, `stream` or
 * `columns`. The result is used for every query with the same operation: the same table, selection,
 * filter, order and limits.
 *
 * If the result is an `Effect`, the `Effect` runs at each call. The `Effect` can fail with a
 * `CallError`, wait by the test's clock, or return a different result each time. You can also pass
 * a `CallError` directly, because an error is an `Effect` that fails.
 *
 * @example
 * ```ts
 * import { MetricsError, Query } from "@innerspace-metrics/core"
 * import { answer, layerTest } from "@innerspace-metrics/core/testing"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const mean = Query.from(building_metrics, {
 *   select: ["metric_value"],
 *   where: {
 *     building_id: 71,
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * })
 *
 * const Quiet = layerTest([answer(mean, [{ metric_value: 0 }])])
 *
 * const Throttled = layerTest([
 *   answer(
 *     mean,
 *     new MetricsError.ResponseError({
 *       reason: "RateLimited",
 *       problem: "The API responded with status 429",
 *       hint: "Wait before the next call",
 *       status: 429,
 *       excerpt: ""
 *     })
 *   )
 * ])
 * ```
 */
export const answer = <A>(
  query: Query<unknown, unknown, A>,
  answer: NoInfer<A> | Effect.Effect<NoInfer<A>, CallError>
): TestAnswer => ({ _tag: "Query", query, answer: toEffect(answer) })

/**
 * Provides the rows for every query on a table, except for queries with an `answer`. Each query
 * gets the values that it selects. Rows are JSON in the form of the API's responses. Copy them from
 * the playground, write them by hand, or record them with `Query.raw`. Relationships are objects
 * and lists within a row.
 *
 * Each query gets all rows: no filter, order or limit is applied. `Query.byPk` gets the first row
 * that has the key. An aggregate needs an `answer`. If a row lacks a selected value, the query
 * fails with a `DecodeError`, as with a real client.
 *
 * @example
 * ```ts
 * import { layerTest, recorded } from "@innerspace-metrics/core/testing"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const MetricsTest = layerTest([
 *   recorded(building_metrics, [
 *     { metric_value: 12.5, date_time_start: "2024-01-01T06:00:00+00:00" },
 *     { metric_value: null, date_time_start: "2024-01-01T07:00:00+00:00" }
 *   ])
 * ])
 * ```
 */
export const recorded = (
  table: Table.Any,
  rows: ReadonlyArray<JsonValue> | Effect.Effect<ReadonlyArray<JsonValue>, CallError>
): TestAnswer => ({ _tag: "Table", table, rows: toEffect(rows) })

/**
 * Provides the `data` for a document that the app passes to `execute`. `execute` decodes the `data`
 * with the Schema of the call. Documents are compared as text.
 *
 * @example
 * ```ts
 * import { answerDocument, layerTest } from "@innerspace-metrics/core/testing"
 *
 * const MetricsTest = layerTest([
 *   answerDocument("query { building_features(limit: 1) { building_id } }", {
 *     building_features: [{ building_id: 71 }]
 *   })
 * ])
 * ```
 */
export const answerDocument = (
  document: string | DocumentNode,
  data: JsonValue | Effect.Effect<JsonValue, CallError>
): TestAnswer => ({ _tag: "Document", document, data: toEffect(data) })

/** The calls that the app has made. */
export interface Asked {
  /**
   * Operations of `query`, `queryAll`, `stream` and `columns`, in the order of the calls. Calls
   * without an answer are included.
   */
  readonly operations: Effect.Effect<ReadonlyArray<Operation<unknown>>>
}

/**
 * The service that records the calls of an app to the client of `layerTest`.
 *
 * @example
 * ```ts
 * import { Operation } from "@innerspace-metrics/core"
 * import { Asked } from "@innerspace-metrics/core/testing"
 * import * as Effect from "effect/Effect"
 *
 * const texts = Effect.gen(function* () {
 *   const asked = yield* Asked
 *   return yield* Effect.forEach(yield* asked.operations, Operation.toInlineText)
 * })
 * ```
 */
export const Asked: Context.Tag<Asked, Asked> = /* @__PURE__ */ Context.GenericTag<Asked>(
  "@innerspace-metrics/core/testing/Asked"
)

/**
 * Provides a `MetricsClient` that returns the given answers and does not call the API. It needs no
 * login, no network and no clock. The first answer that matches a query is used, and `answer` takes
 * precedence over `recorded`.
 *
 * A wrong query fails with the same `QueryError` as with a real client. A query without an answer
 * fails with a `QueryError` (`UnknownTable`) that shows the query. `retry` has no effect: if an
 * answer is an error, the call fails with this error at once.
 *
 * `stream` and `columns` return the rows of the answer in pages of `pageSize`. The progress that
 * `stream` reports counts windows, but has no resume points. `schema` always fails.
 *
 * @example
 * ```ts
 * import { assert, it } from "@effect/vitest"
 * import { MetricsClient, Query } from "@innerspace-metrics/core"
 * import { answer, layerTest } from "@innerspace-metrics/core/testing"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import * as Effect from "effect/Effect"
 *
 * const hours = Query.from(building_metrics, {
 *   select: ["metric_value"],
 *   where: {
 *     building_id: 71,
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * })
 *
 * // The app's own code.
 * const peak = Effect.gen(function* () {
 *   const metrics = yield* MetricsClient.MetricsClient
 *   const rows = yield* metrics.query(hours)
 *   return Math.max(...rows.map((row) => row.metric_value ?? 0))
 * })
 *
 * it.effect("finds the peak", () =>
 *   Effect.gen(function* () {
 *     assert.strictEqual(yield* peak, 7)
 *   }).pipe(Effect.provide(layerTest([answer(hours, [{ metric_value: 3 }, { metric_value: 7 }])])))
 * )
 * ```
 */
export const layerTest = (answers: ReadonlyArray<TestAnswer>): Layer.Layer<MetricsClient | Asked> =>
  Layer.effectContext(
    Effect.sync(() => {
      const { client, operations } = makeTestClient(answers)
      return Context.make(MetricsClient, client).pipe(
        Context.add(Asked, { operations: Effect.sync(() => [...operations]) })
      )
    })
  )

const toEffect = <A>(given: A | Effect.Effect<A, CallError>): Effect.Effect<A, CallError> =>
  Effect.isEffect(given) ? given : Effect.succeed(given)
