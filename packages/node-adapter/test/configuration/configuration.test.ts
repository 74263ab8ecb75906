import { assert, it, layer } from "@effect/vitest"
import { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import { NodeMetrics, NodeTokenProvider, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { documented, freshSandbox, insights } from "../support/client.js"
import { renderings } from "../support/printed.js"

type Settings = Readonly<Record<string, string>>

const secret = "canary-client-secret"

const complete: Settings = {
  INNERSPACE_CLIENT_ID: "my-backend",
  INNERSPACE_CLIENT_SECRET: secret
}

const without = (...names: ReadonlyArray<string>): Settings =>
  Object.fromEntries(Object.entries(complete).filter(([name]) => !names.includes(name)))

const withSettings = (settings: Settings) =>
  Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(settings))))

/** Returns the errors of both layers that read settings. The errors must be the same. */
const failuresOf = (settings: Settings) =>
  Effect.forEach(
    [
      Layer.build(NodeMetrics.layerConfig()),
      Layer.build(NodeTokenProvider.layerConfig().pipe(Layer.provide(UndiciHttpClient.layer)))
    ],
    (build) => Effect.flip(Effect.scoped(build)).pipe(withSettings(settings))
  )

interface Case {
  readonly name: string
  readonly settings: Settings
  readonly reason: ConfigurationError["reason"]
  readonly says: ReadonlyArray<string>
  /** Valid settings, which the error must not name. */
  readonly leavesOut?: ReadonlyArray<string>
}

const cases: ReadonlyArray<Case> = [
  {
    name: "no client id",
    settings: without("INNERSPACE_CLIENT_ID"),
    reason: "InvalidConfiguration",
    says: ["INNERSPACE_CLIENT_ID is not set"],
    leavesOut: ["INNERSPACE_CLIENT_SECRET"]
  },
  {
    name: "no client secret",
    settings: without("INNERSPACE_CLIENT_SECRET"),
    reason: "InvalidConfiguration",
    says: ["INNERSPACE_CLIENT_SECRET is not set"],
    leavesOut: ["INNERSPACE_CLIENT_ID"]
  },
  {
    name: "neither id nor secret",
    settings: {},
    reason: "InvalidConfiguration",
    says: ["INNERSPACE_CLIENT_ID is not set", "INNERSPACE_CLIENT_SECRET is not set"],
    leavesOut: ["INNERSPACE_API", "INNERSPACE_BASE_URL"]
  },
  {
    name: "a generation that does not exist",
    settings: { ...complete, INNERSPACE_API: "v3" },
    reason: "InvalidConfiguration",
    says: ["INNERSPACE_API", "v3", "v1", "v1.5", "v2"],
    leavesOut: ["INNERSPACE_CLIENT"]
  },
  {
    name: "a warning that is neither on nor off",
    settings: { ...complete, INNERSPACE_DEPRECATION_WARNING: "never" },
    reason: "InvalidConfiguration",
    says: ["INNERSPACE_DEPRECATION_WARNING"],
    leavesOut: ["INNERSPACE_CLIENT", "INNERSPACE_BASE_URL"]
  },
  {
    name: "a generation in capitals",
    settings: { ...complete, INNERSPACE_API: "V2" },
    reason: "InvalidConfiguration",
    says: ["INNERSPACE_API", "V2"]
  },
  {
    name: "everything missing or malformed at once",
    settings: { INNERSPACE_API: "v3", INNERSPACE_BASE_URL: "" },
    reason: "InvalidConfiguration",
    says: [
      "INNERSPACE_CLIENT_ID is not set",
      "INNERSPACE_CLIENT_SECRET is not set",
      "INNERSPACE_API",
      "v3"
    ]
  },
  {
    name: "a malformed generation and a missing secret",
    settings: { ...without("INNERSPACE_CLIENT_SECRET"), INNERSPACE_API: "2" },
    reason: "InvalidConfiguration",
    says: ["INNERSPACE_CLIENT_SECRET is not set", "INNERSPACE_API"],
    leavesOut: ["INNERSPACE_CLIENT_ID"]
  },
  {
    name: "a token store that is neither a word nor an absolute path",
    settings: { ...complete, INNERSPACE_TOKEN_STORE: "./tokens" },
    reason: "InvalidConfiguration",
    says: ["INNERSPACE_TOKEN_STORE", "./tokens", "none", "file"],
    leavesOut: ["INNERSPACE_CLIENT"]
  },
  {
    name: "an empty client id",
    settings: { ...complete, INNERSPACE_CLIENT_ID: "" },
    reason: "MissingCredentials",
    says: ["client id is empty"]
  },
  {
    name: "a blank client secret",
    settings: { ...complete, INNERSPACE_CLIENT_SECRET: "  " },
    reason: "MissingCredentials",
    says: ["client secret is empty"]
  },
  {
    name: "a base URL that is not a URL",
    settings: { ...complete, INNERSPACE_BASE_URL: "metrics" },
    reason: "InvalidBaseUrl",
    says: ["base URL", '"metrics"']
  },
  {
    name: "plain HTTP to a host that is not loopback",
    settings: { ...complete, INNERSPACE_BASE_URL: "http://metrics.example.com" },
    reason: "InsecureBaseUrl",
    says: ["base URL", "http://metrics.example.com"]
  }
]

for (const { name, settings, reason, says, leavesOut = [] } of cases) {
  it.effect(`settings: ${name}`, () =>
    Effect.gen(function* () {
      for (const error of yield* failuresOf(settings)) {
        assert.instanceOf(error, ConfigurationError)
        assert.strictEqual(error.reason, reason)
        for (const fragment of says) assert.include(error.message, fragment)
        for (const fragment of leavesOut) assert.notInclude(error.message, fragment)
        assert.notStrictEqual(error.hint, "")
        assert.isFalse(error.isRetryable)
        for (const text of renderings(error)) assert.notInclude(text, secret)
      }
    })
  )
}

layer(Sandbox.layer(), { excludeTestServices: true })("settings of a sandbox", (it) => {
  for (const version of ["v1", "v1.5", "v2"] as const) {
    it.scoped(`layerConfig reads credentials, API and base URL of a client of ${version}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const count = yield* Effect.flatMap(MetricsClient, ({ query }) =>
          version === "v1"
            ? Effect.map(query(documented), (rows) => rows.length)
            : Effect.map(query(insights), (rows) => rows.length)
        ).pipe(
          Effect.provide(NodeMetrics.layerConfig()),
          withSettings({
            INNERSPACE_CLIENT_ID: sandbox.clientId,
            INNERSPACE_CLIENT_SECRET: Redacted.value(sandbox.clientSecret),
            INNERSPACE_API: version,
            INNERSPACE_BASE_URL: sandbox.urls[version]
          })
        )
        assert.strictEqual(count, 1)
        const requests = yield* sandbox.control.requests
        assert.deepStrictEqual(
          requests.map(({ api }) => api),
          [version, version]
        )
      })
    )
  }

  it.scoped("the generation defaults to v1", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { api } = yield* NodeTokenProvider.config.pipe(
        withSettings({ ...complete, INNERSPACE_BASE_URL: sandbox.urls.v1 })
      )
      assert.deepStrictEqual([api.version, api.baseUrl], ["v1", sandbox.urls.v1])
      const vendor = yield* NodeTokenProvider.config.pipe(withSettings(complete))
      assert.strictEqual(vendor.api.baseUrl, "https://metrics-api.innrspc.com")
    })
  )
})
