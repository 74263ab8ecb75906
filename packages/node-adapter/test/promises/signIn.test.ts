/** Tests the sign-in of a person with the promise client. */

import { assert, layer } from "@effect/vitest"
import { MetricsError } from "@innerspace-metrics/core"
import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { apiOf, documented, freshSandbox } from "../support/client.js"
import { signInAt } from "../support/person.js"

const settings = (sandbox: Sandbox.Service) => ({
  issuer: sandbox.urls.login,
  clientId: sandbox.signIn.nativeClientId,
  audience: sandbox.signIn.audience
})

layer(Sandbox.layer(), { timeout: "1 minute" })("the promise client of a person", (it) => {
  it.effect("the promise client signs a person in at the first call, and once for all calls", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      yield* Effect.promise(async () => {
        let opened = 0
        await using metrics = createMetricsClient({
          api: apiOf(sandbox),
          signIn: NodeTokenProvider.browser({
            ...settings(sandbox),
            open: async (url) => {
              opened++
              await signInAt(url, sandbox.signIn.people.manager)
            }
          })
        })
        const answers = await Promise.all([metrics.query(documented), metrics.query(documented)])
        assert.deepStrictEqual(
          answers.map((rows) => rows.length),
          [1, 1]
        )
        assert.strictEqual(opened, 1)
      })
    })
  )

  it.effect("close cancels a sign-in that nobody finishes", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      yield* Effect.promise(async () => {
        let show = () => {}
        const shown = new Promise<void>((resolve) => {
          show = resolve
        })
        const metrics = createMetricsClient({
          api: apiOf(sandbox),
          signIn: NodeTokenProvider.deviceCode({ ...settings(sandbox), onCode: () => show() })
        })
        const ended = metrics.query(documented).then(
          () => "rows",
          (error: unknown) => (MetricsError.isMetricsError(error) ? error.reason : String(error))
        )
        await shown
        await metrics.close()
        assert.strictEqual(await ended, "Closed")
      })
    })
  )
})
