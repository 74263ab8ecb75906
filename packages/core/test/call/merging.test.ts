/** Tests several queries that are merged into few requests, against the sandbox. */
import { assert, describe, layer } from "@effect/vitest"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Telemetry from "@innerspace-metrics/core/Telemetry"
import { building_features, building_metrics } from "@innerspace-metrics/core/v1"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Schema from "effect/Schema"
import { client, fresh, operations, TestLive } from "../support/sandboxClient.js"

const everybody = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

const hours = (building_id: number, limit = 3) =>
  Query.from(building_metrics, {
    select: ["building_id", "metric_value"],
    where: { building_id, metric_name: "occupancy_mean", granularity: "PT1H", group_id: everybody },
    limit
  })

const weeks = Query.from(building_features, {
  select: ["feature_value"],
  where: {
    building_id: 71,
    feature_name: "weekly_frequency_dist",
    granularity: "P1W",
    group_id: everybody
  },
  limit: 2
})

/** The server has no table with this name. */
const broken = Query.from(
  { ...building_metrics, name: "no_such_table" },
  { select: ["metric_value"], allowOpen: ["metric_name", "granularity", "group_id"] }
)

const outcome = (result: Either.Either<ReadonlyArray<unknown>, { readonly _tag: string }>) =>
  Either.match(result, { onLeft: (error) => error._tag, onRight: (rows) => rows.length })

