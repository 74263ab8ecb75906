/**
 * Tests equal queries in flight, whose callers start and are interrupted at different times. Time
 * is virtual, so the server is a transport defined in the test.
 */
import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { answer, clientOver } from "../support/transportClient.js"

const everybody = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

const query = Query.from(building_metrics, {
  select: ["building_id"],
  where: {
    building_id: 71,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: everybody
  }
})

const rows = answer(200, '{"data":{"building_metrics":[{"building_id":71}]}}')

const timesQuery = Query.from(building_metrics, {
  select: ["date_time_start", "metric_value"],
  where: {
    building_id: 71,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: everybody
  }
})

const timesAnswer = (...times: ReadonlyArray<string>) =>
  answer(
    200,
    JSON.stringify({
      data: {
        building_metrics: times.map((time) => ({ date_time_start: time, metric_value: 1 }))
      }
    })
  )

/**
 * A client whose server responds after this many milliseconds, and the number of requests that the
 * server got.
 */
const slowClient = (takes: number, said = rows) => {
  let requests = 0
  return Effect.map(
    clientOver(
      () =>
        Effect.suspend(() => {
          requests++
          return Effect.delay(Effect.succeed(said), takes)
        }),
      { retry: RetryPolicy.make({ attempts: 1, deadline: "5 seconds" }), timeout: "1 minute" }
    ),
    (metrics) => ({ metrics, requests: () => requests })
  )
}

/** The outcome of an effect, and the time at which the effect ended. */
const timed = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.zip(Effect.either(effect), Clock.currentTimeMillis)

