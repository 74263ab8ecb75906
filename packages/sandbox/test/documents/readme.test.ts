import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"

layer(Sandbox.layer(), { timeout: "1 minute" })("my client", (it) => {
  it.effect("a request gets the injected 401", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.inject(Fault.unauthorized())

      const answer = yield* Effect.promise(() => fetch(sandbox.urls.v1, { method: "POST" }))

      assert.strictEqual(answer.status, 401)
      const requests = yield* sandbox.control.requests
      assert.strictEqual(requests[0]?.fault, "Unauthorized")
    })
  )
})
