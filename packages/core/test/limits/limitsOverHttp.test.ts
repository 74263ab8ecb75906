/** Tests `rateLimit` and `concurrency` over HTTP. */
import { assert, layer } from "@effect/vitest"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { building_features } from "@innerspace-metrics/core/v1"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { client, fresh, operations, TestLive } from "../support/sandboxClient.js"
import { typename } from "../support/transportClient.js"

layer(TestLive)("limits over HTTP", (it) => {
  it.effect("a failed or interrupted attempt passes its turn on", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const metrics = yield* client({ concurrency: 1, retry: RetryPolicy.none })
      yield* sandbox.control.inject(Fault.unavailable())
      yield* sandbox.control.inject(Fault.stallBody())
      yield* Effect.flip(metrics.execute(typename))
      const stalled = yield* Effect.fork(metrics.execute(typename))
      yield* sandbox.control.awaitRequests(3)
      const next = yield* Effect.fork(metrics.execute(typename))
      yield* Effect.repeatN(Effect.yieldNow(), 100)
      assert.lengthOf(yield* operations, 2)
      yield* Fiber.interrupt(stalled)
      yield* Fiber.join(next)
      assert.lengthOf(yield* operations, 3)
    })
  )

  it.effect("merged queries count as one request for the limits", () =>
    Effect.gen(function* () {
      yield* fresh
      const metrics = yield* client({ rateLimit: { limit: 1, interval: "1 hour" } })
      const answers = yield* Effect.forEach(
        Array.range(1, 5),
        (limit) =>
          metrics.query(
            Query.from(building_features, {
              select: ["building_id"],
              allowOpen: ["feature_name", "granularity", "group_id"],
              limit
            })
          ),
        { batching: true, concurrency: "unbounded" }
      )
      // The test clock never advances, so a second request would wait for ever.
      assert.deepStrictEqual(
        answers.map((rows) => rows.length),
        [1, 2, 3, 4, 5]
      )
    })
  )
})
