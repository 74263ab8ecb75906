/**
 * Access tokens by client credentials, for a backend (OAuth 2.0, RFC 6749, section 4.4).
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Api from "@innerspace-metrics/core/Api"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as FileTokenStore from "#FileTokenStore"
import { exchangeCredentials } from "./internal/clientCredentials.js"
import { login, secretOf } from "./internal/loginKinds.js"
import { wrongStores } from "./internal/wrongStores.js"

/**
 * Credentials and API. White space around the id and the secret is removed, because files and
 * environment variables often end with a line break.
 */
export interface Options extends TokenProvider.CachedOptions, Api.Choice {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  /**
   * Where the token is kept between processes, such as `FileTokenStore.make()`. By default the
   * token is not stored, because a library must not write a credential to disk without being told
   * to.
   */
  readonly tokenStore?: TokenStore.TokenStore
}

/**
 * A provider that exchanges client credentials for a token, caches it, and renews it before it
 * expires.
 *
 * Fails with a `ConfigurationError` for empty credentials and for a base URL that cannot be used.
 * `get` fails with an `AuthError`, whose reason is `CredentialsRefused` for a wrong id or secret.
 *
 * @example
 * ```ts
 * import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
 * import * as Redacted from "effect/Redacted"
 *
 * const provider = NodeTokenProvider.make({
 *   clientId: "my-backend",
 *   clientSecret: Redacted.make("from a vault")
 * })
 * ```
 */
export const make = (
  options: Options
): Effect.Effect<
  TokenProvider.TokenProvider,
  ConfigurationError,
  HttpClient.HttpClient | Scope.Scope
> => Effect.flatMap(HttpExchange.make(limits), (exchange) => makeOver(exchange, options))

/**
 * `make` over any transport.
 *
 * @example
 * ```ts
 * import type { HttpExchange } from "@innerspace-metrics/core"
 * import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
 * import * as Redacted from "effect/Redacted"
 *
 * const providerOver = (transport: HttpExchange.Transport) =>
 *   NodeTokenProvider.makeWithTransport(transport, {
 *     clientId: "my-backend",
 *     clientSecret: Redacted.make("from a vault")
 *   })
 * ```
 */
export const makeWithTransport = (
  transport: HttpExchange.Transport,
  options: Options
): Effect.Effect<TokenProvider.TokenProvider, ConfigurationError, Scope.Scope> =>
  makeOver(HttpExchange.makeWithTransport(transport, limits), options)

const limits: HttpExchange.Options = { maxBodySize: 1024 * 1024 }

const makeOver = (
  exchange: HttpExchange.Exchange,
  options: Options
): Effect.Effect<TokenProvider.TokenProvider, ConfigurationError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* LayerOptions.check({ ...login, ...LayerOptions.cached }, options)
    const clientId = yield* given("client id", options.clientId)
    const clientSecret = Redacted.make(
      yield* given("client secret", secretOf(options.clientSecret))
    )
    const wrongStore = options.tokenStore && wrongStores.get(options.tokenStore)
    if (wrongStore !== undefined) return yield* wrongStore
    const api = yield* Api.choose(options)
    const acquire = exchangeCredentials(exchange, yield* Api.tokenUrl(api), api, {
      clientId,
      clientSecret
    })
    const {
      clientId: _id,
      clientSecret: _secret,
      api: _api,
      baseUrl: _url,
      tokenStore,
      ...cached
    } = options
    if (tokenStore === undefined) return yield* TokenProvider.cached(acquire, cached)
    return yield* TokenProvider.cached(acquire, {
      ...cached,
      store: TokenStore.place(tokenStore, yield* TokenStore.key(api, clientId))
    })
  })

/** JavaScript callers pass `undefined` for an environment variable that is not set. */
const given = (
  what: "client id" | "client secret",
  value: unknown
): Effect.Effect<string, ConfigurationError> => {
  const text = typeof value === "string" ? value.trim() : ""
  return text !== ""
    ? Effect.succeed(text)
    : new ConfigurationError({
        reason: "MissingCredentials",
        problem: `The ${what} is ${typeof value === "string" ? "empty" : "missing"}`,
        hint: "Ask sales@innerspace.io for credentials, or use those that innerspace-sandbox prints"
      })
}

/**
 * `make` as a layer.
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 * import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
 * import * as Redacted from "effect/Redacted"
 *
 * const TokensLive = NodeTokenProvider.layer({
 *   clientId: "my-backend",
 *   clientSecret: Redacted.make("from a vault"),
 *   api: Api.v2
 * })
 * ```
 */
export const layer = (
  options: Options
): Layer.Layer<TokenProvider.TokenProvider, ConfigurationError, HttpClient.HttpClient> =>
  Layer.scoped(TokenProvider.TokenProvider, make(options))

/**
 * The options from configuration: `INNERSPACE_CLIENT_ID`, `INNERSPACE_CLIENT_SECRET` (redacted),
 * and what `Api.config` and `FileTokenStore.config` read: `INNERSPACE_API`, `INNERSPACE_BASE_URL`,
 * `INNERSPACE_TOKEN_STORE`.
 *
 * @example
 * ```ts
 * import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
 * import * as Config from "effect/Config"
 *
 * const impatient = Config.map(NodeTokenProvider.config, (options) => ({
 *   ...options,
 *   timeout: "2 seconds"
 * }))
 * ```
 */
export const config: Config.Config<
  Required<Pick<Options, "clientId" | "clientSecret">> & { readonly api: Api.Api } & Pick<
      Options,
      "tokenStore"
    >
> = Config.all({
  clientId: Config.string("INNERSPACE_CLIENT_ID"),
  clientSecret: Config.redacted("INNERSPACE_CLIENT_SECRET"),
  api: Api.config,
  tokenStore: FileTokenStore.config
}).pipe(
  Config.map(({ tokenStore, ...options }) =>
    Option.match(tokenStore, {
      onNone: () => options,
      onSome: (tokenStore) => ({ ...options, tokenStore })
    })
  )
)

/**
 * `layer` with its options from configuration, by default the environment. Fails to build with a
 * `ConfigurationError` that names each setting that is missing or malformed.
 *
 * @example
 * ```ts
 * import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
 *
 * const TokensLive = NodeTokenProvider.layerConfig()
 * ```
 */
export const layerConfig = (
  options: Config.Config<Options> = config
): Layer.Layer<TokenProvider.TokenProvider, ConfigurationError, HttpClient.HttpClient> =>
  Layer.unwrapEffect(Effect.map(LayerOptions.fromConfig(options), layer))
