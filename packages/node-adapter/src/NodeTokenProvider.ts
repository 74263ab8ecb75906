/**
 * Providers of access tokens. A backend uses client credentials (OAuth 2.0, RFC 6749, section 4.4).
 * A person signs in to a native application with a code (RFC 8628) or in the browser (RFC 8252).
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Api from "@innerspace-metrics/core/Api"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import { type AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as FileTokenStore from "#FileTokenStore"
import * as person from "#person"
import { BetweenCalls } from "./internal/betweenCalls.js"
import { exchangeCredentials } from "./internal/clientCredentials.js"
import { login, secretOf } from "./internal/loginKinds.js"
import type * as Device from "./internal/person/deviceCode.js"
import type * as PersonOptions from "./internal/person/options.js"
import type * as Person from "./internal/person/signIn.js"
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
    const { clientId, clientSecret } = yield* credentialsOf(options)
    const wrongStore = options.tokenStore && wrongStores.get(options.tokenStore)
    if (wrongStore !== undefined) return yield* wrongStore
    const api = yield* Api.choose(options)
    const shared = Option.getOrUndefined(yield* Effect.serviceOption(BetweenCalls))
    const acquire = exchangeCredentials(
      exchange,
      yield* Api.tokenUrl(api),
      api,
      { clientId, clientSecret },
      shared?.ofLogins
    )
    const {
      clientId: _id,
      clientSecret: _secret,
      api: _api,
      baseUrl: _url,
      tokenStore,
      ...cached
    } = options
    const key = yield* TokenStore.key(api, clientId)
    if (shared !== undefined) return yield* shared.provider(acquire, cached, key, tokenStore)
    return yield* TokenProvider.cached(acquire, {
      ...cached,
      ...(tokenStore === undefined ? {} : { store: TokenStore.place(tokenStore, key) })
    })
  })

/**
 * Checks the credentials. JavaScript callers pass `undefined` for an environment variable that is
 * not set.
 */
const credentialsOf = (
  options: Options
): Effect.Effect<
  { readonly clientId: string; readonly clientSecret: Redacted.Redacted },
  ConfigurationError
> => {
  const secret = secretOf(options.clientSecret)
  const problems = [
    ...problemsWith("client id", options.clientId),
    ...problemsWith("client secret", secret)
  ]
  return problems.length === 0
    ? Effect.succeed({
        clientId: textOf(options.clientId),
        clientSecret: Redacted.make(textOf(secret))
      })
    : new ConfigurationError({
        reason: "MissingCredentials",
        problem: `The ${problems.join(", and the ")}`,
        hint: "Ask sales@innerspace.io for credentials, or use those that innerspace-sandbox prints"
      })
}

const problemsWith = (what: string, value: unknown): ReadonlyArray<string> =>
  textOf(value) === "" ? [`${what} is ${typeof value === "string" ? "empty" : "missing"}`] : []

const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "")

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
 * The options from configuration: `INNERSPACE_CLIENT_ID` and `INNERSPACE_CLIENT_SECRET` (redacted),
 * and the variables of `Api.config` and `FileTokenStore.config`, such as `INNERSPACE_API`,
 * `INNERSPACE_BASE_URL` and `INNERSPACE_TOKEN_STORE`.
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
 * `layer` with options from configuration, by default from the environment. Fails to build with a
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

/** The application in which a person signs in, as registered with the identity provider. */
export type SignInOptions = PersonOptions.SignInOptions

/** The code and the page with which the person can sign in on any device that has a browser. */
export type DeviceCode = Device.DeviceCode

/** The tokens of a person who signs in. */
export type PersonTokenProvider = Person.PersonTokenProvider

/**
 * A way for a person to sign in. `deviceCode` and `browser` each return a `SignIn`. Nothing happens
 * until a layer or a client uses the `SignIn`.
 */
export interface SignIn {
  /**
   * Creates a provider of the person's tokens for an API. The provider does not sign the person in
   * by itself: without stored tokens, `get` fails with `SignInRequired` until `signIn` has been
   * run.
   *
   * Fails with a `ConfigurationError` for options that cannot be used.
   */
  readonly make: (
    choice?: Api.Choice
  ) => Effect.Effect<PersonTokenProvider, ConfigurationError, Scope.Scope>
}

/** Options of `deviceCode`. */
export interface DeviceCodeOptions extends SignInOptions {
  /** Shows the code and the page to the person. It may return a promise or an `Effect`. */
  readonly onCode: (code: DeviceCode) => void | PromiseLike<void> | Effect.Effect<void>
}

