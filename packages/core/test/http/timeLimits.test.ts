/**
 * Tests the time limits of requests in flight. One sleeping fiber serves all time limits, and
 * aborts the requests.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import { assert, describe, it } from "@effect/vitest"
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import * as Tracer from "effect/Tracer"
import { answered, oneToken, typename } from "../support/transportClient.js"

/** A server that responds when a test calls `answer`, and the state of its requests. */
const server = () => {
  const requests: Array<{
    aborts: number
    readonly answer: () => void
    /** Starts to wait for a connection. The returned function ends the wait. */
    readonly wait: () => () => void
  }> = []
  const transport: HttpExchange.Transport = (_request, _secrets, _options, done, onWait) => {
    const wait = onWait ?? (() => () => {})
    const request = { aborts: 0, answer: () => done(Either.right(answered)), wait }
    requests.push(request)
    return () => {
      request.aborts++
    }
  }
  return { requests, transport }
}

/**
 * The test's clock, and the wake-up times of the fibers that sleep now. The clock's own list also
 * contains interrupted fibers.
 */
const observed = Effect.map(Effect.clock, (clock) => {
  const sleepers = new Set<{ readonly wakesAt: number }>()
  let begun = 0
  const observing: Clock.Clock = {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    currentTimeMillis: clock.currentTimeMillis,
    currentTimeNanos: clock.currentTimeNanos,
    unsafeCurrentTimeMillis: () => clock.unsafeCurrentTimeMillis(),
    unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos(),
    sleep: (duration) =>
      Effect.suspend(() => {
        const sleeper = { wakesAt: clock.unsafeCurrentTimeMillis() + Duration.toMillis(duration) }
        sleepers.add(sleeper)
        begun++
        return Effect.ensuring(
          clock.sleep(duration),
          Effect.sync(() => sleepers.delete(sleeper))
        )
      })
  }
  return {
    clock: observing,
    sleepsBegun: () => begun,
    /**
     * Lets all other fibers run until they wait, and returns the times at which sleeping fibers
     * wake up.
     */
    sleeps: Effect.map(Effect.repeatN(Effect.yieldNow(), 50), () =>
      Array.from(sleepers, ({ wakesAt }) => wakesAt)
    )
  }
})

/** Makes a client, and functions that start calls of this client with a deadline. */
const connect = (options: MetricsClient.Options = {}) =>
  Effect.gen(function* () {
    const { requests, transport } = server()
    const { clock, sleeps, sleepsBegun } = yield* observed
    const metrics = yield* MetricsClient.makeWithTransport(transport, options).pipe(
      Effect.provide([QueryBuilder.layer, oneToken])
    )
    const call = (deadline: number) =>
      metrics
        .execute(typename, { retry: RetryPolicy.make({ attempts: 1, deadline }) })
        .pipe(Effect.either, Effect.withClock(clock))
    return {
      requests,
      sleeps,
      sleepsBegun,
      call,
      start: (deadline: number) => Effect.fork(call(deadline))
    }
  })

