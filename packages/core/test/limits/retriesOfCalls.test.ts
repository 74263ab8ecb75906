/**
 * Tests which failures a call retries, and how many retries are then left in the budget. Time is
 * virtual.
 */
import { assert, describe, it } from "@effect/vitest"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/TestClock"
import { answer, answered, clientOver, type Respond, typename } from "../support/transportClient.js"

const unavailable = answer(503, "")

/** All calls of the client may make one retry together. */
const oneRetry = { retry: RetryPolicy.make({ attempts: 2, baseDelay: "1 second", budget: 1 }) }

/** Sends these responses one after the other. For `never`, it sends no response. */
const inTurn = (responses: ReadonlyArray<typeof answered | "never">): Respond => {
  const left = [...responses]
  return () => {
    const next = left.shift()
    return next === "never" ? Effect.never : Effect.succeed(next ?? unavailable)
  }
}

describe("retries of a call", () => {
  it.scoped("a call is retried with longer and longer waits, until its attempts are used up", () =>
    Effect.gen(function* () {
      const times: Array<number> = []
      const metrics = yield* clientOver(
        () =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            times.push(now)
            return unavailable
          }),
        { retry: RetryPolicy.make({ attempts: 4, baseDelay: "1 second" }) }
      )
      const call = yield* Effect.fork(Effect.flip(metrics.execute(typename)))
      for (let seconds = 0; seconds < 10; seconds += 0.5) yield* TestClock.adjust("500 millis")
      assert.strictEqual((yield* Fiber.join(call)).attempts, 4)
      assert.deepStrictEqual(times, [0, 500, 1_500, 3_500])
    }).pipe(Effect.withRandom(Random.fixed([0.5])))
  )

  it.scoped("a retry that succeeded is returned to the budget, each time", () =>
    Effect.gen(function* () {
      const responses = Array.from({ length: 5 }, () => [unavailable, answered])
      const metrics = yield* clientOver(inTurn(responses.flat()), oneRetry)
      for (const _ of responses) {
        const call = yield* Effect.fork(metrics.execute(typename))
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.join(call)
      }
    })
  )

  it.scoped("a retry that was interrupted before it was sent is returned to the budget", () =>
    Effect.gen(function* () {
      const metrics = yield* clientOver(inTurn([unavailable, unavailable, answered]), oneRetry)
      const first = yield* Effect.fork(metrics.execute(typename))
      yield* TestClock.adjust(1)
      yield* Fiber.interrupt(first)
      const second = yield* Effect.fork(metrics.execute(typename))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(second)
    })
  )

  it.scoped("a retry that was interrupted after it was sent is not returned", () =>
    Effect.gen(function* () {
      const metrics = yield* clientOver(inTurn([unavailable, "never", unavailable]), oneRetry)
      const first = yield* Effect.fork(metrics.execute(typename))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.interrupt(first)
      const error = yield* Effect.flip(metrics.execute(typename))
      assert.include(error.problem, "the client's retry budget is used up")
    })
  )

  it.scoped(
    "a failed token request is not retried by the call, because the provider has retried it",
    () =>
      Effect.gen(function* () {
        let requests = 0
        const failing = Layer.succeed(
          TokenProvider.TokenProvider,
          TokenProvider.TokenProvider.of({
            get: Effect.suspend(() => {
              requests++
              return new AuthError({ reason: "Unavailable", problem: "down", hint: "wait" })
            }),
            invalidate: () => Effect.void
          })
        )
        const metrics = yield* clientOver(() => Effect.succeed(answered), oneRetry, failing)
        const call = yield* Effect.fork(Effect.flip(metrics.execute(typename)))
        yield* TestClock.adjust("5 seconds")
        const error = yield* Fiber.join(call)
        assert.deepStrictEqual([error._tag, error.isRetryable, requests], ["AuthError", true, 1])
      })
  )
})

describe("the body of a call", () => {
  it.effect.each([
    [
      { floor: 3, name: 'a "b"' },
      { floor: 3, name: 'a "b"' }
    ],
    // JavaScript callers can pass an object that turns itself into nothing.
    [{ toJSON: () => undefined }, {}]
  ] as const)("variables %j are sent as %j", ([variables, sent]) =>
    Effect.gen(function* () {
      const document = "query q($floor: Int) {\n  a\n}"
      const bodies: Array<unknown> = []
      const metrics = yield* clientOver(
        ({ body }) =>
          Effect.sync(() => {
            bodies.push(JSON.parse(body))
            return answered
          }),
        oneRetry
      )
      // The second call finds the text of the document that the first call has written.
      for (const operationName of ["q", undefined]) {
        yield* metrics.execute({
          document,
          schema: Schema.Unknown,
          // JavaScript callers can pass any object.
          variables: variables as never,
          ...(operationName === undefined ? {} : { operationName })
        })
      }
      assert.deepStrictEqual(bodies, [
        { operationName: "q", variables: sent, query: document },
        { variables: sent, query: document }
      ])
    })
  )
})

describe("a call that cannot be sent", () => {
  it.effect(
    "a call with variables that are not JSON fails with a QueryError, without a request",
    () =>
      Effect.gen(function* () {
        const cycle: { [name: string]: JsonValue } = {}
        cycle["self"] = cycle
        const metrics = yield* clientOver(() => Effect.die("a request was sent"), oneRetry)
        const error = yield* Effect.flip(
          metrics.execute({ document: "{ a }", schema: Schema.Unknown, variables: cycle })
        )
        assert.deepStrictEqual([error._tag, error.reason], ["QueryError", "InvalidValue"])
        assert.include(error.message, "cannot be written as JSON. Pass plain JSON values")
      })
  )
})