/** Options of `browser`. */
export interface BrowserOptions extends SignInOptions {
  /**
   * Opens the sign-in page. It may return a promise or an `Effect`. Default: opens the system's
   * browser. If there is no browser, the sign-in fails with an error that recommends `deviceCode`.
   */
  readonly open?: (url: string) => void | PromiseLike<void> | Effect.Effect<void>
  /**
   * The port of 127.0.0.1 to which the browser returns, for an identity provider that does not
   * accept every port. The callback is `http://127.0.0.1:<port>/callback`. Default: any free port.
   */
  readonly redirectPort?: number
  /** How long the person may take for the sign-in. Default 5 minutes. */
  readonly signInTimeout?: Duration.DurationInput
}

/**
 * A sign-in with a code that the person enters on any device (OAuth 2.0 device authorization grant,
 * RFC 8628), for a program without a browser, such as a program that a person runs on a server over
 * SSH.
 *
 * The program polls the identity provider at the interval that the identity provider names. The
 * response `slow_down` adds 5 seconds to the interval. A response with status 5xx or a lost
 * connection does not end the sign-in. The sign-in fails with an `AuthError`: `SignInDenied` if the
 * person refuses, `SignInExpired` if the code expires.
 *
 * @example
 * ```ts
 * import { FileTokenStore, NodeMetrics, NodeTokenProvider } from "@innerspace-metrics/node-adapter"
 *
 * const signIn = NodeTokenProvider.deviceCode({
 *   issuer: "https://my-team.eu.auth0.com",
 *   clientId: "my-command-line",
 *   tokenStore: FileTokenStore.make(),
 *   onCode: ({ userCode, verificationUri }) =>
 *     console.error(`Open ${verificationUri} and enter ${userCode}`)
 * })
 *
 * const MetricsLive = NodeMetrics.layerSignIn(signIn, { api: "v2" })
 * ```
 */
export const deviceCode = (options: DeviceCodeOptions): SignIn => ({
  make: (choice = {}) => person.withDeviceCode(options, choice)
})

/**
 * A sign-in in the system's browser (RFC 8252), for a program on the person's own machine. The
 * browser returns to a free port of 127.0.0.1, where exactly one response of the identity provider
 * is accepted. PKCE (`S256`), `state`, `nonce` and `iss` protect the sign-in.
 *
 * The sign-in fails with an `AuthError`: `SignInDenied` if the person refuses, `SignInExpired`
 * after `signInTimeout`, `SignInRequired` if no browser can be opened.
 *
 * @example
 * ```ts
 * import { NodeMetrics, NodeTokenProvider } from "@innerspace-metrics/node-adapter"
 *
 * const signIn = NodeTokenProvider.browser({
 *   issuer: "https://my-team.eu.auth0.com",
 *   clientId: "my-desktop-app"
 * })
 *
 * const MetricsLive = NodeMetrics.layerSignIn(signIn, { api: "v2" })
 * ```
 */
export const browser = (options: BrowserOptions): SignIn => ({
  make: (choice = {}) => person.inBrowser(options, choice)
})

/**
 * A person's tokens as a layer. The person signs in while the layer is built, unless stored tokens
 * can still be used. To cancel the sign-in, interrupt the build.
 *
 * @example
 * ```ts
 * import { MetricsClient, QueryBuilder } from "@innerspace-metrics/core"
 * import { NodeTokenProvider, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
 * import * as Layer from "effect/Layer"
 *
 * const signIn = NodeTokenProvider.browser({
 *   issuer: "https://my-team.eu.auth0.com",
 *   clientId: "my-desktop-app"
 * })
 *
 * const MetricsLive = MetricsClient.layer({ api: "v2" }).pipe(
 *   Layer.provide([QueryBuilder.layer, NodeTokenProvider.layerSignIn(signIn, { api: "v2" })]),
 *   Layer.provide(UndiciHttpClient.layer)
 * )
 * ```
 */
export const layerSignIn = (
  signIn: SignIn,
  choice: Api.Choice = {}
): Layer.Layer<TokenProvider.TokenProvider, ConfigurationError | AuthError> =>
  Layer.scoped(
    TokenProvider.TokenProvider,
    Effect.tap(signIn.make(choice), (provider) =>
      Effect.catchIf(
        Effect.asVoid(provider.get),
        ({ reason }) => reason === "SignInRequired",
        () => provider.signIn
      )
    )
  )
