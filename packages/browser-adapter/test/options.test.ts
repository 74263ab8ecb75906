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
  it.scoped(`the layer accepts the option ${name} and rejects 0 for it`, () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Layer.build(BrowserMetrics.layer({ token, ...options })))
      assert.strictEqual(error.reason, "InvalidOption")
      assert.include(error.message, `${name} is 0`)
    })
  )
}
