/**
 * Tests that no call of a client sends a request while the API has asked the client to wait. Time
 * is virtual.
 */
import { assert, describe, it } from "@effect/vitest"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Array from "effect/Array"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/TestClock"
import { answer, answered, clientOver, type Respond, typename } from "../support/transportClient.js"

const patient = RetryPolicy.make({ baseDelay: 50, deadline: "1 hour" })

const limitedBy = {
  status: (seconds: number) => answer(429, "slow down", { "retry-after": String(seconds) }),
  quota: (seconds: number) => answer(429, "", { "x-ratelimit-reset": String(seconds) }),
  code: (seconds: number) =>
    answer(200, '{"errors":[{"message":"no","extensions":{"code":"rate-limit-exceeded"}}]}', {
      "x-ratelimit-reset": String(seconds)
    })
}

/**
 * A server that sends these responses one after the other, and then data. It also returns the time
 * of each request.
 */
const recording = (answers: ReadonlyArray<Effect.Effect.Success<ReturnType<Respond>>>) => {
  const times: Array<number> = []
  const respond: Respond = () =>
    Effect.map(Clock.currentTimeMillis, (now) => answers[times.push(now) - 1] ?? answered)
  return { respond, times }
}

describe("pause after a rate limit", () => {
  it.effect.prop(
    "all calls of a client wait out a rate limit and then succeed",
    [
      FastCheck.constantFrom(...Object.values(limitedBy)),
      FastCheck.integer({ min: 1, max: 30 }),
      FastCheck.array(FastCheck.nat(40_000), { minLength: 1, maxLength: 8 }),
      FastCheck.constantFrom<MetricsClient.Options>(
        {},
        { concurrency: 1 },
        { concurrency: 3 },
        { rateLimit: { limit: 2, interval: "1 second" } },
        { concurrency: 2, rateLimit: { limit: 1, interval: "100 millis" } }
      ),
      // The delay of a response. With a delay, a call can begin before the response with the rate
      // limit, wait for its turn, and get its turn during the pause.
      FastCheck.constantFrom(0, 900, 20_000)
    ],
    ([limited, seconds, arrivals, limits, latency]) =>
      Effect.gen(function* () {
        const { respond, times } = recording([limited(seconds)])
        const metrics = yield* clientOver(
          (request) => Effect.zipLeft(respond(request), Effect.sleep(latency)),
          { retry: patient, timeout: "1 minute", ...limits }
        )
        const calls = yield* Effect.forEach([0, ...arrivals], (arrival) =>
          Effect.fork(Effect.delay(metrics.execute(typename), arrival))
        )
        yield* TestClock.adjust("10 minutes")
        const exits = yield* Effect.forEach(calls, Fiber.await)
        assert.isTrue(exits.every(Exit.isSuccess))
        const limitedAt = (times[0] ?? 0) + latency
        // Requests at the moment of the response were sent before the response arrived, so they do
        // not count.
        assert.deepStrictEqual(
          times.filter((time) => time > limitedAt && time < limitedAt + seconds * 1_000),
          []
        )
        assert.isAtLeast(times.length, calls.length + 1)
      }),
    { fastCheck: { numRuns: 60 } }
  )

  it.effect("a pause is extended by a longer wait, and not shortened by a shorter one", () =>
    Effect.gen(function* () {
      const { respond, times } = recording([
        limitedBy.status(3),
        limitedBy.status(20),
        limitedBy.status(2)
      ])
      const metrics = yield* clientOver(
        (request) => Effect.zipLeft(respond(request), Effect.sleep("1 second")),
        { retry: patient }
      )
      const calls = yield* Effect.forEach(Array.range(1, 3), () =>
        Effect.fork(metrics.execute(typename))
      )
      yield* TestClock.adjust("5 seconds")
      calls.push(yield* Effect.fork(metrics.execute(typename)))
      yield* TestClock.adjust("15 seconds")
      assert.deepStrictEqual(times, [0, 0, 0])
      yield* TestClock.adjust("10 seconds")
      assert.isTrue((yield* Effect.forEach(calls, Fiber.await)).every(Exit.isSuccess))
      assert.lengthOf(times, 7)
    })
  )

  it.effect(
    "a pause beyond a call's deadline fails the call at once, with the remaining wait",
    () =>
      Effect.gen(function* () {
        const { respond, times } = recording([limitedBy.code(90)])
        const metrics = yield* clientOver(respond, { retry: patient })
        const first = yield* Effect.fork(metrics.execute(typename))
        yield* TestClock.adjust("31 seconds")
        const retry = RetryPolicy.make({ deadline: "58 seconds" })
        const error = yield* Effect.flip(metrics.execute(typename, { retry }))
        assert.deepStrictEqual([error._tag, error.reason], ["ResponseError", "RateLimited"])
        assert.deepStrictEqual(error.retryAfter, Duration.seconds(59))
        assert.strictEqual(error.hint, "Try again in 59s")
        assert.strictEqual(error.attempts, 0)
        assert.isTrue(error.isRetryable)
        yield* TestClock.adjust("5 seconds")
        // Now the wait ends before the deadline.
        const second = yield* Effect.fork(metrics.execute(typename, { retry }))
        yield* TestClock.adjust("53 seconds")
        assert.deepStrictEqual(times, [0])
        yield* TestClock.adjust("2 seconds")
        yield* Fiber.join(first)
        yield* Fiber.join(second)
        assert.lengthOf(times, 3)
      })
  )

  it.effect("calls that waited out a pause begin at different times within the first delay", () =>
    Effect.gen(function* () {
      const { respond, times } = recording([limitedBy.status(5)])
      const retry = RetryPolicy.make({ baseDelay: "2 seconds", deadline: "1 hour" })
      const metrics = yield* clientOver(respond, { retry })
      yield* Effect.fork(metrics.execute(typename))
      yield* TestClock.adjust(1)
      yield* Effect.forEach(Array.range(1, 100), () => Effect.fork(metrics.execute(typename)))
      yield* TestClock.adjust("6 seconds")
      const waited = times.filter((time) => time >= 5_000)
      assert.isAtLeast(new Set(waited).size, 30)
      assert.isAtMost(waited.length, 90)
      yield* TestClock.adjust("2 seconds")
      assert.isAtLeast(times.length, 101)
    }).pipe(Effect.withRandom(Random.make("spread")))
  )

  it.effect("a call whose deadline passes before it begins says that it waited for its turn", () =>
    Effect.gen(function* () {
      const { respond } = recording([limitedBy.status(5)])
      const retry = RetryPolicy.make({ baseDelay: "1 minute", deadline: "5100 millis" })
      const metrics = yield* clientOver(respond, { retry })
      yield* Effect.fork(metrics.execute(typename))
      yield* TestClock.adjust(1)
      const call = yield* Effect.fork(Effect.flip(metrics.execute(typename)))
      yield* TestClock.adjust("10 seconds")
      const error = yield* Fiber.join(call)
      assert.strictEqual(error.reason, "DeadlineExceeded")
      assert.include(error.message, "while waiting for its turn under rateLimit or concurrency")
    }).pipe(Effect.withRandom(Random.make("late")))
  )

  it.effect("a pause counts as time that the call waited", () =>
    Effect.gen(function* () {
      const { respond } = recording([limitedBy.status(9), answer(404, "")])
      const metrics = yield* clientOver(respond, { retry: RetryPolicy.make({ attempts: 1 }) })
      yield* Effect.flip(metrics.execute(typename))
      const call = yield* Effect.fork(Effect.flip(metrics.execute(typename)))
      yield* TestClock.adjust("10 seconds")
      const { attempts, waited } = yield* Fiber.join(call)
      assert.strictEqual(attempts, 1)
      assert.isAtLeast(waited === undefined ? 0 : Duration.toMillis(waited), 9_000)
    })
  )

  it.effect(
    "a pause lasts at most an hour, so that a server's mistake does not silence a client",
    () =>
      Effect.gen(function* () {
        const { respond, times } = recording([limitedBy.status(999_999_999)])
        const metrics = yield* clientOver(respond, { retry: RetryPolicy.none })
        const error = yield* Effect.flip(metrics.execute(typename))
        assert.deepStrictEqual(error.retryAfter, Duration.days(30))
        yield* TestClock.adjust("59 minutes")
        assert.strictEqual((yield* Effect.flip(metrics.execute(typename))).attempts, 0)
        yield* TestClock.adjust("2 minutes")
        yield* metrics.execute(typename)
        assert.lengthOf(times, 2)
      })
  )

  it.effect("other failures, and rate limits without a wait, do not start a pause", () =>
    Effect.gen(function* () {
      const { respond, times } = recording([
        answer(503, "", { "retry-after": "9" }),
        answer(429, ""),
        answer(403, "{}", { "x-ratelimit-reset": "9" }),
        limitedBy.status(0)
      ])
      const metrics = yield* clientOver(respond, { retry: RetryPolicy.none })
      for (const _ of Array.range(1, 4)) yield* Effect.flip(metrics.execute(typename))
      yield* metrics.execute(typename)
      assert.lengthOf(times, 5)
    })
  )

  it.effect("a pause does not affect other clients", () =>
    Effect.gen(function* () {
      const { respond } = recording([limitedBy.status(9)])
      const metrics = yield* clientOver(respond, { retry: RetryPolicy.none })
      const other = yield* clientOver(respond, { retry: RetryPolicy.none })
      yield* Effect.flip(metrics.execute(typename))
      yield* other.execute(typename)
    })
  )
})