describe("timeouts of requests in flight", () => {
  it.effect("one sleeper serves all timeouts, wakes at the first, and ends with the last", () =>
    Effect.gen(function* () {
      const { requests, sleeps, start } = yield* connect({ timeout: 20_000 })
      const late = yield* start(60_000)
      assert.deepStrictEqual(yield* sleeps, [20_000])
      const early = yield* start(5_000)
      assert.deepStrictEqual(yield* sleeps, [5_000])
      const middle = yield* start(7_000)
      assert.deepStrictEqual(yield* sleeps, [5_000])
      requests[1]?.answer()
      assert.isTrue(Either.isRight(yield* Fiber.join(early)))
      yield* TestClock.adjust(5_000)
      assert.deepStrictEqual(yield* sleeps, [7_000])
      yield* TestClock.adjust(2_000)
      const error = yield* Effect.flip(yield* Fiber.join(middle))
      assert.strictEqual(error.reason, "DeadlineExceeded")
      assert.deepStrictEqual(yield* sleeps, [20_000])
      requests[0]?.answer()
      assert.isTrue(Either.isRight(yield* Fiber.join(late)))
      assert.deepStrictEqual(yield* sleeps, [])
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(
        requests.map(({ aborts }) => aborts),
        [0, 0, 1]
      )
    })
  )

  it.effect("a timeout fires at its time and not a millisecond before, and aborts once", () =>
    Effect.gen(function* () {
      const { requests, sleeps, start } = yield* connect({ timeout: 1_000 })
      const call = yield* start(9_000)
      yield* sleeps
      yield* TestClock.adjust(999)
      yield* sleeps
      assert.strictEqual(requests[0]?.aborts, 0)
      yield* TestClock.adjust(1)
      const error = yield* Effect.flip(yield* Fiber.join(call))
      assert.strictEqual(error.reason, "Timeout")
      // A response that arrives later changes nothing.
      requests[0]?.answer()
      assert.deepStrictEqual(yield* sleeps, [])
      assert.strictEqual(requests[0]?.aborts, 1)
    })
  )

  it.effect("timeouts at the same time fire together", () =>
    Effect.gen(function* () {
      const { requests, sleeps, start } = yield* connect({ timeout: 1_000 })
      const calls = yield* Effect.forEach([1, 2, 3], () => start(9_000))
      assert.deepStrictEqual(yield* sleeps, [1_000])
      yield* TestClock.adjust(1_000)
      for (const call of calls) {
        const error = yield* Effect.flip(yield* Fiber.join(call))
        assert.strictEqual(error.reason, "Timeout")
      }
      assert.deepStrictEqual(
        requests.map(({ aborts }) => aborts),
        [1, 1, 1]
      )
    })
  )

  it.effect("the timeout of an interrupted call ends, and its request is aborted once", () =>
    Effect.gen(function* () {
      const { requests, sleeps, start } = yield* connect()
      const call = yield* start(60_000)
      assert.deepStrictEqual(yield* sleeps, [20_000])
      yield* Fiber.interrupt(call)
      assert.deepStrictEqual(yield* sleeps, [])
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(requests[0]?.aborts, 1)
    })
  )

  it.effect("the sleeper of one call serves the next call that follows at once", () =>
    Effect.gen(function* () {
      const { requests, sleeps, call } = yield* connect({ timeout: 20_000 })
      const calls = yield* Effect.fork(Effect.forEach([5_000, 60_000], call))
      assert.deepStrictEqual(yield* sleeps, [5_000])
      yield* TestClock.adjust(1_000)
      requests[0]?.answer()
      assert.deepStrictEqual(yield* sleeps, [5_000])
      yield* TestClock.adjust(4_000)
      assert.deepStrictEqual(yield* sleeps, [21_000])
      requests[1]?.answer()
      assert.isTrue((yield* Fiber.join(calls)).every(Either.isRight))
      assert.deepStrictEqual(yield* sleeps, [])
    })
  )

  it.effect("one sleep serves calls that follow each other at the same time", () =>
    Effect.gen(function* () {
      const { requests, sleeps, sleepsBegun, call } = yield* connect({ timeout: 20_000 })
      const calls = yield* Effect.fork(Effect.forEach([60_000, 60_000, 60_000], call))
      for (const index of [0, 1, 2]) {
        assert.deepStrictEqual(yield* sleeps, [20_000])
        requests[index]?.answer()
      }
      assert.isTrue((yield* Fiber.join(calls)).every(Either.isRight))
      assert.strictEqual(sleepsBegun(), 1)
    })
  )

  it.effect(
    "a timeout does not run while a request waits for a connection, up to the deadline",
    () =>
      Effect.gen(function* () {
        const { requests, sleeps, start } = yield* connect({ timeout: 1_000 })
        const [late, never] = yield* Effect.all([start(9_000), start(7_000)])
        assert.deepStrictEqual(yield* sleeps, [1_000])
        const sent = requests[0]?.wait()
        requests[1]?.wait()
        assert.deepStrictEqual(yield* sleeps, [1_000])
        yield* TestClock.adjust(5_000)
        assert.deepStrictEqual(yield* sleeps, [7_000])
        sent?.()
        assert.deepStrictEqual(yield* sleeps, [6_000])
        yield* TestClock.adjust(1_000)
        const timeout = yield* Effect.flip(yield* Fiber.join(late))
        assert.strictEqual(timeout.reason, "Timeout")
        yield* TestClock.adjust(1_000)
        const deadline = yield* Effect.flip(yield* Fiber.join(never))
        assert.strictEqual(deadline.reason, "DeadlineExceeded")
        assert.include(deadline.problem, "waiting for a free connection")
        assert.deepStrictEqual(
          requests.map(({ aborts }) => aborts),
          [1, 1]
        )
      })
  )

  it.effect("a timeout works for a new call after all others have ended", () =>
    Effect.gen(function* () {
      const { requests, sleeps, start } = yield* connect({ timeout: 1_000 })
      for (const index of [0, 1, 2]) {
        const call = yield* start(9_000)
        assert.lengthOf(yield* sleeps, 1)
        if (index === 1) yield* TestClock.adjust(1_000)
        else requests[index]?.answer()
        assert.strictEqual(Either.isRight(yield* Fiber.join(call)), index !== 1)
        assert.deepStrictEqual(yield* sleeps, [])
      }
    })
  )

  it.effect("timeouts apply over an HttpClient as well, which gets the call's span", () =>
    Effect.gen(function* () {
      const spans: Array<string> = []
      const http = HttpClient.make((_request, _url, _signal, fiber) => {
        const span = Context.getOption(fiber.currentContext, Tracer.ParentSpan)
        spans.push(span._tag === "Some" && span.value._tag === "Span" ? span.value.name : "none")
        return Effect.never
      })
      const metrics = yield* MetricsClient.make({ timeout: 1_000 }).pipe(
        Effect.provideService(HttpClient.HttpClient, http),
        Effect.provide([QueryBuilder.layer, oneToken])
      )
      yield* TestClock.adjust("1 hour")
      const call = metrics
        .execute(typename, { retry: RetryPolicy.make({ attempts: 1, deadline: 9_000 }) })
        .pipe(Effect.flip)
      // Effect's own tracer keeps no span, so a call creates a span only if the tracer is another
      // one. This tests a call with each tracer.
      const { context, span } = yield* Effect.tracer
      const calls = yield* Effect.forEach(
        [call, Effect.withTracer(call, Tracer.make({ context, span }))],
        Effect.fork
      )
      yield* TestClock.adjust(999)
      for (const call of calls) assert.isTrue(Option.isNone(yield* Fiber.poll(call)))
      yield* TestClock.adjust(1)
      for (const call of calls) {
        assert.strictEqual((yield* Fiber.join(call)).reason, "Timeout")
      }
      assert.deepStrictEqual(spans, ["none", "graphql"])
    })
  )
})