layer(TestLive)("merging", (it) => {
  describe("queryAll", () => {
    it.effect("queryAll sends all queries in one request and returns each result in its type", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const { a, b, c } = yield* metrics.queryAll({ a: hours(71), b: weeks, c: hours(72) })
        assert.strictEqual(a.length, 3)
        assert.strictEqual(b.length, 2)
        assert.isTrue(c.every((row) => row.building_id === 72))
        assert.deepStrictEqual(yield* operations, ["queries"])
      })
    )

    it.effect("queryAll fails as a whole, and names the query that cannot be built", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const error = yield* Effect.flip(metrics.queryAll({ a: hours(71), b: hours(71, -1) }))
        assert.strictEqual(error._tag, "QueryError")
        assert.deepStrictEqual(yield* operations, [])
        const refused = yield* Effect.flip(metrics.queryAll({ a: hours(71), broken }))
        assert.strictEqual(refused._tag, "GraphQLError")
      })
    )
  })

  describe("Effect.all with batching", () => {
    it.effect("Effect.all with batching sends concurrent queries in one request", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const before = yield* Metric.value(Telemetry.mergedQueries)
        const [a, b, c] = yield* Effect.all(
          [metrics.query(hours(71)), metrics.query(weeks), metrics.query(hours(72))],
          { batching: true, concurrency: "unbounded" }
        )
        assert.deepStrictEqual([a.length, b.length, c.length], [3, 2, 3])
        assert.deepStrictEqual(yield* operations, ["batch"])
        const after = yield* Metric.value(Telemetry.mergedQueries)
        assert.strictEqual(after.count - before.count, 2)
      })
    )

    it.effect("batching works in a fiber that sends single queries before and after it", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const alone = Effect.all([metrics.query(hours(71)), metrics.query(hours(72))])
        const merged = Effect.all([metrics.query(hours(71)), metrics.query(hours(72))], {
          batching: true
        })
        yield* alone
        yield* merged
        yield* Effect.all([alone, merged])
        assert.strictEqual((yield* operations).length, 6)
      })
    )

    it.effect("withRequestBatching(false) sends each query of a batch alone", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        yield* Effect.all([metrics.query(hours(71)), metrics.query(hours(72))], {
          batching: true
        }).pipe(Effect.withRequestBatching(false))
        assert.strictEqual((yield* operations).length, 2)
      })
    )

    it.effect("batching sends equal queries once", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const answers = yield* Effect.forEach(
          Array.from({ length: 50 }, (_, index) => hours(71 + (index % 2))),
          (query) => metrics.query(query),
          { batching: true, concurrency: "unbounded" }
        )
        assert.isTrue(answers.every((rows) => rows.length === 3))
        assert.isTrue(answers.every((rows, i) => rows[0]?.building_id === 71 + (i % 2)))
        assert.deepStrictEqual(yield* operations, ["building_metrics"])
      })
    )

    it.effect("batching stays within maxQueries and maxSize", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client({ merge: { maxQueries: 4 } })
        const small = yield* client({ merge: { maxSize: 1 } })
        const limits = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        const all = (metrics: MetricsClient.MetricsClient) =>
          Effect.forEach(limits, (limit) => metrics.query(hours(71, limit)), {
            batching: true,
            concurrency: "unbounded"
          })
        const answers = yield* all(metrics)
        assert.deepStrictEqual(
          answers.map((rows) => rows.length),
          limits
        )
        assert.strictEqual((yield* operations).length, 3)
        yield* all(small)
        assert.strictEqual((yield* operations).length, 3 + limits.length)
      })
    )

    it.effect("a query that the server rejects does not fail the others of its batch", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const results = yield* Effect.all(
          [
            Effect.either(metrics.query(hours(71))),
            Effect.either(metrics.query(broken)),
            Effect.either(metrics.query(weeks)),
            Effect.either(metrics.query(hours(72))),
            Effect.either(metrics.query(hours(71, -1)))
          ],
          { batching: true, concurrency: "unbounded" }
        )
        assert.deepStrictEqual(results.map(outcome), [3, "GraphQLError", 2, 3, "QueryError"])
        const [, refused] = results
        assert.strictEqual(
          refused !== undefined && Either.isLeft(refused) && refused.left.operationName,
          "no_such_table"
        )
      })
    )

    it.effect("a failure of a whole batch is not retried query by query", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* client()
        yield* sandbox.control.inject(Fault.answer({ status: 404, body: "" }))
        const results = yield* Effect.all(
          [Effect.either(metrics.query(hours(71))), Effect.either(metrics.query(weeks))],
          { batching: true, concurrency: "unbounded" }
        )
        assert.deepStrictEqual(results.map(outcome), ["ResponseError", "ResponseError"])
        assert.strictEqual((yield* operations).length, 1)
      })
    )
  })

  describe("sharing over HTTP", () => {
    const concurrently = (metrics: MetricsClient.MetricsClient) =>
      Effect.all(
        Array.from({ length: 10 }, () => metrics.query(hours(71))),
        { concurrency: "unbounded" }
      )

    it.effect("equal queries in flight share one response", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const answers = yield* concurrently(metrics)
        assert.isTrue(answers.every((rows) => rows.length === 3))
        assert.strictEqual((yield* operations).length, 1)
        yield* metrics.query(hours(71))
        assert.strictEqual((yield* operations).length, 2, "an answer is not kept")
      })
    )

    it.effect("equal queries in flight share one response, even if their document is long", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const above = (value: number) => ({ metric_value: { _gt: value } })
        const long = Query.and(hours(71), {
          _or: [above(0), ...Array.from({ length: 200 }, (_, index) => above(-index))]
        })
        const operation = yield* QueryBuilder.build(long)
        assert.isAbove(Operation.toText(operation).length, 8_192)
        yield* Effect.all([metrics.query(long), metrics.query(long)], { concurrency: 2 })
        assert.strictEqual((yield* operations).length, 1)
      })
    )

    it.effect("equal queries in flight share one failure", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* client()
        yield* sandbox.control.inject(Fault.answer({ status: 404, body: "" }))
        const results = yield* Effect.all(
          Array.from({ length: 5 }, () => Effect.either(metrics.query(hours(71)))),
          { concurrency: "unbounded" }
        )
        assert.isTrue(
          results.every((result) => Either.isLeft(result) && result.left.attempts === 1)
        )
      })
    )

    it.effect("a shared request survives its first caller and is aborted with the last", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* client()
        yield* sandbox.control.inject(Fault.stallBody())
        const first = yield* Effect.fork(metrics.query(hours(71)))
        yield* sandbox.control.awaitRequests(1)
        const second = yield* Effect.fork(metrics.query(hours(71)))
        yield* Effect.yieldNow()
        yield* Fiber.interrupt(first)
        assert.strictEqual((yield* Fiber.poll(second))._tag, "None")
        yield* Fiber.interrupt(second)
        assert.strictEqual((yield* metrics.query(hours(71))).length, 3)
      })
    )

    it.effect("documents written by hand are not shared", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        yield* Effect.all(
          Array.from({ length: 3 }, () =>
            metrics.execute({ document: "{ __typename }", schema: Schema.Unknown })
          ),
          { concurrency: "unbounded" }
        )
        assert.strictEqual((yield* operations).length, 3)
      })
    )

    it.effect("equal queries are sent one by one if merging is off", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client({ merge: false })
        yield* concurrently(metrics)
        yield* Effect.all([metrics.query(hours(71)), metrics.query(weeks)], {
          batching: true,
          concurrency: "unbounded"
        })
        assert.strictEqual((yield* operations).length, 12)
      })
    )
  })
})
