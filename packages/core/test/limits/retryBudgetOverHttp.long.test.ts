/** Tests the retry budget over HTTP. */
import { assert, layer } from "@effect/vitest"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Telemetry from "@innerspace-metrics/core/Telemetry"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { client, fresh, operations, TestLive } from "../support/sandboxClient.js"
import { typename } from "../support/transportClient.js"

const atOnce = (options: RetryPolicy.Options = {}) => RetryPolicy.make({ baseDelay: 0, ...options })

const sent = Effect.map(operations, Array.length)

layer(TestLive)("the retry budget over HTTP", (it) => {
  it.effect(
    "1,000 calls that all fail send 1,050 requests, and the errors of calls without a retry name the budget",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* client({ retry: atOnce() })
        yield* sandbox.control.inject(Fault.unavailable({ times: 10_000 }))
        const before = yield* Metric.value(Telemetry.retriesRefused)
        const errors = yield* Effect.forEach(
          Array.range(1, 1_000),
          () => Effect.flip(metrics.execute(typename)),
          { concurrency: 50 }
        )
        assert.strictEqual(yield* sent, 1_050)
        const refused = errors.filter(({ message }) =>
          message.includes("not retried, because the client's retry budget is used up")
        )
        // All calls fail for this reason, except the calls that made all of their attempts.
        assert.strictEqual(
          refused.length,
          errors.filter(({ attempts }) => attempts !== RetryPolicy.standard.attempts).length
        )
        assert.isAtLeast(refused.length, 1_000 - 50)
        assert.isTrue(refused.every(({ isRetryable }) => isRetryable))
        assert.strictEqual(
          (yield* Metric.value(Telemetry.retriesRefused)).count - before.count,
          refused.length
        )
      }),
    120_000
  )

  it.effect("one failing call among successful ones gets all of its retries", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const metrics = yield* client({ retry: atOnce() })
      yield* sandbox.control.inject(Fault.unavailable({ times: 3 }))
      const exits = yield* Effect.forEach(
        Array.range(1, 20),
        (index) =>
          index === 1
            ? metrics.execute(typename)
            : Effect.zipRight(Effect.yieldNow(), metrics.execute(typename)),
        { concurrency: 4 }
      )
      assert.lengthOf(exits, 20)
      assert.strictEqual(yield* sent, 23)
    })
  )

  it.effect("calls that each succeed at their second attempt never use up the budget", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const metrics = yield* client({ retry: atOnce({ budget: 1 }) })
      for (let call = 0; call < 30; call++) {
        yield* sandbox.control.inject(Fault.rateLimited())
        yield* metrics.execute(typename)
      }
      assert.strictEqual(yield* sent, 60)
    })
  )

  it.effect("ten calls that succeed at once return one retry", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const metrics = yield* client({ retry: atOnce({ attempts: 2, budget: 1 }) })
      const failing = Effect.zipRight(
        sandbox.control.inject(Fault.unavailable({ times: 2 })),
        Effect.flip(metrics.execute(typename))
      )
      assert.strictEqual((yield* failing).attempts, 2)
      for (let call = 0; call < 9; call++) yield* metrics.execute(typename)
      yield* sandbox.control.reset
      assert.strictEqual((yield* failing).attempts, 1)
      yield* sandbox.control.reset
      yield* metrics.execute(typename)
      assert.strictEqual((yield* failing).attempts, 2)
    })
  )

  it.effect("each client has its own budget, which a call's own policy uses as well", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const policy = atOnce({ attempts: 3, budget: 2 })
      const [metrics, other] = yield* Effect.all([client(), client()])
      yield* sandbox.control.inject(Fault.unavailable({ times: 100 }))
      const attempts = (client: MetricsClient.MetricsClient, retry: RetryPolicy.RetryPolicy) =>
        Effect.map(Effect.flip(client.execute(typename, { retry })), (error) => error.attempts)
      assert.strictEqual(yield* attempts(metrics, policy), 3)
      assert.strictEqual(yield* attempts(metrics, policy), 1)
      assert.strictEqual(yield* attempts(metrics, atOnce({ attempts: 3, budget: 3 })), 2)
      assert.strictEqual(yield* attempts(metrics, atOnce({ attempts: 3, budget: 0 })), 1)
      assert.strictEqual(yield* attempts(other, policy), 3)
    })
  )
})
