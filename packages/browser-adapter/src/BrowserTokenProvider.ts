/** The signed-in person's token, from the app's sign-in library or state. */
import * as Api from "@innerspace-metrics/core/Api"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { auth0Person, auth0Token } from "./internal/auth0.js"
import { callbackToken } from "./internal/callbackToken.js"
import { isSource } from "./internal/functions.js"
import { heldToken } from "./internal/heldToken.js"
import { renewedToken } from "./internal/renewedToken.js"
import { sourceLayer } from "./internal/sourceLayer.js"

/**
 * A source of tokens. Pass it to `BrowserMetrics.layer` or to `layer`. No source accepts a client
 * secret, because the person who uses a browser can read everything in it.
 */
export type Source = (
  api: Api.Api
) => Effect.Effect<TokenProvider.TokenProvider, ConfigurationError, Scope.Scope>

/** How a token is renewed, and which tabs share it. */
export interface Options extends TokenProvider.CachedOptions {
  /**
   * Which tabs of an origin share one renewal. By default these are the tabs whose JWTs have the
   * same issuer, audience, person and permissions. If tokens are not JWTs, set `identity` to a
   * string that identifies the signed-in person and changes when another person signs in. With
   * `false`, each tab renews its own token.
   */
  readonly tabs?: false | { readonly identity: string }
}

/** The argument of a callback. */
export interface CallbackRequest {
  /** Whether the API rejected the last token. If so, the callback must return another token. */
  readonly isRefused: boolean
}

/** A token, as a string or as a `Redacted` value, or nothing if nobody is signed in. */
export type CallbackAnswer = string | Redacted.Redacted<string> | null | undefined

/**
 * Tokens from a function of the app. It is called at the first call, before a JWT expires, and
 * after the API rejects a token. If several calls wait for a token, the function still runs only
 * once.
 *
 * If the function throws or rejects, the call fails with an `AuthError`. If the error of the
 * function has an OAuth 2.0 code in its field `error`, this code determines the `reason` of the
 * `AuthError`. If the function itself throws an `AuthError`, this error is kept unchanged. If the
 * function returns no token, the `reason` is `SignInRequired`.
 *
 * @example
 * ```ts
 * import { BrowserMetrics, BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
 *
 * const MetricsLive = BrowserMetrics.layer({
 *   token: BrowserTokenProvider.fromCallback(async ({ isRefused }) => {
 *     const response = await fetch(`/session/token?fresh=${isRefused}`)
 *     return response.ok ? response.text() : undefined
 *   })
 * })
 * ```
 */
export const fromCallback = (
  callback: (
    request: CallbackRequest
  ) => Promise<CallbackAnswer> | Effect.Effect<CallbackAnswer, unknown>,
  options: Options = {}
): Source =>
  renewedToken(callbackToken(callback), () => Effect.succeed(true), options, { callback })

/**
 * The methods of Auth0's client that this package calls. The client of `@auth0/auth0-spa-js` has
 * these methods. With `@auth0/auth0-react`, pass `{ getTokenSilently: getAccessTokenSilently }` of
 * `useAuth0`.
 */
export interface Auth0Client {
  readonly getTokenSilently: (options?: {
    readonly cacheMode?: "off"
    readonly authorizationParams?: Auth0AuthorizationParams
  }) => Promise<string | undefined>
  /**
   * If present, a token of another tab is accepted only if the token belongs to the person that
   * this function returns.
   */
  readonly getUser?: () => Promise<{ readonly sub?: string } | undefined>
}

/** Audience and scope of the token, if they differ from the client's audience and scope. */
export interface Auth0AuthorizationParams {
  readonly audience?: string
  readonly scope?: string
}

/** Options of `fromAuth0`. */
export interface Auth0Options extends Options {
  readonly authorizationParams?: Auth0AuthorizationParams
}

