/**
 * The undici dispatcher of clients. It connects directly, or through the proxies that the
 * environment variables name.
 */
import { isLoopback } from "@innerspace-metrics/core/Api"
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type * as undici from "undici/index.js"
import Agent from "undici/lib/dispatcher/agent.js"
import { isNotPermitted } from "../notPermitted.js"
import { loadProxyAgent, makeConnect, throughProxy } from "./connections.js"
import { readNoProxy } from "./noProxy.js"

/** A dispatcher with at most this many connections to a host. */
export const environmentDispatcher = (
  connections: number
): Effect.Effect<undici.Dispatcher, ConfigurationError, Scope.Scope> =>
  Effect.gen(function* () {
    // undici's timeouts for headers and body are off, because callers have their own timeouts,
    // measured by the Clock.
    const agentOptions = { connections, headersTimeout: 0, bodyTimeout: 0 }
    const connect = yield* makeConnect
    const direct = yield* owned(new Agent({ ...agentOptions, connect }))
    const httpUri = yield* setting("HTTP_PROXY")
    const httpsUri = yield* setting("HTTPS_PROXY")
    if (httpUri === undefined && httpsUri === undefined) return direct
    const parts = yield* loadProxyAgent
    const proxy = (uri: string) =>
      Effect.flatMap(
        Effect.try({
          try: () => throughProxy(parts, uri, connect, agentOptions),
          catch: notUsable
        }),
        owned
      )
    const http = httpUri === undefined ? undefined : yield* proxy(httpUri)
    const https = httpsUri === undefined ? http : yield* proxy(httpsUri)
    const isExcepted = readNoProxy((yield* setting("NO_PROXY")) ?? "")
    return direct.compose((dispatch) => (options, handler) => {
      const url = urlOf(options.origin)
      const through = url?.protocol === "https:" ? https : http
      return through === undefined || url === undefined || isLoopback(url) || isExcepted(url)
        ? dispatch(options, handler)
        : through.dispatch(options, handler)
    })
  })

const owned = <A extends undici.Dispatcher>(dispatcher: A) =>
  Effect.acquireRelease(Effect.succeed(dispatcher), (dispatcher) =>
    Effect.promise(() => dispatcher.destroy())
  )

/**
 * The value of a variable for proxies. The lower-case name takes precedence, as in curl. An empty
 * variable counts as not set, because scripts unset a variable in this way. The value is read as a
 * secret, because a proxy's URL may contain a password.
 */
const setting = (name: string): Effect.Effect<string | undefined> =>
  Effect.map(
    Effect.forEach([name.toLowerCase(), name], variable),
    ([lower, upper]) => lower ?? upper
  )

const variable = (name: string): Effect.Effect<string | undefined> =>
  Config.redacted(name).pipe(
    Config.option,
    Effect.map(Option.match({ onNone: () => undefined, onSome: Redacted.value })),
    // Reading a variable as a string fails only if it is not set.
    Effect.catchIf(ConfigError.isConfigError, () => Effect.succeed(undefined)),
    Effect.map((value) => value?.trim() || undefined),
    // Deno throws if the program may not read the variable. The variable then counts as not set.
    Effect.catchSomeDefect((defect) =>
      isNotPermitted(defect) ? Option.some(Effect.succeed(undefined)) : Option.none()
    )
  )

const notUsable = (): ConfigurationError =>
  new ConfigurationError({
    reason: "InvalidConfiguration",
    problem: "HTTPS_PROXY or HTTP_PROXY is not a valid proxy URL",
    hint: "Write it like http://proxy.example:8080, and percent-encode reserved characters in a user name or password"
  })

const urlOf = (origin: string | URL | undefined): URL | undefined =>
  origin !== undefined && URL.canParse(origin.toString()) ? new URL(origin) : undefined
