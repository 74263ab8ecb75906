/**
 * Tests the page's client with the globals of React Native, which has no body streams, no web locks
 * and no channels.
 */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const script = join(import.meta.dirname, "page/reactNative.mjs")

layer(Sandbox.layer(), { timeout: "2 minutes" })("React Native", (it) => {
  it.effect(
    "React Native queries, streams and cancels without web streams, locks and disposal",
    () =>
      Effect.gen(function* () {
        const { clientId, clientSecret, urls } = yield* Sandbox.Sandbox
        const result = yield* Effect.promise(async () => {
          const answer = await fetch(`${urls.v1}/api/rest/oauth/token`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({
              client_id: clientId,
              client_secret: Redacted.value(clientSecret)
            })
          })
          const { access_token } = await answer.json()
          const { stdout } = await promisify(execFile)(process.execPath, [
            script,
            urls.v1,
            access_token
          ])
          return JSON.parse(stdout)
        })
        assert.include(result, { queried: 743, streamed: 743, cancelled: "not wanted" })
        assert.notInclude(result.names, "undefined")
      })
  )
})
