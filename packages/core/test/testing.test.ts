import { assert, describe, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import { AuthError, GraphQLError } from "@innerspace-metrics/core/MetricsError"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import {
  Asked,
  answer,
  answerDocument,
  layerTest,
  recorded,
  type TestAnswer
} from "@innerspace-metrics/core/testing"
import { building_features, building_metrics } from "@innerspace-metrics/core/v1"
import { ZONES } from "@innerspace-metrics/core/v2"
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"

const hours = Query.from(building_metrics, {
  select: ["metric_value", "date_time_start"],
  where: {
    building_id: 71,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: "everyone",
    date_time_start: TimeRange.dates("2024-01-01", "2024-01-15", "America/Chicago")
  }
})

const row = (metric_value: number | null, at: string) => ({
  metric_value,
  date_time_start: DateTime.unsafeMake(at)
})

const threeHours = [
  row(3, "2024-01-01T06:00:00Z"),
  row(null, "2024-01-01T07:00:00Z"),
  row(5, "2024-01-09T06:00:00Z")
]

const asking = <A>(query: Query.Query<unknown, unknown, A>) =>
  Effect.flatMap(MetricsClient, (metrics) => metrics.query(query))

const given =
  (...answers: ReadonlyArray<TestAnswer>) =>
  <A, E>(effect: Effect.Effect<A, E, MetricsClient | Asked>) =>
    Effect.provide(effect, layerTest(answers))

describe("layerTest: answers to queries", () => {
  it.effect(
    "an answer is returned for an equal query that was made elsewhere, and for no other",
    () =>
      Effect.gen(function* () {
        const equal = Query.from(building_metrics, {
          select: ["metric_value", "date_time_start"],
          where: {
            building_id: 71,
            metric_name: "occupancy_mean",
            granularity: "PT1H",
            group_id: "everyone",
            date_time_start: TimeRange.dates("2024-01-01", "2024-01-15", "America/Chicago")
          }
        })
        assert.deepStrictEqual(yield* asking(equal), threeHours)
        const others = [
          Query.limit(hours, 10),
          Query.and(hours, { metric_value: { _gt: 1 } }),
          Query.from(building_metrics, {
            select: ["metric_value"],
            allowOpen: ["metric_name", "granularity", "group_id"]
          }),
          Query.raw(hours),
          Query.decode(hours, { metric_value: Schema.Number })
        ]
        for (const other of others) {
          const error = yield* Effect.flip(asking<unknown>(other))
          assert.strictEqual(error._tag, "QueryError")
          assert.include(error.message, "no answer for query building_metrics")
        }
      }).pipe(given(answer(hours, threeHours)))
  )

  it.effect("the first matching answer takes precedence over recorded rows", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* asking(hours), [])
    }).pipe(given(recorded(building_metrics, [{}]), answer(hours, []), answer(hours, threeHours)))
  )

  it.effect("an answer can be a row by its key, aggregates or decoded values", () => {
    const zone = Query.byPk(ZONES, { ZONE_ID: 1 }, { select: ["NAME"] })
    const count = Query.aggregate(building_metrics, {
      select: { count: true },
      allowOpen: ["metric_name", "granularity", "group_id"]
    })
    const decoded = Query.decode(
      Query.from(building_features, {
        select: ["feature_value"],
        allowOpen: ["feature_name", "granularity", "group_id"]
      }),
      {
        feature_value: Schema.Struct({ days: Schema.Number })
      }
    )
    return Effect.gen(function* () {
      assert.strictEqual(yield* asking(zone), null)
      assert.deepStrictEqual(yield* asking(count), { count: 12 })
      assert.deepStrictEqual(yield* asking(decoded), [{ feature_value: { days: 3 } }])
    }).pipe(
      given(
        answer(zone, null),
        answer(count, { count: 12 }),
        answer(decoded, [{ feature_value: { days: 3 } }])
      )
    )
  })

  it.effect("an answer may be an error, with the call's name and the test's reason", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(asking(Query.limit(hours, 1)))
      assert.strictEqual(error.reason, "RateLimited")
      assert.strictEqual(error.operationName, "building_metrics")
      assert.strictEqual(error.attempts, 1)
      assert.isTrue(error.isRetryable)
      assert.deepStrictEqual(error.retryAfter, Duration.seconds(7))
    }).pipe(
      given(
        answer(
          Query.limit(hours, 1),
          new AuthError({
            reason: "RateLimited",
            problem: "The token endpoint answered 429",
            hint: "Try again in 7s",
            retryAfter: Duration.seconds(7)
          })
        )
      )
    )
  )

  it.effect("an answer that is an Effect runs at each call, by the test's clock", () =>
    Effect.gen(function* () {
      const calls = yield* Ref.make(0)
      const slowly = Ref.updateAndGet(calls, (count) => count + 1).pipe(
        Effect.map((count) => [row(count, "2024-01-01T06:00:00Z")]),
        Effect.delay("1 hour")
      )
      yield* Effect.gen(function* () {
        const first = yield* Effect.fork(asking(hours))
        yield* TestClock.adjust("59 minutes")
        assert.isTrue((yield* Fiber.poll(first))._tag === "None")
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(first))[0]?.metric_value, 1)
        const second = yield* Effect.fork(asking(hours))
        yield* TestClock.adjust("1 hour")
        assert.strictEqual((yield* Fiber.join(second))[0]?.metric_value, 2)
      }).pipe(given(answer(hours, slowly)))
    })
  )
})