describe("sharing", () => {
  it.effect(
    "if the leader is interrupted, the next waiter sends the request again for all waiters",
    () =>
      Effect.gen(function* () {
        const { metrics, requests } = yield* slowClient(2_000)
        const [first, second, third] = [
          yield* Effect.fork(metrics.query(query)),
          yield* Effect.fork(metrics.query(query)),
          yield* Effect.fork(metrics.query(query))
        ]
        yield* TestClock.adjust("1 second")
        assert.strictEqual(requests(), 1)
        yield* Fiber.interrupt(first)
        yield* TestClock.adjust("1999 millis")
        assert.deepStrictEqual([requests(), (yield* Fiber.poll(second))._tag], [2, "None"])
        yield* TestClock.adjust("1 millis")
        assert.deepStrictEqual(yield* Fiber.join(second), [{ building_id: 71 }])
        assert.deepStrictEqual(yield* Fiber.join(third), [{ building_id: 71 }])
        assert.strictEqual(requests(), 2)
      })
  )

  it.effect("a waiter interrupted at hand-over passes the request on", () =>
    Effect.gen(function* () {
      const { metrics, requests } = yield* slowClient(2_000)
      const leaving = yield* Effect.replicateEffect(Effect.fork(metrics.query(query)), 3)
      const last = yield* Effect.fork(metrics.query(query))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interruptAllAs(leaving, leaving[0]?.id() ?? assert.fail("no fiber"))
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(yield* Fiber.join(last), [{ building_id: 71 }])
      const before = requests()
      const afterwards = yield* Effect.fork(metrics.query(query))
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(afterwards)
      assert.strictEqual(requests(), before + 1)
    })
  )

  it.effect("a waiter that leaves early starts no request for the others", () =>
    Effect.gen(function* () {
      const { metrics, requests } = yield* slowClient(2_000)
      const first = yield* Effect.fork(metrics.query(query))
      const second = yield* Effect.fork(metrics.query(query))
      const third = yield* Effect.fork(metrics.query(query))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(second)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.join(third), yield* Fiber.join(first))
      assert.strictEqual(requests(), 1)
    })
  )

  it.effect("after a caller alone is interrupted, the next one sends its own request", () =>
    Effect.gen(function* () {
      const { metrics, requests } = yield* slowClient(2_000)
      const first = yield* Effect.fork(metrics.query(query))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(first)
      const second = yield* Effect.fork(metrics.query(query))
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(yield* Fiber.join(second), [{ building_id: 71 }])
      assert.strictEqual(requests(), 2)
    })
  )

  it.effect("a waiter that takes over ends by its own deadline", () =>
    Effect.gen(function* () {
      const { metrics } = yield* slowClient(60_000)
      const first = yield* Effect.fork(metrics.query(query))
      yield* TestClock.adjust("3 seconds")
      const second = yield* Effect.fork(timed(metrics.query(query)))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("1 minute")
      const [result, endedAt] = yield* Fiber.join(second)
      assert.strictEqual(endedAt, 8_000)
      assert.strictEqual(
        result._tag === "Left" ? result.left.reason : undefined,
        "DeadlineExceeded"
      )
    })
  )

  it.effect("each caller of a shared response gets its own rows", () =>
    Effect.gen(function* () {
      const { metrics, requests } = yield* slowClient(
        10,
        timesAnswer("2024-01-01T06:00:00+00:00", "2024-01-02T06:00:00+00:00")
      )
      const asking = yield* Effect.replicateEffect(Effect.fork(metrics.query(timesQuery)), 3)
      yield* TestClock.adjust("10 millis")
      const found = yield* Fiber.joinAll(asking)
      assert.strictEqual(requests(), 1)
      for (const rows of found) {
        assert.deepStrictEqual(
          rows.map((row) => [DateTime.formatIso(row.date_time_start), row.metric_value]),
          [
            ["2024-01-01T06:00:00.000Z", 1],
            ["2024-01-02T06:00:00.000Z", 1]
          ]
        )
      }
      assert.strictEqual(new Set(found.flat()).size, 6)
    })
  )

  it.effect("each caller of a shared response gets its own DecodeError", () =>
    Effect.gen(function* () {
      const { metrics, requests } = yield* slowClient(
        10,
        timesAnswer("2024-01-01T06:00:00+00:00", "noon")
      )
      const asking = yield* Effect.replicateEffect(
        Effect.fork(Effect.flip(metrics.query(timesQuery))),
        2
      )
      yield* TestClock.adjust("10 millis")
      const errors = yield* Fiber.joinAll(asking)
      assert.strictEqual(requests(), 1)
      assert.deepStrictEqual(
        errors.map((error) => (error._tag === "DecodeError" ? [error.row, error.found] : error)),
        [
          [1, '"noon"'],
          [1, '"noon"']
        ]
      )
    })
  )

  it.effect(
    "queries with equal policies share one answer, whichever objects hold the policies",
    () =>
      Effect.gen(function* () {
        const { metrics, requests } = yield* slowClient(10)
        const ask = (attempts: number) =>
          Effect.fork(metrics.query(query, { retry: RetryPolicy.make({ attempts }) }))
        const fibers = [yield* ask(2), yield* ask(3), yield* ask(2)]
        yield* TestClock.adjust("10 millis")
        yield* Fiber.joinAll(fibers)
        assert.strictEqual(requests(), 2)
      })
  )
})

it.effect("a TokenProvider that an app has wrapped runs for the token of each call", () =>
  Effect.gen(function* () {
    let asked = 0
    const wrapped = Layer.scoped(
      TokenProvider.TokenProvider,
      Effect.map(
        TokenProvider.cached(
          AccessToken.make({ value: Redacted.make("token"), header: Api.v1.credential })
        ),
        (provider) => ({ ...provider, get: Effect.tap(provider.get, () => void asked++) })
      )
    )
    const scope = yield* Effect.scope
    const metrics = yield* clientOver(
      () => Effect.succeed(rows),
      {},
      Layer.succeedContext(yield* Layer.buildWithScope(wrapped, scope))
    )
    yield* metrics.query(query)
    yield* metrics.query(query)
    assert.strictEqual(asked, 2)
  }).pipe(Effect.scoped)
)
