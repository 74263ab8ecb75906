/** Tests how options and the environment choose the API and its base URL. */
import { assert, describe, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsError from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { NodeMetrics, NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import { createMetricsClient, type Options } from "@innerspace-metrics/node-adapter/promise"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { rejection } from "../support/promises.js"
import { listen } from "../support/servers/httpServer.js"

const query = Query.from(building_metrics, { select: ["metric_value"], limit: 1 })

/**
 * Runs a server, and returns its URL and the paths of its requests, in the order of the requests.
 */
const recording = Effect.gen(function* () {
  const paths: Array<string> = []
  const server = yield* listen((request, response) => {
    paths.push(request.url ?? "")
    const isToken = request.url?.includes("token") === true
    const token = { access_token: "t", session_id: "t", oauth_token: { access_token: "t" } }
    response.setHeader("content-type", "application/json")
    response.end(JSON.stringify(isToken ? token : { data: { building_metrics: [] } }))
  })
  return { url: server.url, paths }
})

const login = { clientId: "id", clientSecret: "secret", retry: RetryPolicy.none }

const paths: Record<Api.Api["version"], Array<string>> = {
  v1: ["/api/rest/oauth/token", "/"],
  "v1.5": ["/api/rest/oauth/token", "/"],
  v2: ["/v2/oauth/token", "/v2/api"]
}

const withEnvironment = (variables: Readonly<Record<string, string>>) =>
  Effect.acquireRelease(
    Effect.sync(() => Object.assign(process.env, variables)),
    () =>
      Effect.sync(() => {
        for (const name of Object.keys(variables)) delete process.env[name]
      })
  )

const ask = (options: Options | undefined) =>
  Effect.promise(async () => {
    const client = createMetricsClient(options)
    try {
      await client.query(query)
    } finally {
      await client.close()
    }
  })

describe("choosing a generation by name", () => {
  for (const version of ["v1", "v1.5", "v2"] as const) {
    it.scoped(`${version} with a base URL works for promises and layers`, () =>
      Effect.gen(function* () {
        const server = yield* recording
        const choice = { api: version, baseUrl: server.url }
        yield* ask({ ...login, ...choice })
        assert.deepStrictEqual(server.paths, paths[version])
        server.paths.length = 0
        const clientSecret = Redacted.make("secret")
        yield* Effect.scoped(
          Layer.build(NodeMetrics.layer({ clientId: "id", clientSecret, ...choice }))
        )
        const tokens = yield* NodeTokenProvider.makeWithTransport(() => () => {}, {
          clientId: "id",
          clientSecret,
          ...choice
        })
        assert.isDefined(tokens.get)
      })
    )
  }

  it.scoped("a base URL works with an Api value, and without an api option for v1", () =>
    Effect.gen(function* () {
      const server = yield* recording
      yield* ask({ ...login, api: Api.v2, baseUrl: server.url })
      yield* ask({ ...login, baseUrl: server.url })
      assert.deepStrictEqual(server.paths, [...paths.v2, ...paths.v1])
    })
  )

  it.scoped("options that are left out are read from the environment", () =>
    Effect.gen(function* () {
      const server = yield* recording
      const elsewhere = yield* recording
      const credentials = { INNERSPACE_CLIENT_ID: "id", INNERSPACE_CLIENT_SECRET: "secret" }
      yield* withEnvironment({
        ...credentials,
        INNERSPACE_API: "v2",
        INNERSPACE_BASE_URL: server.url
      })
      const asked = (options: Options | undefined, expected: ReadonlyArray<string>) =>
        Effect.gen(function* () {
          server.paths.length = 0
          elsewhere.paths.length = 0
          yield* ask(options)
          assert.deepStrictEqual([...server.paths, ...elsewhere.paths], expected)
        })
      yield* asked(undefined, paths.v2)
      yield* asked({}, paths.v2)
      yield* asked({ timeout: "5 seconds" }, paths.v2)
      yield* asked({ api: "v1" }, paths.v1)
      yield* asked({ api: "v1", baseUrl: elsewhere.url }, paths.v1)
      assert.lengthOf(elsewhere.paths, 2)
      yield* asked({ baseUrl: elsewhere.url }, paths.v2)
      assert.lengthOf(elsewhere.paths, 2)
      // A value of the type `Api` contains its base URL.
      yield* asked({ api: Api.withBaseUrl(Api.v1, elsewhere.url) }, paths.v1)
      assert.lengthOf(elsewhere.paths, 2)
    })
  )

  const wrong: ReadonlyArray<readonly [options: object, reason: string, says: RegExp]> = [
    [{ api: "v3" }, "InvalidOption", /api is "v3".*"v1", "v1\.5", "v2"/],
    [{ api: "toString" }, "InvalidOption", /api is of type string/],
    [{ api: 2 }, "InvalidOption", /api is of type number/],
    [{ api: null }, "InvalidOption", /api/],
    [{ baseUrl: 5 }, "InvalidOption", /baseUrl is 5/],
    [{ baseUrl: "somewhere" }, "InvalidBaseUrl", /"somewhere"/],
    [{ baseUrl: "http://api.example" }, "InsecureBaseUrl", /clear text/],
    [{ baseurl: "https://api.example" }, "InvalidOption", /"baseurl".*Use baseUrl/],
    [{ token: { timeuot: 5 } }, "InvalidOption", /"token\.timeuot".*Use token\.timeout/],
    [{ retry: { ...RetryPolicy.standard, atempts: 1 } }, "InvalidOption", /retry\.attempts/],
    [{ api: { ...Api.v1, graphqlpath: "/x" } }, "InvalidOption", /graphqlPath/]
  ]
  for (const [options, reason, says] of wrong) {
    it.effect(`the options ${JSON.stringify(options).slice(0, 60)} are rejected`, () =>
      Effect.gen(function* () {
        const error = yield* rejection(
          // Only JavaScript can pass these options.
          createMetricsClient({ ...login, ...options } as Options).query(query)
        )
        assert.instanceOf(error, MetricsError.ConfigurationError)
        if (!(error instanceof MetricsError.ConfigurationError)) return
        assert.strictEqual(error.reason, reason)
        assert.match(error.message, says)
      })
    )
  }

  it.effect("a layer that reads configuration uses the API that it names", () =>
    Effect.gen(function* () {
      const api = yield* Effect.withConfigProvider(
        Api.config,
        ConfigProvider.fromMap(
          new Map([
            ["INNERSPACE_API", "v2"],
            ["INNERSPACE_BASE_URL", "http://localhost:1"]
          ])
        )
      )
      assert.deepStrictEqual(api, yield* Api.choose({ api: "v2", baseUrl: "http://localhost:1" }))
    })
  )
})
