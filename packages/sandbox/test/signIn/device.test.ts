import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Browser from "../support/browser.js"
import { post, request } from "../support/client.js"
import { connectDevice, enterCode, poll, requestCode } from "../support/device.js"
import { startTimeout } from "../support/startTimeout.js"

const Device = Schema.Struct({
  device_code: Schema.String,
  user_code: Schema.String,
  verification_uri: Schema.String,
  verification_uri_complete: Schema.String,
  expires_in: Schema.Number,
  interval: Schema.Number
})

const Tokens = Schema.Struct({
  access_token: Schema.String,
  refresh_token: Schema.String,
  id_token: Schema.String,
  scope: Schema.String
})

const device = (sandbox: Sandbox.Service) =>
  Effect.flatMap(requestCode(sandbox), ({ json }) => Schema.decodeUnknown(Device)(json))

const failure = ({ json, status }: { readonly json: unknown; readonly status: number }) => [
  status,
  typeof json === "object" && json !== null && "error" in json ? json.error : json
]

layer(Sandbox.layer(), { timeout: startTimeout })("the device flow", (it) => {
  it.effect(
    "the device flow gives tokens for the API after the person has confirmed the code",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const asked = yield* device(sandbox)
        assert.match(asked.user_code, /^[B-Z]{4}-[B-Z]{4}$/)
        assert.strictEqual(asked.verification_uri, `${sandbox.urls.login}/activate`)
        assert.strictEqual(
          asked.verification_uri_complete,
          `${sandbox.urls.login}/activate?user_code=${asked.user_code}`
        )
        assert.deepStrictEqual([asked.expires_in, asked.interval], [900, 5])
        assert.deepStrictEqual(failure(yield* poll(sandbox, asked.device_code)), [
          403,
          "authorization_pending"
        ])
        const last = yield* connectDevice(
          sandbox,
          Browser.make(),
          sandbox.signIn.people.tenant,
          asked.user_code
        )
        assert.include(last.text, "The device is connected")
        const tokens = yield* Schema.decodeUnknown(Tokens)(
          (yield* poll(sandbox, asked.device_code)).json
        )
        const rows = yield* post(
          sandbox.urls.v1,
          { query: "{ __typename }" },
          { authorization: `Bearer ${tokens.access_token}` }
        )
        assert.include(rows.text, "query_root")
        assert.include(tokens.scope.split(" "), "offline_access")
        assert.deepStrictEqual(failure(yield* poll(sandbox, asked.device_code)), [
          403,
          "invalid_grant"
        ])
      })
  )

  it.effect("a cancelled code is access_denied, and a wrong one is asked for again", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const asked = yield* device(sandbox)
      const browser = Browser.make()
      const wrong = yield* enterCode(sandbox, browser, "BBBB-CCCC")
      assert.include(wrong.text, "Enter it again")
      const cancelled = yield* enterCode(sandbox, browser, asked.user_code, "cancel")
      assert.include(cancelled.text, "was not connected")
      assert.deepStrictEqual(failure(yield* poll(sandbox, asked.device_code)), [
        403,
        "access_denied"
      ])
    })
  )

  it.effect("a code expires after 15 minutes of the sandbox's clock", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const asked = yield* device(sandbox)
      yield* sandbox.control.advance("15 minutes")
      const { json, status } = yield* poll(sandbox, asked.device_code)
      assert.deepStrictEqual(failure({ json, status }), [403, "expired_token"])
      yield* sandbox.control.reset
    })
  )

  it.effect("slow_down and a provider that fails are faults of token requests", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const asked = yield* device(sandbox)
      yield* sandbox.control.inject(
        Fault.refused({ api: "login", status: 429, error: "slow_down" })
      )
      yield* sandbox.control.inject(Fault.unavailable({ target: "token", api: "login" }))
      assert.deepStrictEqual(failure(yield* poll(sandbox, asked.device_code)), [429, "slow_down"])
      assert.strictEqual((yield* poll(sandbox, asked.device_code)).status, 503)
      assert.strictEqual((yield* poll(sandbox, asked.device_code)).status, 403)
    })
  )

  it.effect("only the native application may use the device flow", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const answer = yield* requestCode(sandbox, { client_id: sandbox.signIn.clientId })
      assert.deepStrictEqual(failure(answer), [400, "invalid_request"])
    })
  )

  it.effect("an unknown organization or connection is rejected in Auth0's words", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      assert.strictEqual((yield* requestCode(sandbox, { organization: "sandbox" })).status, 200)
      const other = yield* requestCode(sandbox, { organization: "org_other" })
      assert.deepStrictEqual(failure(other), [400, "invalid_request"])
      assert.include(other.text, "parameter organization")
      const connection = yield* requestCode(sandbox, { connection: "google" })
      assert.include(connection.text, "the connection was not found")
    })
  )

  it.effect("a revoked refresh token ends its grant", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const asked = yield* device(sandbox)
      const browser = Browser.make()
      yield* connectDevice(sandbox, browser, sandbox.signIn.people.manager, asked.user_code)
      const { refresh_token } = yield* Schema.decodeUnknown(Tokens)(
        (yield* poll(sandbox, asked.device_code)).json
      )
      const fields = { client_id: sandbox.signIn.nativeClientId }
      const revoked = yield* request(`${sandbox.urls.login}/oauth/revoke`, {
        method: "POST",
        body: new URLSearchParams({ ...fields, token: refresh_token })
      })
      assert.strictEqual(revoked.status, 200)
      const refreshed = yield* request(`${sandbox.urls.login}/oauth/token`, {
        method: "POST",
        body: new URLSearchParams({ ...fields, grant_type: "refresh_token", refresh_token })
      })
      assert.deepStrictEqual(failure(refreshed), [403, "invalid_grant"])
    })
  )

  it.effect("the web app needs its secret, and the native application 127.0.0.1", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { nativeClientId, web } = sandbox.signIn
      const exchange = (secret: string) =>
        request(`${sandbox.urls.login}/oauth/token`, {
          method: "POST",
          body: new URLSearchParams({
            client_id: web.clientId,
            client_secret: secret,
            grant_type: "refresh_token",
            refresh_token: "unknown"
          })
        })
      assert.deepStrictEqual(failure(yield* exchange("wrong")), [401, "invalid_client"])
      assert.deepStrictEqual(failure(yield* exchange(Redacted.value(web.clientSecret))), [
        403,
        "invalid_grant"
      ])
      const authorize = (redirect_uri: string) =>
        Browser.make().get(
          `${sandbox.urls.login}/authorize?${new URLSearchParams({
            client_id: nativeClientId,
            response_type: "code",
            scope: "openid",
            redirect_uri,
            code_challenge: "x".repeat(43),
            code_challenge_method: "S256"
          })}`
        )
      assert.strictEqual((yield* authorize("http://127.0.0.1:61234/callback")).status, 303)
      assert.strictEqual((yield* authorize("http://localhost:61234/callback")).status, 400)
    })
  )
})
