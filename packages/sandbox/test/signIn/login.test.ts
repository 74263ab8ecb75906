import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose"
import {
  audience,
  authorize,
  credentials,
  endpoints,
  post,
  query,
  request
} from "../support/client.js"
import { exchange, postBytes } from "../support/rawExchange.js"
import { startTimeout } from "../support/startTimeout.js"

const apis = ["v1", "v1.5", "v2"] as const

layer(Sandbox.layer(), { timeout: startTimeout })("login", (it) => {
  it.effect("v1.5 accepts the vendor's curl request byte for byte", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { client_id, client_secret } = credentials(sandbox)
      const answer = yield* exchange(
        sandbox.urls["v1.5"],
        postBytes(
          "/api/rest/oauth/token",
          ["Accept: */*", "Content-Type: application/x-www-form-urlencoded"],
          `client_id=${client_id}&client_secret=${client_secret}`
        )
      )
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
      assert.match(answer, /\{"oauth_token":\{"access_token":"[\w-]+\.[\w-]+\.[\w-]+"\}\}/)
    })
  )

  it.effect("v1 accepts the vendor's Python request, which sends form fields as JSON", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { client_id, client_secret } = credentials(sandbox)
      const answer = yield* exchange(
        sandbox.urls.v1,
        postBytes(
          "/api/rest/oauth/token",
          [
            "User-Agent: python-requests/2.31.0",
            "Accept-Encoding: gzip, deflate",
            "Accept: */*",
            "Content-Type: application/json"
          ],
          `client_id=${client_id}&client_secret=${client_secret}`
        )
      )
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
      assert.match(
        answer,
        /"access_token":"[\w-]+\.[\w-]+\.[\w-]+","expires_in":86400,"token_type":"Bearer"/
      )
    })
  )

  it.effect("every generation accepts JSON and answers in its own form", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const keys = yield* Effect.forEach(apis, (api) =>
        Effect.map(
          post(endpoints(sandbox)[api].token, { ...credentials(sandbox), audience }),
          ({ headers, json }) => [Object.keys(Object(json)), headers.get("cache-control")]
        )
      )
      assert.deepStrictEqual(keys, [
        [["access_token", "expires_in", "token_type"], "no-store"],
        [["oauth_token"], "no-store"],
        [["session_id"], "no-store"]
      ])
    })
  )

  it.effect("a wrong secret, an unknown client and missing fields get Auth0's 401", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const good = credentials(sandbox)
      const bodies = [
        { ...good, client_secret: "wrong" },
        { ...good, client_id: "nobody" },
        { client_id: good.client_id },
        {}
      ]
      for (const body of bodies) {
        const answer = yield* post(endpoints(sandbox).v1.token, body)
        assert.strictEqual(answer.status, 401)
        assert.deepStrictEqual(answer.json, {
          error: "access_denied",
          error_description: "Unauthorized"
        })
      }
    })
  )

  it.effect("v2 requires the right audience", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const url = endpoints(sandbox).v2.token
      const missing = yield* post(url, credentials(sandbox))
      assert.strictEqual(missing.status, 400)
      assert.deepInclude(missing.json, { error: "invalid_request" })
      const wrong = yield* post(url, { ...credentials(sandbox), audience: "https://else" })
      assert.strictEqual(wrong.status, 403)
      assert.deepInclude(wrong.json, { error: "access_denied" })
    })
  )

  it.effect("another grant type, an unreadable body and another method are rejected", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const url = endpoints(sandbox).v1.token
      const grant = yield* post(url, { ...credentials(sandbox), grant_type: "password" })
      assert.strictEqual(grant.status, 403)
      assert.deepInclude(grant.json, { error: "unauthorized_client" })
      const unreadable = yield* request(url, { method: "POST", body: "<xml/>" })
      assert.strictEqual(unreadable.status, 400)
      assert.deepInclude(unreadable.json, { error: "invalid_request" })
      const got = yield* request(url)
      assert.strictEqual(got.status, 405)
      assert.deepInclude(got.json, { code: "method-not-allowed" })
    })
  )

  it.effect("the published keys verify the tokens, which have Hasura's claims", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const header = yield* authorize(sandbox, "v1")
      const token = (header["authorization"] ?? "").slice("Bearer ".length)
      const keys = createRemoteJWKSet(new URL(`${sandbox.urls.v1}/.well-known/jwks.json`))
      const { payload, protectedHeader } = yield* Effect.promise(() => jwtVerify(token, keys))
      assert.strictEqual(protectedHeader.alg, "RS256")
      assert.strictEqual((payload.exp ?? 0) - (payload.iat ?? 0), 86_400)
      assert.deepStrictEqual(payload["https://hasura.io/jwt/claims"], {
        "x-hasura-default-role": "customer",
        "x-hasura-allowed-roles": ["customer"]
      })
    })
  )

  it.effect("a token is rejected from the second of its expiry on, by the sandbox's clock", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v1")
      const session = yield* authorize(sandbox, "v2")
      const ask = (table: string, api: "v1" | "v2", header: Record<string, string>) =>
        post(
          endpoints(sandbox)[api].graphql,
          { query: `{ ${table}(limit: 1) { __typename } }` },
          header
        )
      const { exp = 0 } = decodeJwt((headers["authorization"] ?? "").slice("Bearer ".length))
      yield* sandbox.control.setTime(exp * 1000 - 60_000)
      assert.property((yield* ask("building_features", "v1", headers)).json, "data")
      assert.property((yield* ask("BUILDING_INSIGHTS", "v2", session)).json, "data")
      yield* sandbox.control.setTime(exp * 1000)
      const refused = yield* ask("building_features", "v1", headers)
      assert.strictEqual(refused.status, 200)
      assert.strictEqual(
        refused.text,
        `{"errors":[{"extensions":{"path":"$","code":"invalid-jwt"},"message":"Could not verify JWT: JWTExpired"}]}`
      )
      yield* sandbox.control.advance("1 minute")
      const refusedSession = yield* ask("BUILDING_INSIGHTS", "v2", session)
      assert.strictEqual(refusedSession.status, 401)
      yield* sandbox.control.reset
    })
  )

  it.effect("expireTokens rejects all credentials issued so far, and none issued later", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const text = { v1: "building_features", "v1.5": "BUILDING_INSIGHTS", v2: "BUILDING_INSIGHTS" }
      const before = yield* Effect.forEach(apis, (api) => authorize(sandbox, api))
      yield* sandbox.control.expireTokens
      const codes = yield* Effect.forEach(apis, (api, index) =>
        Effect.map(
          post(
            endpoints(sandbox)[api].graphql,
            { query: `{ ${text[api]}(limit: 1) { __typename } }` },
            before[index]
          ),
          (answer) => `${answer.status} ${/"code":"([\w-]+)"/.exec(answer.text)?.[1]}`
        )
      )
      assert.deepStrictEqual(codes, ["200 invalid-jwt", "200 invalid-jwt", "401 access-denied"])
      for (const api of apis) {
        const answer = yield* query(sandbox, `{ ${text[api]}(limit: 1) { __typename } }`, { api })
        assert.property(answer.json, "data")
      }
    })
  )

  it.effect("missing, malformed and foreign credentials get Hasura's different messages", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const other = yield* authorize(sandbox, "v1.5")
      const good = (yield* authorize(sandbox, "v1"))["authorization"] ?? ""
      const ask = (headers: Record<string, string>) =>
        Effect.map(
          post(endpoints(sandbox).v1.graphql, { query: "{ __typename }" }, headers),
          (answer) => answer.text
        )
      assert.strictEqual(
        yield* ask({}),
        `{"errors":[{"extensions":{"path":"$","code":"invalid-headers"},"message":"Missing 'Authorization' or 'Cookie' header in JWT authentication mode"}]}`
      )
      assert.include(yield* ask({ authorization: "Basic abc" }), "Malformed Authorization header")
      assert.include(yield* ask({ authorization: "Bearer abc" }), "Expected 3 parts; got 1")
      assert.include(yield* ask(other), "JWTNotInAudience")
      assert.include(
        yield* ask({ authorization: `${good.slice(0, -8)}AAAAAAAA` }),
        "JWSInvalidSignature"
      )
    })
  )
})
