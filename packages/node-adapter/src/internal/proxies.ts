/** The dispatcher of the wired client: direct, or through the proxies that the environment names. */
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as undici from "undici"

export const environmentDispatcher: Effect.Effect<
  undici.Dispatcher,
  ConfigurationError,
  Scope.Scope
> = Effect.gen(function* () {
  const direct = yield* owned(new undici.Agent(agentOptions))
  const http = yield* setting("HTTP_PROXY")
  const https = yield* setting("HTTPS_PROXY")
  if (http === undefined && https === undefined) return direct
  const noProxy = yield* setting("NO_PROXY")
  const proxied = yield* owned(
    yield* Effect.try({
      try: () =>
        new undici.EnvHttpProxyAgent({
          ...agentOptions,
          // An empty text keeps undici from looking into the environment by itself.
          httpProxy: http ?? "",
          httpsProxy: https ?? "",
          noProxy: noProxy ?? ""
        }),
      catch: notUsable
    })
  )
  return proxied.compose(
    (dispatch) => (options, handler) =>
      isLoopback(options.origin) ? direct.dispatch(options, handler) : dispatch(options, handler)
  )
})

/** The callers' own timeouts cover headers and body, by the Clock. */
const agentOptions = { connections: 64, headersTimeout: 0, bodyTimeout: 0 }

const owned = <A extends undici.Dispatcher>(dispatcher: A) =>
  Effect.acquireRelease(Effect.succeed(dispatcher), (dispatcher) =>
    Effect.promise(() => dispatcher.destroy())
  )

/** Lower case first, as curl has it. A proxy's URL may hold a password. */
const setting = (name: string): Effect.Effect<string | undefined> =>
  Config.redacted(name.toLowerCase()).pipe(
    Config.orElse(() => Config.redacted(name)),
    Config.option,
    Effect.map(Option.match({ onNone: () => undefined, onSome: Redacted.value })),
    // A variable is there or is not: a text cannot be malformed.
    Effect.catchIf(ConfigError.isConfigError, () => Effect.succeed(undefined)),
    Effect.map((value) => (value?.trim() === "" ? undefined : value?.trim()))
  )

const notUsable = (): ConfigurationError =>
  new ConfigurationError({
    reason: "InvalidConfiguration",
    problem: "HTTPS_PROXY or HTTP_PROXY is no URL of a proxy",
    hint: "Write it as http://proxy.example:8080; what a URL reserves is percent-encoded in a name and a password"
  })

/** In clear text to this machine is allowed because it does not leave it. */
const isLoopback = (origin: string | URL | undefined): boolean => {
  if (origin === undefined || !URL.canParse(origin.toString())) return false
  const { hostname } = new URL(origin)
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
