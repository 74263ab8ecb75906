/**
 * Tests the retry budget, which is the number of retries that all calls of a client may make
 * together.
 */
import { assert, describe, it } from "@effect/vitest"
import { TransportError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/TestClock"
import { answered, clientOver, type Respond, typename } from "../support/transportClient.js"

const atOnce = (options: RetryPolicy.Options = {}) => RetryPolicy.make({ baseDelay: 0, ...options })

/**
 * A client whose requests get these results one after the other. `true` is data, and `false` is a
 * broken connection.
 */
const scripted = (answers: ReadonlyArray<boolean>, retry: RetryPolicy.RetryPolicy) => {
  let requests = 0
  const transport: Respond = () =>
    Effect.suspend(() =>
      answers[requests++] === true
        ? Effect.succeed(answered)
        : Effect.fail(new TransportError({ reason: "ConnectionLost", problem: "gone", hint: "-" }))
    )
  return Effect.map(clientOver(transport, { retry }), (metrics) => ({
    metrics,
    requests: () => requests
  }))
}

describe("the retry budget", () => {
  it.effect.prop(
    "retries that did not help never exceed the budget plus a tenth of the calls that succeeded at once",
    [
      FastCheck.array(FastCheck.boolean(), { maxLength: 120 }),
      FastCheck.nat(8),
      FastCheck.integer({ min: 1, max: 6 })
    ],
    ([answers, budget, attempts]) =>
      Effect.gen(function* () {
        const { metrics, requests } = yield* scripted(answers, atOnce({ attempts, budget }))
        let retries = 0
        let helped = 0
        let atOnceCount = 0
        for (let call = 0; call < 40; call++) {
          const before = requests()
          const result = yield* Effect.either(metrics.execute(typename))
          const ofThisCall = requests() - before - 1
          retries += ofThisCall
          if (result._tag === "Right" && ofThisCall === 0) atOnceCount++
          if (result._tag === "Right" && ofThisCall > 0) helped++
          assert.isAtMost(retries - helped, budget + atOnceCount / 10)
          if (result._tag === "Left") {
            assert.strictEqual(result.left.message.includes("budget"), ofThisCall < attempts - 1)
          }
        }
        assert.isAtMost(requests(), 44 + budget + helped)
      })
  )

  it.effect.prop(
    "each call that succeeds at once returns a tenth of a retry, and never more than was spent",
    [FastCheck.integer({ min: 1, max: 3 }), FastCheck.nat(45)],
    ([budget, successes]) =>
      Effect.gen(function* () {
        const failing = { attempts: budget + 1, requests: budget + 1 }
        const afterwards = Math.min(budget, Math.floor(successes / 10))
        const { metrics } = yield* scripted(
          [
            ...Array.from({ length: failing.requests }, () => false),
            ...Array.from({ length: successes }, () => true)
          ],
          atOnce({ attempts: failing.attempts, budget })
        )
        const attempts = Effect.map(
          Effect.flip(metrics.execute(typename)),
          (error) => error.attempts
        )
        assert.strictEqual(yield* attempts, failing.attempts)
        for (let call = 0; call < successes; call++) yield* metrics.execute(typename)
        assert.strictEqual(yield* attempts, 1 + afterwards)
      })
  )

  it.effect("a retry that an interruption prevents is returned to the budget", () =>
    Effect.gen(function* () {
      const { metrics, requests } = yield* scripted(
        [],
        RetryPolicy.make({ baseDelay: "1 second", attempts: 2, budget: 1 })
      )
      for (let call = 0; call < 3; call++) {
        const fiber = yield* Effect.fork(metrics.execute(typename))
        yield* Effect.repeatN(Effect.yieldNow(), 100)
        yield* Fiber.interrupt(fiber)
      }
      assert.strictEqual(requests(), 3)
      const fiber = yield* Effect.fork(Effect.flip(metrics.execute(typename)))
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber)).attempts, 2)
    })
  )

  it.effect("an error has the total time that its call waited", () =>
    Effect.gen(function* () {
      const { metrics } = yield* scripted(
        [],
        RetryPolicy.make({ baseDelay: "1 second", maxDelay: "1 minute", attempts: 4 })
      )
      const fiber = yield* Effect.fork(Effect.flip(metrics.execute(typename)))
      yield* TestClock.adjust("7 seconds")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error.attempts, 4)
      // The random value 0.5 halves the waits of 1, 2 and 4 seconds.
      assert.deepStrictEqual(error.waited, Duration.millis(3_500))
    }).pipe(Effect.withRandom(Random.fixed([0.5])))
  )
})
