/**
 * The token of the person who is signed in, from whatever the app signs in with.
 */
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
 * Where tokens come from. Give it to `BrowserMetrics.layer` or to `layer`. It takes no client
 * secret: what a browser has, the person in front of it has too.
 */
export type Source = (
  api: Api.Api
) => Effect.Effect<TokenProvider.TokenProvider, ConfigurationError, Scope.Scope>

/** How a token is renewed, and with whom it is shared. */
export interface Options extends TokenProvider.CachedOptions {
  /**
   * Whether tabs of the same origin renew together. Default: those whose JWTs name the same issuer,
   * audience, person and permissions. `identity` says who is signed in where tokens are no JWTs; it
   * has to change with the person. `false`: each tab by itself.
   */
  readonly tabs?: false | { readonly identity: string }
}

/** What a callback is told. */
export interface CallbackRequest {
  /** Whether the API refused the last token: the same one again would be refused again. */
  readonly isRefused: boolean
}

/** A token, as text or redacted; nothing where nobody is signed in. */
export type CallbackAnswer = string | Redacted.Redacted<string> | null | undefined

/**
 * Tokens from a function of the app's, which is called when one is needed: at the first call,
 * before the expiry that a JWT names, and after the API refused one. However many calls wait, one
 * call of the function is under way.
 *
 * What it throws or fails with becomes an `AuthError`, by its `error` code where it has one (OAuth
 * 2.0); an `AuthError` stays as it is. No token is `SignInRequired`.
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
 * What is needed of Auth0's client: that of `@auth0/auth0-spa-js` has it. With
 * `@auth0/auth0-react`, give `{ getTokenSilently: getAccessTokenSilently }` of `useAuth0`.
 */
export interface Auth0Client {
  readonly getTokenSilently: (options?: {
    readonly cacheMode?: "off"
    readonly authorizationParams?: Auth0AuthorizationParams
  }) => Promise<string | undefined>
  /** Where it is there, a token of another tab is taken for the person it names only. */
  readonly getUser?: () => Promise<{ readonly sub?: string } | undefined>
}

/** What the token is for, where it is not what the client was made with. */
export interface Auth0AuthorizationParams {
  readonly audience?: string
  readonly scope?: string
}

/** Options of `fromAuth0`. */
export interface Auth0Options extends Options {
  readonly authorizationParams?: Auth0AuthorizationParams
}

/**
 * Tokens from Auth0's client for single-page apps. After the API refused a token it is asked with
 * `cacheMode: "off"`, since it would give the same one again.
 *
 * What `get` fails with: `SignInRequired` where a person has to sign in (`login_required`,
 * `invalid_grant`, `missing_refresh_token`, `mfa_required`, ... and no token at all),
 * `ConsentRequired` for `consent_required`, `Timeout`, `Unavailable` and `Unreachable` where
 * another try can help, `CredentialsRefused` and `InvalidAnswer` where the settings have to be
 * mended.
 *
 * Renewal begins 1 minute before the expiry and not 2: only then Auth0's client lets go of the
 * token that it keeps. Source: auth0-spa-js, `src/Auth0Client.ts`.
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

/** State of the app that holds the token, and says when it changes: a store. */
export interface Subscribable {
  /** The token now; nothing while nobody is signed in. */
  readonly get: () => string | null | undefined
  /**
   * Calls the listener after each change, until what it returns is called: a function, or an object
   * with `unsubscribe`. It may also call it at once, as the stores of RxJS and Svelte do.
   */
  readonly subscribe: (listener: () => void) => (() => void) | { readonly unsubscribe: () => void }
}

/** Options of `fromSubscribable`. */
export interface SubscribableOptions {
  /** How long calls wait for a token that can be used, while there is none. Default 10 seconds. */
  readonly timeout?: TokenProvider.CachedOptions["timeout"]
}

/**
 * The token that the app holds in its state and renews by itself. Each call takes the one that is
 * there at the time. While there is none, or it has expired, or the API has refused it, calls wait
 * for a change of the state.
 *
 * What `get` fails with, when no other token comes in time: `SignInRequired`, `InvalidAnswer` for
 * one that has expired or cannot be used, `TokenRefused`.
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
 * A `TokenProvider` from a source, for wiring by hand.
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
 * One token that is never renewed. Fails to build with an `AuthError` (`InvalidAnswer`) where it
 * cannot be used.
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