describe("layerTest: recorded rows", () => {
  const zones = Table.make("zones", {
    zone_id: Column.observed(Scalar.bigint, "a test"),
    tags: Column.nullable(Column.observed(Scalar.jsonb, "a test")),
    area: Column.observed(Scalar.numeric, "a test")
  })
  const floors = Table.make("floors", { level: Column.observed(Scalar.Int, "a test") })
  const rooms = Table.make("rooms", {
    name: Column.observed(Scalar.String, "a test"),
    FLOOR: Relationship.one(() => floors)
  })
  const rows = [
    { zone_id: "9007199254740993", tags: { floors: [{ name: "first" }] }, area: 1.5 },
    { zone_id: 2, tags: null, area: "2" }
  ]

  it.effect("recorded rows are decoded as a real answer: aliases, paths, scalars, one row", () =>
    Effect.gen(function* () {
      const read = yield* asking(
        Query.from(zones, {
          select: [
            { column: "zone_id", as: "id" },
            { column: "tags", as: "floor", path: "$.floors[0].name" }
          ],
          limit: 1
        })
      )
      assert.deepStrictEqual(read, [
        { id: 9007199254740993n, floor: "first" },
        { id: 2n, floor: null }
      ])
      const one = yield* asking(Query.byPk(zones, { zone_id: 2n }, { select: ["tags"] }))
      assert.deepStrictEqual(one, { tags: null })
      const none = yield* asking(Query.byPk(zones, { zone_id: 3n }, { select: ["tags"] }))
      assert.strictEqual(none, null)
      const raw = yield* asking(Query.raw(Query.from(zones, { select: ["area"] })))
      assert.deepStrictEqual(raw, [{ area: 1.5 }, { area: "2" }])
      const aggregate = yield* Effect.flip(
        asking(Query.aggregate(zones, { select: { count: true } }))
      )
      assert.strictEqual(aggregate._tag, "QueryError")
    }).pipe(given(recorded(zones, rows)))
  )

  it.effect("recorded rows that do not match are the same DecodeError as from the API", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(asking(Query.from(zones, { select: ["area", "zone_id"] })))
      assert.strictEqual(error._tag, "DecodeError")
      assert.include(error.message, "zone_id")
      assert.strictEqual(error.operationName, "zones")
    }).pipe(given(recorded(zones, [{ area: 1 }])))
  )

  it.effect("recorded rows can have related rows", () =>
    Effect.gen(function* () {
      const read = yield* asking(
        Query.from(rooms, {
          select: ["name", { relationship: "FLOOR", as: "floor", select: ["level"] }]
        })
      )
      assert.deepStrictEqual(read, [
        { name: "Lounge", floor: { level: 1 } },
        { name: "Annex", floor: null }
      ])
    }).pipe(
      given(
        recorded(rooms, [
          { name: "Lounge", FLOOR: { level: 1, name: "First" } },
          { name: "Annex", FLOOR: null }
        ])
      )
    )
  )
})

