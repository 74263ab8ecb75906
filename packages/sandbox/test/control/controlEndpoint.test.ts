import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { decodeJwt } from "jose"
import { authorize, endpoints, post, request } from "../support/client.js"
import { signIn } from "../support/openid.js"
import { exchange, postBytes } from "../support/rawExchange.js"
import { startTimeout } from "../support/startTimeout.js"

const json = { "content-type": "application/json" }

const readToken = Schema.decodeUnknown(Schema.Struct({ access_token: Schema.String }))

/**
 * Returns the claims of a token that every token has with the same values, and the lifetime of the
 * token.
 */
const lastingClaims = (token: string) => {
  const { exp = 0, iat = 0, jti: _, ...claims } = decodeJwt(token)
  return { ...claims, lifetime: exp - iat }
}

layer(Sandbox.layer(), { timeout: startTimeout })("control endpoint", (it) => {
  it.effect("the control endpoint queues one fault or a list, and drops pending faults", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const faults = `${sandbox.urls.v1}/_sandbox/faults`
      const headers = yield* authorize(sandbox, "v2")
      const status = Effect.map(
        post(endpoints(sandbox).v2.graphql, { query: "{ __typename }" }, headers),
        (answer) => answer.status
      )
      const one = yield* post(faults, { effect: { _tag: "Unavailable" } })
      assert.strictEqual(one.status, 204)
      assert.strictEqual(yield* status, 503)
      yield* post(faults, [
        { times: 2, effect: { _tag: "RateLimited", retryAfter: 1 } },
        { target: "graphql", effect: { _tag: "Answer", status: 500, body: "broken" } }
      ])
      assert.deepStrictEqual(
        [yield* status, yield* status, yield* status, yield* status],
        [429, 429, 500, 200]
      )
      yield* post(faults, { times: 9, effect: { _tag: "Unavailable" } })
      assert.strictEqual((yield* request(faults, { method: "DELETE", headers: json })).status, 204)
      assert.strictEqual(yield* status, 200)
    })
  )

  it.effect("the control endpoint expires tokens, changes the clock, and resets everything", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const control = `${sandbox.urls.v2}/_sandbox`
      const headers = yield* authorize(sandbox, "v2")
      const status = Effect.map(
        post(endpoints(sandbox).v2.graphql, { query: "{ __typename }" }, headers),
        (answer) => answer.status
      )
      assert.strictEqual((yield* post(`${control}/tokens/expire`, {})).status, 204)
      assert.strictEqual(yield* status, 401)
      assert.strictEqual((yield* post(`${control}/reset`, {})).status, 204)
      assert.strictEqual(yield* status, 200)
      yield* post(`${control}/clock`, { advanceSeconds: 86_400 })
      assert.strictEqual(yield* status, 401)
      yield* post(`${control}/clock`, { setTime: "2024-03-10T08:00:00Z" })
      const { json } = yield* request(`${control}/clock`)
      assert.match(JSON.stringify(json), /^\{"now":"2024-03-10T08:00:/)
      assert.match(DateTime.formatIso(yield* sandbox.control.now), /^2024-03-10T08:00:/)
      yield* sandbox.control.reset
      assert.deepStrictEqual((yield* request(`${control}/requests`)).json, [])
      yield* status
      assert.match(
        (yield* request(`${control}/requests`)).text,
        /^\[\{"kind":"graphql","api":"v2","headers":\{.*\},"at":"[\d-]+T[\d:.]+Z","status":200\}\]$/
      )
    })
  )

  it.effect("the control endpoint issues a person's token with the claims of a sign-in", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const tokens = `${sandbox.urls.v1}/_sandbox/tokens`
      const person = sandbox.signIn.people.tenant
      const { headers, json } = yield* post(tokens, { username: person.username })
      assert.strictEqual(headers.get("cache-control"), "no-store")
      const { access_token } = yield* readToken(json)
      const signedIn = yield* signIn(sandbox, person)
      assert.deepStrictEqual(
        lastingClaims(access_token),
        lastingClaims(signedIn.tokens.access_token)
      )
      const { v1, v2 } = endpoints(sandbox)
      const building = (url: string, query: string, credential: Record<string, string>) =>
        Effect.map(post(url, { query }, credential), (answer) => answer.json)
      assert.deepStrictEqual(
        yield* building(v2.graphql, "{ BUILDINGS { BUILDING_ID } }", {
          "x-session-id": access_token
        }),
        { data: { BUILDINGS: [{ BUILDING_ID: 72 }] } }
      )
      assert.deepStrictEqual(
        yield* building(v1.graphql, "{ __typename }", {
          authorization: `Bearer ${access_token}`
        }),
        { data: { __typename: "query_root" } }
      )

      const manager = yield* sandbox.control.issueToken({ username: "mara@example.com" })
      const ofManager = post(
        v2.graphql,
        { query: "{ __typename }" },
        { "x-session-id": Redacted.value(manager) }
      )
      assert.strictEqual((yield* ofManager).status, 200)
      yield* sandbox.control.expireTokens
      assert.strictEqual((yield* ofManager).status, 401)
      yield* sandbox.control.reset

      const stranger = yield* post(tokens, { username: "eve@example.com" })
      assert.strictEqual(stranger.status, 400)
      assert.include(stranger.text, "username")
    })
  )

  it.effect("the control endpoint names the errors in a body", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const faults = `${sandbox.urls.v1}/_sandbox/faults`
      const wrong: ReadonlyArray<readonly [string, RegExp]> = [
        ["{", /JSON/],
        [`{"effect":{"_tag":"Nonsense"}}`, /_tag/],
        [`{"effect":{"_tag":{"toString":1}}}`, /_tag.*actual.*toString/],
        [`{"effect":{"_tag":["Reset"]}}`, /_tag.*actual.*Reset/],
        [`{"times":0,"effect":{"_tag":"Reset"}}`, /times.*positive/],
        [`{"target":"moon","effect":{"_tag":"Reset"}}`, /target/],
        [`{"tims":2,"effect":{"_tag":"Reset"}}`, /tims.*unexpected/],
        [`{"effect":{"_tag":"HugeBody"}}`, /bytes.*missing/]
      ]
      for (const [body, message] of wrong) {
        const answer = yield* request(faults, { method: "POST", headers: json, body })
        assert.strictEqual(answer.status, 400, body)
        assert.match(answer.text, message)
      }
      const clock = yield* post(`${sandbox.urls.v1}/_sandbox/clock`, { setTime: "tomorrow" })
      assert.strictEqual(clock.status, 400)
      const unknown = yield* request(`${sandbox.urls.v1}/_sandbox/nothing`)
      assert.strictEqual(unknown.status, 404)
      assert.include(unknown.text, "POST /_sandbox/faults")
    })
  )

  it.effect(
    "the control endpoint answers only to names of this machine, so that a web page cannot reach it",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const bytes = postBytes("/_sandbox/reset", [], "{}").replace(
          "Host: localhost",
          "Host: evil.example"
        )
        assert.match(yield* exchange(sandbox.urls.v1, bytes), /^HTTP\/1\.1 403 /)
      })
  )
})
