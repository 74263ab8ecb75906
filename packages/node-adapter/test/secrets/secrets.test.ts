import { text } from "node:stream/consumers"
import { assert, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { MetricsError } from "@innerspace-metrics/core/MetricsError"
import { NodeMetrics, NodeTokenProvider, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { someOf } from "../../../../tools/cases.mjs"
import { connect, documented, freshSandbox, optionsFor } from "../support/client.js"
import { until } from "../support/eventLoop.js"
import { callFailures, callOptions } from "../support/failures/call.js"
import { configurationFailures } from "../support/failures/configuration.js"
import { loginFailures, loginOptions } from "../support/failures/login.js"
import { logAtEveryLevel, logged, renderings, traced } from "../support/printed.js"
import { listen } from "../support/servers/httpServer.js"
import * as Relay from "../support/servers/relay.js"
import { virtually } from "../support/virtualTime.js"

/** The tokens, secrets and passwords in the tables of failures. */
const canaries = ["canary-token", "canary-wrong-secret", "canary-password", "canary-key"]

/** Asserts that no text contains any of the secrets. */
const assertNowhere = (secrets: ReadonlyArray<string>, texts: ReadonlyArray<string>) => {
  for (const secret of secrets) {
    assert.isAtLeast(secret.length, 10)
    for (const text of texts) assert.notInclude(text, secret)
  }
}

/** The client secret, the canaries, and every token that passed through the relay. */
const secretsSeen = (sandbox: Sandbox.Service, relay: Relay.Relay) =>
  Effect.map(relay.exchanges, (exchanges) => [
    Redacted.value(sandbox.clientSecret),
    ...canaries,
    ...exchanges.flatMap(({ headers }) =>
      headers["authorization"] === undefined
        ? []
        : [headers["authorization"].replace("Bearer ", "")]
    )
  ])

const relayed = (sandbox: Sandbox.Service) =>
  Effect.map(Relay.make(sandbox.urls.v1), (relay) => ({
    relay,
    api: Api.withBaseUrl(Api.v1, relay.url)
  }))

/**
 * The whole output of a program that fails, from the creation of its client on: the error, the logs
 * and the spans.
 */
const printedBy = <A>(
  program: Effect.Effect<A, MetricsError, Scope.Scope>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const { exit, spans } = yield* traced(
      logged(() =>
        Effect.tap(Effect.flip(Effect.scoped(program)), (error) => logAtEveryLevel([error]))
      )
    )
    const { exit: failed, lines } = yield* exit
    assert.isNotEmpty(lines)
    return [...renderings(yield* Effect.orDie(failed)), ...lines, ...spans]
  })

/** The forms in which a server can echo a secret. */
const echoes: ReadonlyArray<readonly [name: string, echo: (secret: string) => string]> = [
  ["HTML", (secret) => `<html><body>no client with ${secret}</body></html>`],
  ["text longer than an excerpt", (secret) => `${"x".repeat(190)}${secret}`],
  ["a form", (secret) => new URLSearchParams({ secret }).toString()],
  ["a key", (secret) => JSON.stringify({ [secret]: 1 })],
  ["a field", (secret) => JSON.stringify({ secret })],
  ["error", (error) => JSON.stringify({ error })],
  [
    "error_description",
    (error_description) => JSON.stringify({ error: "access_denied", error_description })
  ],
  ["code and description", (secret) => JSON.stringify({ code: secret, description: secret })],
  ["message", (message) => JSON.stringify({ message })],
  ["expires_in", (expires_in) => JSON.stringify({ access_token: "canary-token", expires_in })],
  ["errors", (errors) => JSON.stringify({ errors })],
  ["errors[].message", (message) => JSON.stringify({ errors: [{ message }] })],
  [
    "errors[].extensions.code",
    (code) => JSON.stringify({ errors: [{ message: "no", extensions: { code } }] })
  ],
  [
    "errors[].extensions.path",
    (path) => JSON.stringify({ errors: [{ message: "no", extensions: { path } }] })
  ],
  ["errors[].path", (secret) => JSON.stringify({ errors: [{ message: "no", path: [secret] }] })]
]

/**
 * A server with an endpoint that echoes what it receives. The token endpoint receives the client
 * secret, and the GraphQL endpoint receives the token.
 */
const echoServer = (
  endpoint: "token" | "graphql",
  echo: (secret: string) => {
    readonly status: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body: string
  }
) =>
  Effect.gen(function* () {
    const issued: Array<string> = []
    const server = yield* listen(async (request, response) => {
      const secret = request.url?.endsWith("/token")
        ? new URLSearchParams(await text(request)).get("client_secret")
        : request.headers.authorization?.replace("Bearer ", "")
      if (request.url?.endsWith("/token") && endpoint !== "token") {
        const access_token = `issued-token-${issued.length}`
        issued.push(access_token)
        response.end(JSON.stringify({ access_token }))
        return
      }
      const answer = echo(secret ?? "")
      response.writeHead(answer.status, answer.headers ?? {}).end(answer.body)
    })
    return { url: server.url, issued }
  })

const failingCall = (sandbox: Sandbox.Service, url: string) =>
  Effect.flatMap(
    connect(sandbox, { ...callOptions, ...loginOptions, api: Api.withBaseUrl(Api.v1, url) }),
    ({ metrics }) => metrics.query(documented)
  )

layer(Sandbox.layer(), { excludeTestServices: true })("secrets", (it) => {
  for (const failure of someOf(configurationFailures, 4)) {
    it.scoped(`the error of invalid options contains no secret: ${failure.name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        assertNowhere(
          [Redacted.value(sandbox.clientSecret), ...canaries],
          yield* printedBy(connect(sandbox, failure.options))
        )
      })
    )
  }

  for (const failure of someOf(loginFailures, 4)) {
    it.scoped(`the error of a token endpoint contains no secret: ${failure.name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { relay, api } = yield* relayed(sandbox)
        yield* Effect.forEach(failure.faults, sandbox.control.inject)
        const printed = yield* printedBy(
          Effect.flatMap(
            connect(sandbox, { ...loginOptions, ...failure.options, api }),
            ({ metrics }) => metrics.query(documented)
          )
        )
        assert.include(printed, "innerspace.token")
        assertNowhere(yield* secretsSeen(sandbox, relay), printed)
      })
    )
  }

  for (const failure of someOf(callFailures, 4)) {
    it.scoped(`the error of a GraphQL endpoint contains no secret: ${failure.name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { relay, api } = yield* relayed(sandbox)
        yield* Effect.forEach(failure.faults, sandbox.control.inject)
        const printed = yield* printedBy(
          Effect.flatMap(
            connect(sandbox, { ...callOptions, ...failure.options, api }),
            ({ metrics }) => metrics.query(documented)
          )
        )
        assert.include(printed, "query sample_graphql")
        const secrets = yield* secretsSeen(sandbox, relay)
        assert.isAbove(secrets.length, 1 + canaries.length)
        assertNowhere(secrets, printed)
      })
    )
  }

  it.scoped(
    "a successful call's logs and spans, and the sandbox's log of it, contain no secret",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { relay, api } = yield* relayed(sandbox)
        const { exit, spans } = yield* traced(
          logged(() =>
            Effect.scoped(
              Effect.flatMap(connect(sandbox, { api }), ({ metrics }) => metrics.query(documented))
            )
          )
        )
        const { lines } = yield* exit
        assert.include(spans, "query sample_graphql")
        assert.include(spans, "innerspace.token")
        assertNowhere(yield* secretsSeen(sandbox, relay), [...spans, ...lines])
        const requests = yield* sandbox.control.requests
        assert.lengthOf(requests, 2)
        assertNowhere(yield* secretsSeen(sandbox, relay), renderings(requests))
      })
  )

  it.scoped("the warning about a failed background renewal contains no secret", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { relay, api } = yield* relayed(sandbox)
      const warning = "Renewing the access token failed"
      const { lines } = yield* logged((lines) =>
        Effect.gen(function* () {
          const { tokens } = yield* connect(sandbox, { api })
          const token = yield* tokens.get
          yield* TestClock.adjust("23 hours")
          yield* TestClock.adjust("59 minutes")
          const error_description = `${Redacted.value(sandbox.clientSecret)} is wrong`
          yield* sandbox.control.inject(
            Fault.answer({
              target: "token",
              status: 401,
              body: JSON.stringify({ error: "access_denied", error_description })
            })
          )
          const served = yield* tokens.get
          assert.strictEqual(Redacted.value(served.value), Redacted.value(token.value))
          yield* until(Effect.sync(() => lines.some((line) => line.includes(warning))))
        })
      )
      assert.isTrue(lines.some((line) => line.includes("access_denied")))
      assertNowhere(yield* secretsSeen(sandbox, relay), lines)
    }).pipe(virtually)
  )

  it.scoped("printed services, tokens, layers and promise clients contain no secret", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { relay, api } = yield* relayed(sandbox)
      const options = { ...optionsFor(sandbox), api }
      const client = yield* connect(sandbox, { api })
      const token = yield* client.tokens.get
      yield* client.metrics.query(documented)
      const context = yield* Layer.build(NodeMetrics.layer(options))
      const promises = createMetricsClient({
        ...options,
        clientSecret: Redacted.value(options.clientSecret)
      })
      yield* Effect.promise(() => promises.query(documented))
      const values = [
        client,
        client.metrics,
        client.tokens,
        token,
        options,
        context,
        NodeMetrics.layer(options),
        NodeTokenProvider.layer(options),
        MetricsClient.layer(options),
        UndiciHttpClient.layer,
        promises
      ]
      const { lines } = yield* logged(() => logAtEveryLevel(values))
      assertNowhere(yield* secretsSeen(sandbox, relay), [...values.flatMap(renderings), ...lines])
      yield* Effect.promise(() => promises.close())
    })
  )

  for (const [name, echo] of someOf(echoes, 3)) {
    for (const status of someOf([200, 400, 401, 429, 503], 2)) {
      it.scoped(`secrets that a response echoes are redacted: ${name} with status ${status}`, () =>
        Effect.gen(function* () {
          const sandbox = yield* freshSandbox
          for (const endpoint of ["graphql", "token"] as const) {
            const server = yield* echoServer(endpoint, (secret) => ({
              status,
              body: echo(secret)
            }))
            const printed = yield* printedBy(failingCall(sandbox, server.url))
            assertNowhere([Redacted.value(sandbox.clientSecret), ...server.issued], printed)
          }
        })
      )
    }
  }

  it.scoped("secrets that headers echo are redacted", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      for (const endpoint of ["graphql", "token"] as const) {
        const server = yield* echoServer(endpoint, (secret) => ({
          status: 200,
          headers: { "x-request-id": secret, "content-type": secret, "x-echo": secret },
          body: "no"
        }))
        const printed = yield* printedBy(failingCall(sandbox, server.url))
        assertNowhere([Redacted.value(sandbox.clientSecret), ...server.issued], printed)
      }
    })
  )

  it.prop(
    "secrets are redacted as plain text, form and JSON",
    [FastCheck.string({ minLength: 8 }), FastCheck.string(), FastCheck.string()],
    ([secret, before, after]) => {
      for (const spelling of [
        secret,
        new URLSearchParams({ secret }).toString().slice("secret=".length),
        JSON.stringify(secret).slice(1, -1)
      ]) {
        const text = HttpExchange.strikeOut(`${before}|${spelling}|${after}`, [
          Redacted.make(secret)
        ])
        assert.notInclude(text, `|${spelling}|`)
      }
    }
  )
})
