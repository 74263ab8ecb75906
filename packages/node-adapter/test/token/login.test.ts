import { assert, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { apiOf, connect, documented, freshSandbox, insights } from "../support/client.js"
import * as Relay from "../support/servers/relay.js"

/** Logs in and sends a query to this API, and returns both requests. */
const loginThrough = (relay: Relay.Relay, sandbox: Sandbox.Service, api: Api.Api) =>
  Effect.gen(function* () {
    const { metrics } = yield* connect(sandbox, { api: Api.withBaseUrl(api, relay.url) })
    yield* api.version === "v1" ? metrics.query(documented) : metrics.query(insights)
    const [token, graphql, ...others] = yield* relay.exchanges
    assert.isDefined(token)
    assert.isDefined(graphql)
    assert.deepStrictEqual(others, [])
    return { token, graphql }
  })

/** Returns the token request of a login, whatever the server responds. */
const tokenRequestOf = (sandbox: Sandbox.Service, api: Api.Api) =>
  Effect.gen(function* () {
    const relay = yield* Relay.make(api.baseUrl)
    const { tokens } = yield* connect(sandbox, { api: Api.withBaseUrl(api, relay.url) })
    yield* Effect.exit(tokens.get)
    const [request] = yield* relay.exchanges
    assert.isDefined(request)
    return request
  })

const formOf = (body: string) => Object.fromEntries(new URLSearchParams(body))

layer(Sandbox.layer(), { excludeTestServices: true })("login", (it) => {
  it.scoped("v1 logs in and answers the vendor's documented query", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox)
      const [row, ...others] = yield* metrics.query(documented)
      assert.isDefined(row)
      assert.deepStrictEqual(others, [])
      assert.strictEqual(DateTime.formatIso(row.date_time_start), "2024-01-01T06:00:00.000Z")
      assert.isObject(row.feature_value)
      const requests = yield* sandbox.control.requests
      assert.deepStrictEqual(
        requests.map(({ api, kind, status, operationName }) => [api, kind, status, operationName]),
        [
          ["v1", "token", 200, undefined],
          ["v1", "graphql", 200, "sample_graphql"]
        ]
      )
    })
  )

  for (const [before, after] of [
    ["", "\n"],
    ["", "\r\n"],
    ["", " \t"],
    ["\ufeff ", "\n\n"]
  ] as const) {
    it.scoped(
      `white space around the id and the secret is removed: ${JSON.stringify([before, after])}`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* freshSandbox
          const { tokens } = yield* connect(sandbox, {
            clientId: `${before}${sandbox.clientId}${after}`,
            clientSecret: Redacted.make(`${before}${Redacted.value(sandbox.clientSecret)}${after}`)
          })
          yield* tokens.get
        })
    )
  }

  for (const version of ["v1.5", "v2"] as const) {
    it.scoped(`${version} logs in and answers a query of BUILDING_INSIGHTS`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox, { api: apiOf(sandbox, version) })
        const [row, ...others] = yield* metrics.query(insights)
        assert.isDefined(row)
        assert.deepStrictEqual(others, [])
        assert.isTrue(DateTime.isUtc(row.DATE_TIME_START))
        const requests = yield* sandbox.control.requests
        assert.deepStrictEqual(
          requests.map(({ api, kind, status }) => [api, kind, status]),
          [
            [version, "token", 200],
            [version, "graphql", 200]
          ]
        )
      })
    )
  }

  it.scoped("a second query uses the token of the first", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox)
      yield* metrics.query(documented)
      yield* metrics.query(documented)
      const requests = yield* sandbox.control.requests
      assert.deepStrictEqual(
        requests.map(({ kind }) => kind),
        ["token", "graphql", "graphql"]
      )
    })
  )

  for (const version of ["v1", "v1.5"] as const) {
    it.scoped(`${version} sends id and secret as a form with the header of a form`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const request = yield* tokenRequestOf(sandbox, apiOf(sandbox, version))
        assert.strictEqual(request.method, "POST")
        assert.strictEqual(request.path, "/api/rest/oauth/token")
        assert.strictEqual(request.headers["content-type"], "application/x-www-form-urlencoded")
        assert.strictEqual(request.headers["authorization"], undefined)
        assert.deepStrictEqual(formOf(request.body), {
          client_id: sandbox.clientId,
          client_secret: Redacted.value(sandbox.clientSecret)
        })
      })
    )
  }

  it.scoped("the form keeps any id and secret as they are", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const relay = yield* Relay.make(sandbox.urls.v1)
      const clientSecret = "a+b&c=d%20e f/\u00e9\u{1F511}"
      const { tokens } = yield* connect(sandbox, {
        api: Api.withBaseUrl(Api.v1, relay.url),
        clientId: "id&client_secret=other",
        clientSecret: Redacted.make(clientSecret)
      })
      yield* Effect.exit(tokens.get)
      const [request] = yield* relay.exchanges
      assert.isDefined(request)
      assert.deepStrictEqual(formOf(request.body), {
        client_id: "id&client_secret=other",
        client_secret: clientSecret
      })
    })
  )

  it.scoped("credentials are sent as JSON if the Api value says so", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const v1 = apiOf(sandbox)
      const request = yield* tokenRequestOf(sandbox, {
        ...v1,
        token: { ...v1.token, encoding: "json" }
      })
      assert.strictEqual(request.headers["content-type"], "application/json")
      assert.deepStrictEqual(JSON.parse(request.body), {
        client_id: sandbox.clientId,
        client_secret: Redacted.value(sandbox.clientSecret)
      })
    })
  )

  it.scoped("v2 sends JSON with its audience", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const request = yield* tokenRequestOf(sandbox, apiOf(sandbox, "v2"))
      assert.strictEqual(request.path, "/v2/oauth/token")
      assert.strictEqual(request.headers["content-type"], "application/json")
      assert.deepStrictEqual(JSON.parse(request.body), {
        client_id: sandbox.clientId,
        client_secret: Redacted.value(sandbox.clientSecret),
        audience: "https://global-config.innerspace.io"
      })
    })
  )

  it.scoped("a grant type is sent if the Api value has one, and the login works", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const v1 = apiOf(sandbox)
      const relay = yield* Relay.make(sandbox.urls.v1)
      const { token } = yield* loginThrough(relay, sandbox, {
        ...v1,
        token: { ...v1.token, grantType: "client_credentials" }
      })
      assert.deepStrictEqual(formOf(token.body), {
        grant_type: "client_credentials",
        client_id: sandbox.clientId,
        client_secret: Redacted.value(sandbox.clientSecret)
      })
    })
  )

  it.scoped("v1 and v1.5 send the token as a bearer token, v2 as the session id alone", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      for (const version of ["v1", "v1.5", "v2"] as const) {
        const relay = yield* Relay.make(sandbox.urls[version])
        const { token, graphql } = yield* loginThrough(relay, sandbox, apiOf(sandbox, version))
        const answer = JSON.parse(token.answer ?? "")
        const [bearer, session] = {
          v1: [`Bearer ${answer.access_token}`, undefined],
          "v1.5": [`Bearer ${answer.oauth_token?.access_token}`, undefined],
          v2: [undefined, answer.session_id]
        }[version]
        assert.strictEqual(graphql.headers["authorization"], bearer, version)
        assert.strictEqual(graphql.headers["x-session-id"], session, version)
        assert.strictEqual(graphql.headers["content-type"], "application/json", version)
        assert.match(String(graphql.headers["x-request-id"]), /^[0-9a-f]{14}$/, version)
        assert.strictEqual(graphql.headers["traceparent"], undefined, version)
        assert.strictEqual(graphql.headers["b3"], undefined, version)
      }
    })
  )

  it.scoped("the path of a base URL is kept before the API's own paths", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      for (const slash of ["", "/"]) {
        const relay = yield* Relay.make(sandbox.urls.v2, { prefix: "/team/innerspace" })
        const { metrics } = yield* connect(sandbox, {
          api: Api.withBaseUrl(Api.v2, relay.url + slash)
        })
        assert.lengthOf(yield* metrics.query(insights), 1)
        const exchanges = yield* relay.exchanges
        assert.deepStrictEqual(
          exchanges.map(({ path }) => path),
          ["/team/innerspace/v2/oauth/token", "/team/innerspace/v2/api"]
        )
      }
    })
  )
})