/**
 * Tokens from Auth0's client for single-page apps. After the API rejects a token, the client is
 * called with `cacheMode: "off"`, because otherwise it would return the rejected token again.
 *
 * `get` fails with `SignInRequired` if the client returns no token, or an error code such as
 * `login_required`, `invalid_grant`, `missing_refresh_token` or `mfa_required`, and with
 * `ConsentRequired` for `consent_required`. It fails with `Timeout`, `Unavailable` or `Unreachable`
 * if a retry can help, and with `CredentialsRefused` or `InvalidAnswer` if the settings must be
 * fixed.
 *
 * Renewal starts 1 minute before the expiry instead of 2 minutes, because Auth0's client returns
 * its cached token until 1 minute before the expiry. Source: auth0-spa-js, `src/Auth0Client.ts`.
 *
 * @example
 * ```ts
 * import { createAuth0Client } from "@auth0/auth0-spa-js"
 * import { BrowserMetrics, BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
 *
 * const auth0 = await createAuth0Client({
 *   domain: "login.example.com",
 *   clientId: "my-app",
 *   authorizationParams: { audience: "https://global-config.innerspace.io" }
 * })
 * const MetricsLive = BrowserMetrics.layer({ token: BrowserTokenProvider.fromAuth0(auth0) })
 * ```
 */
export const fromAuth0 = (client: Auth0Client, options?: Auth0Options): Source => {
  const { authorizationParams, ...others } = options ?? {}
  return renewedToken(
    callbackToken(auth0Token(client, authorizationParams)),
    auth0Person(client),
    { renewBefore: "1 minute", ...others },
    { getTokenSilently: client?.getTokenSilently }
  )
}

/** A store of the app that holds the token and reports when the token changes. */
export interface Subscribable {
  /** The current token, or nothing while nobody is signed in. */
  readonly get: () => string | null | undefined
  /**
   * Calls the listener after each change. Returns a function that ends the subscription, or an
   * object whose method `unsubscribe` ends the subscription. `subscribe` may also call the listener
   * at once, as the stores of RxJS and Svelte do.
   */
  readonly subscribe: (listener: () => void) => (() => void) | { readonly unsubscribe: () => void }
}

/** Options of `fromSubscribable`. */
export interface SubscribableOptions {
  /** How long calls wait while there is no usable token. Default 10 seconds. */
  readonly timeout?: TokenProvider.CachedOptions["timeout"]
}

/**
 * A token that the app holds in its state and renews by itself. Each call uses the current token.
 * Calls wait for a change of the state if there is no token, if the token has expired, or if the
 * API has rejected it.
 *
 * The lifetime of a JWT with `iat` starts when this page first sees the JWT. If no usable token
 * arrives in time, `get` fails with one of these reasons:
 *
 * - `SignInRequired`: there is no token.
 * - `InvalidAnswer`: the token has expired by this clock, or contains characters that a header
 *   cannot contain.
 * - `TokenRefused`: the API has rejected the token.
 *
 * @example
 * ```ts
 * import { BrowserMetrics, BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
 *
 * declare const store: {
 *   getState: () => { readonly token?: string }
 *   subscribe: (listener: () => void) => () => void
 * }
 * const MetricsLive = BrowserMetrics.layer({
 *   token: BrowserTokenProvider.fromSubscribable({
 *     get: () => store.getState().token,
 *     subscribe: store.subscribe
 *   })
 * })
 * ```
 */
export const fromSubscribable = (state: Subscribable, options: SubscribableOptions = {}): Source =>
  heldToken(state, options)

/**
 * A `TokenProvider` from a source, for manual wiring.
 *
 * @example
 * ```ts
 * import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
 *
 * const TokensLive = BrowserTokenProvider.layer({
 *   token: BrowserTokenProvider.fromCallback(() => Promise.resolve("eyJ..."))
 * })
 * ```
 */
export const layer = (
  options: Api.Choice & { readonly token: Source }
): Layer.Layer<TokenProvider.TokenProvider, ConfigurationError> =>
  Layer.unwrapEffect(
    Effect.map(LayerOptions.check(kinds, options), () => sourceLayer(options.token, options))
  )

const kinds: LayerOptions.Kinds = {
  token: isSource,
  "api?": () => true,
  "baseUrl?": (value) => typeof value === "string"
}

/**
 * One token that is never renewed. Fails to build with an `AuthError` (`InvalidAnswer`) if the
 * token is invalid.
 *
 * @example
 * ```ts
 * import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
 * import * as Redacted from "effect/Redacted"
 *
 * const TokensLive = BrowserTokenProvider.layerStatic(Redacted.make("eyJ..."))
 * ```
 */
export const layerStatic = (
  token: Redacted.Redacted<string>,
  api: Api.Api = Api.v1
): Layer.Layer<TokenProvider.TokenProvider, AuthError> =>
  TokenProvider.layerStatic({ value: token, header: api.credential })
