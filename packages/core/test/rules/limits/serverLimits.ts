/**
 * A7: the limits of a server, as errors in a response with status 200. The client retries only the
 * errors that can pass.
 */
import { assert, type Vitest } from "@effect/vitest"
import type { GraphQLError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import type * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { fresh, operations } from "../../support/sandboxClient.js"
import { Clients } from "../clients.js"
import { zones } from "../tables.js"

interface Limit {
  readonly code: string
  readonly reason: GraphQLError["reason"]
  /** A rate limit is transient. An operation that is too deep, too large or too slow is not. */
  readonly isRetryable: boolean
}

const tooMuch = (code: string): Limit => ({ code, reason: "LimitExceeded", isRetryable: false })

/**
 * Some of these codes are not codes of Hasura, because the client reads every code that ends in
 * `limit-exceeded` as a limit.
 */
const limits: ReadonlyArray<Limit> = [
  { code: "rate-limit-exceeded", reason: "RateLimited", isRetryable: true },
  tooMuch("depth-limit-exceeded"),
  tooMuch("node-limit-exceeded"),
  tooMuch("batch-limit-exceeded"),
  tooMuch("time-limit-exceeded"),
  tooMuch("tenant-limit-exceeded"),
  tooMuch("tenant-time-limit-exceeded"),
  tooMuch("patience-limit-exceeded")
]

export const serverLimits = (it: Vitest.MethodsNonLive<Clients | Sandbox.Sandbox>): void => {
  for (const { code, isRetryable, reason } of limits) {
    it.effect(`A7 ${code} is ${isRetryable ? "retried" : "final"}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const { v2 } = (yield* Clients).plain
        const message = "the limit of this role"
        const body = JSON.stringify({ errors: [{ extensions: { path: "$", code }, message }] })
        yield* sandbox.control.inject(Fault.answer({ body }))
        const error = yield* Effect.flip(v2.query(zones))
        assert(error._tag === "GraphQLError")
        assert.deepInclude(error, { reason, isRetryable, status: 200, attempts: 1 })
        assert.deepStrictEqual(error.errors, [{ message, code, path: "$" }])

        yield* fresh
        yield* sandbox.control.inject(Fault.answer({ body }))
        const retry = RetryPolicy.make({ baseDelay: "0 millis" })
        const again = yield* Effect.either(v2.query(zones, { retry }))
        assert.strictEqual(again._tag, isRetryable ? "Right" : "Left")
        assert.strictEqual((yield* operations).length, isRetryable ? 2 : 1)
      })
    )
  }

  it.effect("A7 a limit of a server in front of the API has a Retry-After", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const { v2 } = (yield* Clients).plain
      yield* sandbox.control.inject(Fault.rateLimited({ retryAfter: 7 }))
      const error = yield* Effect.flip(v2.query(zones))
      assert.deepInclude(error, { _tag: "ResponseError", reason: "RateLimited", isRetryable: true })
      assert.deepStrictEqual(error.retryAfter, Duration.seconds(7))
      // The client now sends no request of any caller for 7 seconds, so this waits for the next
      // tests.
      yield* TestClock.adjust("8 seconds")
    })
  )
}
