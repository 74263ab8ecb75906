import { assert, it } from "@effect/vitest"
import { BrowserMetrics, BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const token = BrowserTokenProvider.fromCallback(async () => "token")

for (const [name, options] of [
  ["concurrency", { concurrency: 0 }],
  ["rateLimit.limit", { rateLimit: { limit: 0, interval: "1 second" } }],
  ["maxBodySize", { maxBodySize: 0 }]
] as const) {
  it.scoped(`${name} is an option of the layer, and 0 is out of its range`, () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Layer.build(BrowserMetrics.layer({ token, ...options })))
      assert.strictEqual(error.reason, "InvalidOption")
      assert.include(error.message, `${name} is 0`)
    })
  )
}