describe("layerTest: the client", () => {
  it.effect("the test client checks queries, plans and streams as a real one does", () =>
    Effect.gen(function* () {
      const metrics = yield* MetricsClient
      const wrong = Query.from(building_metrics, { select: ["metric_value"], limit: -1 })
      assert.strictEqual((yield* Effect.flip(metrics.query(wrong)))._tag, "QueryError")
      assert.strictEqual(
        (yield* Effect.flip(Stream.runDrain(metrics.stream(wrong))))._tag,
        "QueryError"
      )
      const seen = yield* Ref.make<ReadonlyArray<Streaming.Progress>>([])
      const streamed = yield* Stream.runCollect(
        metrics.stream(hours, {
          pageSize: 2,
          onProgress: (progress) => Ref.update(seen, (all) => [...all, progress])
        })
      )
      assert.deepStrictEqual(Chunk.toReadonlyArray(streamed), threeHours)
      assert.strictEqual((yield* metrics.plan(hours)).windows.length, 2)
      assert.deepStrictEqual(
        (yield* Ref.get(seen)).map(({ done, rows, total }) => [done, total, rows]),
        [
          [0, 2, 2],
          [2, 2, 3]
        ]
      )
      const error = yield* Effect.flip(metrics.schema)
      assert.strictEqual(error._tag, "QueryError")
    }).pipe(given(answer(hours, threeHours)))
  )

  it.effect(
    "the test client returns several results under their keys, and records the operations",
    () =>
      Effect.gen(function* () {
        const metrics = yield* MetricsClient
        const features = Query.from(building_features, {
          select: ["feature_value"],
          allowOpen: ["feature_name", "granularity", "group_id"]
        })
        const both = yield* metrics.queryAll({ hours, features })
        assert.deepStrictEqual(both, { hours: threeHours, features: [{ feature_value: 1 }] })
        const each = yield* Effect.all([asking(hours), asking(features)], { batching: true })
        assert.deepStrictEqual(each, [threeHours, [{ feature_value: 1 }]])
        const missing = yield* Effect.flip(metrics.queryAll({ hours, two: Query.limit(hours, 2) }))
        assert.strictEqual(missing.operationName, "queries")
        const operations = yield* (yield* Asked).operations
        assert.deepStrictEqual(
          operations.map(({ name }) => name),
          ["queries", "building_metrics", "building_features", "queries"]
        )
        const [, single] = operations
        assert.include(single === undefined ? "" : Operation.toText(single), "metric_value")
      }).pipe(given(answer(hours, threeHours), recorded(building_features, [{ feature_value: 1 }])))
  )

  it.effect("the test client decodes documents by their Schemas", () =>
    Effect.gen(function* () {
      const metrics = yield* MetricsClient
      const document = "query ids { building_features { building_id } }"
      const schema = Schema.Struct({ building_features: Schema.Array(JsonId) })
      const data = yield* metrics.execute({ document, schema })
      assert.deepStrictEqual(data, { building_features: [{ building_id: 71 }] })
      const other = yield* Effect.flip(metrics.execute({ document: "query { other }", schema }))
      assert.strictEqual(other._tag, "QueryError")
      const unfit = Schema.Struct({ building_features: Schema.String })
      const error = yield* Effect.flip(
        metrics.execute({ document, schema: unfit, operationName: "ids" })
      )
      assert.strictEqual(error._tag, "DecodeError")
      assert.strictEqual(error.operationName, "ids")
    }).pipe(
      given(
        answerDocument("query ids { building_features { building_id } }", {
          building_features: [{ building_id: 71 }]
        })
      )
    )
  )

  it("the test client can be used as a promise client", async () => {
    const refused = new GraphQLError({
      reason: "PermissionDenied",
      problem: "The API reported an error: not allowed (access-denied)",
      hint: "Ask the vendor",
      status: 200,
      errors: [],
      data: undefined
    })
    await using metrics = PromiseClient.make(
      layerTest([answer(hours, threeHours), answer(Query.limit(hours, 1), refused)])
    )
    assert.deepStrictEqual(
      await metrics.query(hours),
      threeHours.map((row) => ({
        ...row,
        date_time_start: DateTime.toDateUtc(row.date_time_start)
      }))
    )
    let error: unknown
    await metrics.query(Query.limit(hours, 1)).catch((reason: unknown) => {
      error = reason
    })
    assert.instanceOf(error, GraphQLError)
    let count = 0
    for await (const _ of metrics.stream(hours)) count++
    assert.strictEqual(count, 3)
  })
})

const JsonId = Schema.Struct({ building_id: Schema.Number })

/** Code that must not compile. */
export const pinned = () => {
  // @ts-expect-error a value of another type than the column's
  answer(hours, [{ metric_value: "3", date_time_start: DateTime.unsafeMake(0) }])
  // @ts-expect-error a row without a selected column
  answer(hours, [{ metric_value: 3 }])
  // @ts-expect-error a value that is not an error of a call
  answer(hours, Effect.fail("no"))
  // @ts-expect-error a row that is not JSON
  recorded(building_metrics, [{ date_time_start: new Date(0) }])
}
