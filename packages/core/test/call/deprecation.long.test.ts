import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, describe, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"

const token = { value: Redacted.make("token"), header: Api.v1.credential }

const parts = Layer.mergeAll(
  QueryBuilder.layer,
  TokenProvider.layerStatic(token),
  FetchHttpClient.layer
)

const clients = (count: number, api?: Api.Api) =>
  Effect.all(
    Array.from({ length: count }, () => MetricsClient.make(api === undefined ? {} : { api })),
    { concurrency: "unbounded" }
  ).pipe(Effect.provide(parts))

/** The messages that an app's own logger gets. */
const logged = <A, E>(program: Effect.Effect<A, E>) =>
  Effect.suspend(() => {
    const messages: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      messages.push(`${logLevel.label} ${message}`)
    })
    return Effect.as(Effect.provide(program, Logger.add(logger)), messages)
  })

const configured = (settings: Readonly<Record<string, string>>) =>
  Effect.withConfigProvider(
    Api.config,
    ConfigProvider.fromMap(new Map(Object.entries({ INNERSPACE_API: "v1.5", ...settings })))
  )

// The order matters: a process warns once for each generation, so the first tests must not cause a
// warning.
describe("the deprecation warning", () => {
  it.effect("no deprecation warning for v2, on loopback, or if it is silenced", () =>
    Effect.gen(function* () {
      const silenced = yield* configured({ INNERSPACE_DEPRECATION_WARNING: "false" })
      const messages = yield* logged(
        Effect.all([
          clients(1, Api.v2),
          clients(1, Api.withoutDeprecationWarning(Api.v1)),
          clients(
            1,
            Api.withBaseUrl(Api.withoutDeprecationWarning(Api.v1_5), "https://api.example")
          ),
          ...[
            "http://localhost:4000",
            "https://localhost",
            "http://127.0.0.1",
            "http://127.8.9.10:1/x",
            "http://[::1]:4000"
          ].flatMap((url) => [
            clients(1, Api.withBaseUrl(Api.v1, url)),
            clients(1, Api.withBaseUrl(Api.v1_5, url))
          ]),
          clients(1, silenced)
        ])
      )
      assert.deepStrictEqual(messages, [])
    })
  )

  it.effect("no deprecation warning for a client that cannot be built", () =>
    Effect.gen(function* () {
      const messages = yield* logged(Effect.flip(clients(1, Api.withBaseUrl(Api.v1, "nowhere"))))
      assert.deepStrictEqual(messages, [])
    })
  )

  it.effect(
    "the deprecation warning is logged once for any number of clients, and says what to do",
    () =>
      Effect.gen(function* () {
        const messages = yield* logged(Effect.all([clients(20), clients(1, { ...Api.v1 })]))
        assert.strictEqual(messages.length, 1)
        assert.match(
          messages[0] ?? "",
          /^WARN .* marks v1 of its API as deprecated since 2025-05-26\. .*Api\.v2.*withoutDeprecationWarning.*INNERSPACE_DEPRECATION_WARNING=false/
        )
      })
  )

  it.effect(
    "there is one deprecation warning per generation, not on the standard output by default",
    () =>
      Effect.gen(function* () {
        const calls: Array<unknown> = []
        const note = new Proxy(globalThis.console, { get: (_, method) => () => calls.push(method) })
        const console = { ...(yield* Effect.console), unsafe: note }
        const api = yield* configured({})
        yield* clients(3, api).pipe(
          Effect.provide(Logger.add(Logger.defaultLogger)),
          Effect.withConsole(console)
        )
        assert.deepStrictEqual(calls, ["warn"])
      })
  )
})

describe("Api.withoutDeprecationWarning", () => {
  it("Api.withoutDeprecationWarning changes nothing else", () => {
    const { deprecation, ...others } = Api.v1
    assert.deepStrictEqual(deprecation, { since: "2025-05-26" })
    assert.deepStrictEqual(Api.withoutDeprecationWarning(Api.v1), others)
    assert.strictEqual(Api.withoutDeprecationWarning(Api.v2).deprecation, undefined)
  })
})
