/** Tests options of a sign-in that are invalid, and a provider that cannot be trusted. */
import { assert, describe, it } from "@effect/vitest"
import { FileTokenStore, NodeTokenProvider, WebSessions } from "@innerspace-metrics/node-adapter"
import { createMetricsClient, createWebSessions } from "@innerspace-metrics/node-adapter/promise"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { documented } from "../support/client.js"
import { renderings } from "../support/printed.js"
import { listen } from "../support/servers/httpServer.js"

const device = {
  issuer: "https://provider.example",
  clientId: "client",
  onCode: () => {}
}

const web = {
  issuer: "https://provider.example",
  clientId: "client",
  clientSecret: Redacted.make("canary-secret"),
  cookieSecret: Redacted.make("canary-cookie-secret-of-enough-characters"),
  appUrl: "https://app.example"
}

const wrongOptions: ReadonlyArray<readonly [name: string, options: object, named: string]> = [
  ["an issuer without https", { issuer: "http://provider.example" }, "issuer is"],
  ["an issuer with a query", { issuer: "https://provider.example/?a=b" }, "issuer is"],
  ["an issuer that is no URL", { issuer: "provider.example" }, "issuer is"],
  ["no client id", { clientId: "" }, "clientId is"],
  ["no onCode", { onCode: undefined }, "onCode is"],
  ["a negative timeout", { timeout: -1 }, "timeout is -1"],
  ["a misspelled option", { organisation: "sandbox" }, 'Unknown option "organisation"'],
  ["a wrong API", { ...device, parameters: { a: 1 } }, "parameters is"],
  [
    "a store whose directory is not absolute",
    { tokenStore: FileTokenStore.make({ directory: "tokens" }) },
    "directory is"
  ]
]

const wrongWebOptions: ReadonlyArray<readonly [name: string, options: object, named: string]> = [
  ["an app without https", { appUrl: "http://app.example" }, "appUrl is"],
  ["an app with a path", { appUrl: "https://app.example/reports" }, "appUrl is"],
  ["a short cookie secret", { cookieSecret: Redacted.make("canary-short") }, "cookieSecret is"],
  ["a secret that is not redacted", { clientSecret: "canary-secret" }, "clientSecret is"],
  ["a path of another site", { paths: { login: "//attacker.example" } }, "paths.login is"],
  ["no sessions", { maxSessions: 0 }, "maxSessions is 0"],
  ["a wrong setting of the client", { client: { timeout: "soon" } }, "client.timeout is"]
]

describe("options of a sign-in", () => {
  for (const [name, options, named] of wrongOptions) {
    it.scoped(`a device code with ${name} is a ConfigurationError that names it`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          NodeTokenProvider.deviceCode({ ...device, ...options }).make()
        )
        assert.strictEqual(`${error._tag}.${error.reason}`, "ConfigurationError.InvalidOption")
        assert.include(error.problem, named)
      })
    )
  }

  for (const [name, options, named] of wrongWebOptions) {
    it.scoped(`sessions with ${name} are a ConfigurationError that names it`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(WebSessions.make({ ...web, ...options }))
        assert.strictEqual(`${error._tag}.${error.reason}`, "ConfigurationError.InvalidOption")
        assert.include(error.problem, named)
        for (const shown of renderings(error)) assert.notInclude(shown, "canary")
      })
    )
  }

  it("the promises reject with the same error", async () => {
    const metrics = createMetricsClient({
      signIn: NodeTokenProvider.deviceCode({ ...device, issuer: "provider" })
    })
    const sessions = createWebSessions({ ...web, appUrl: "app" })
    for (const [promise, named] of [
      [metrics.query(documented), "issuer is"],
      [sessions.session({ headers: {} }), "appUrl is"],
      [sessions.handle(new Request("https://app.example/login")), "appUrl is"]
    ] as const) {
      const error: unknown = await promise.then(
        () => undefined,
        (error: unknown) => error
      )
      assert.include(String(error), named)
    }
    await Promise.all([metrics.close(), sessions.close()])
  })

  it.scoped("a provider that names an endpoint without https gets no secret", () =>
    Effect.gen(function* () {
      const server = yield* listen((request, response) => {
        response.setHeader("content-type", "application/json").end(
          JSON.stringify({
            issuer: `http://${request.headers.host}/`,
            device_authorization_endpoint: "http://provider.example/device",
            token_endpoint: "http://provider.example/token"
          })
        )
      })
      const provider = yield* NodeTokenProvider.deviceCode({
        ...device,
        issuer: server.url
      }).make()
      const error = yield* Effect.flip(provider.signIn)
      assert.strictEqual(error.reason, "Insecure")
      assert.include(error.problem, "provider.example")
    })
  )

  it.scoped("a provider whose metadata names another issuer is not used", () =>
    Effect.gen(function* () {
      const server = yield* listen((_request, response) => {
        response
          .setHeader("content-type", "application/json")
          .end(JSON.stringify({ issuer: "https://attacker.example/" }))
      })
      const provider = yield* NodeTokenProvider.deviceCode({
        ...device,
        issuer: server.url
      }).make()
      const error = yield* Effect.flip(provider.signIn)
      assert.strictEqual(error.reason, "InvalidAnswer")
    })
  )
})
