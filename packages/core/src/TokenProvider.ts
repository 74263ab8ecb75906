/** Providers of access tokens for calls. A provider can use any kind of credential. */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as AccessToken from "./AccessToken.js"
import type * as cache from "./internal/token/cache.js"
import type { StoredOptions, TokenRequest } from "./internal/token/cache.js"
import { emptyState as empty, tokenCycler } from "./internal/token/cache.js"
import { setPeek } from "./internal/token/peek.js"
import type { AuthError, ConfigurationError } from "./MetricsError.js"
import type { RetryPolicy } from "./RetryPolicy.js"

/**
 * The operations of a `TokenProvider`.
 */
export interface TokenProvider {
  /**
   * Returns a token that can be used now. Fails with an `AuthError` if no token can be obtained.
   */
  readonly get: Effect.Effect<AccessToken.AccessToken, AuthError>
  /**
   * Reports that the API refused this token. The next `get` does not return this token again. A
   * report about a token that is no longer in use has no effect.
   */
  readonly invalidate: (token: AccessToken.AccessToken) => Effect.Effect<void>
}

/**
 * The service that provides the access tokens of calls.
 *
 * @example
 * ```ts
 * import { TokenProvider } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const expiresAt = Effect.gen(function* () {
 *   const tokens = yield* TokenProvider.TokenProvider
 *   return (yield* tokens.get).expiresAt
 * })
 * ```
 */
export const TokenProvider: Context.Tag<TokenProvider, TokenProvider> =
  /* @__PURE__ */ Context.GenericTag<TokenProvider>("@innerspace-metrics/core/TokenProvider")

/** How a cached token is renewed. */
export interface CachedOptions {
  /**
   * If a token expires within this time, the provider renews the token in the background. Calls
   * still use the old token during the renewal. Default 2 minutes, and never more than a fifth of
   * the token's lifetime.
   */
  readonly renewBefore?: Duration.DurationInput
  /**
   * If a token expires within this time, calls wait for the new token. Default 30 seconds, and
   * never more than a twentieth of the token's lifetime. The time must cover the duration of a
   * request and the difference between the clocks of this machine and the API, because the API
   * rejects an expired token.
   */
  readonly waitBefore?: Duration.DurationInput
  /** How long one attempt to get a token may take. Default 10 seconds. */
  readonly timeout?: Duration.DurationInput
  /**
   * How a failed token request is retried. Default: 3 attempts within 30 seconds. All token
   * requests of the provider share the policy's budget. When the budget is used up, a token request
   * makes only one attempt, and its error says so.
   */
  readonly retry?: RetryPolicy
}

/**
 * How to obtain a token. If this is a function, it receives the token that the API refused, if any.
 */
export type Acquire<R = never> =
  | Effect.Effect<AccessToken.AccessToken, AuthError, R>
  | ((request: TokenRequest) => Effect.Effect<AccessToken.AccessToken, AuthError, R>)

/**
 * Creates a provider that caches the token of `acquire` for as long as the scope is open.
 *
 * At most one token request is in flight, and all callers wait for this request. The request
 * belongs to the scope, not to the caller that began it. The timeout or interruption of a caller
 * therefore ends only the wait of this caller. A failure reaches all waiting callers and is not
 * cached. When the scope closes, waiting callers fail with an `AuthError` (`Closed`).
 *
 * With a store, the provider uses a token that another process has stored, and only one process at
 * a time requests a token. A token that the API refused is removed from the store, if the store
 * still has this token. Errors of the store are logged as warnings and do not fail calls.
 *
 * An adapter that creates a provider for each call passes the same `state` to all of these
 * providers.
 *
 * Fails with a `ConfigurationError` (`InvalidOption`) for an option that cannot be used.
 *
 * @example
 * ```ts
 * import { AccessToken, Api, TokenProvider } from "@innerspace-metrics/core"
 * import * as Redacted from "effect/Redacted"
 *
 * const provider = TokenProvider.cached(
 *   AccessToken.make({
 *     value: Redacted.make("from a vault"),
 *     header: Api.v1.credential,
 *     expiresIn: 600
 *   })
 * )
 * ```
 */
export const cached: <R>(
  acquire: Acquire<R>,
  options?: StoredOptions,
  state?: State
) => Effect.Effect<TokenProvider, ConfigurationError, R | Scope.Scope> = tokenCycler

/**
 * What a cached provider remembers between its token requests: the current token, the rejections of
 * earlier tokens, and the time before which it requests no token. A state is data without fibers,
 * timers and promises.
 */
export type State = cache.State

/**
 * Creates the state of a provider that has no token yet. Providers with the same state share a
 * token and the pauses between token requests. This is for an adapter to a runtime in which a
 * provider cannot outlive a call.
 *
 * @example
 * ```ts
 * import { type AccessToken, type MetricsError, TokenProvider } from "@innerspace-metrics/core"
 * import type * as Effect from "effect/Effect"
 *
 * const state = TokenProvider.emptyState()
 *
 * const providerOfCall = (
 *   acquire: Effect.Effect<AccessToken.AccessToken, MetricsError.AuthError>
 * ) => TokenProvider.cached(acquire, {}, state)
 * ```
 */
export const emptyState: () => State = empty

/**
 * `cached` as a layer.
 *
 * @example
 * ```ts
 * import { AccessToken, Api, TokenProvider } from "@innerspace-metrics/core"
 * import * as Redacted from "effect/Redacted"
 *
 * const TokensLive = TokenProvider.layer(
 *   AccessToken.make({
 *     value: Redacted.make("from a vault"),
 *     header: Api.v1.credential,
 *     expiresIn: 600
 *   })
 * )
 * ```
 */
export const layer = <R>(
  acquire: Acquire<R>,
  options?: StoredOptions
): Layer.Layer<TokenProvider, ConfigurationError, Exclude<R, Scope.Scope>> =>
  Layer.scoped(TokenProvider, cached(acquire, options))

/**
 * Provides one token that is never renewed. Use it in a script, or if another program obtains the
 * tokens.
 *
 * The layer fails with an `AuthError` (`InvalidAnswer`) if the token cannot be used.
 *
 * @example
 * ```ts
 * import { Api, TokenProvider } from "@innerspace-metrics/core"
 * import * as Redacted from "effect/Redacted"
 *
 * const TokensLive = TokenProvider.layerStatic({
 *   value: Redacted.make("eyJ..."),
 *   header: Api.v1.credential
 * })
 * ```
 */
export const layerStatic = (
  token: Parameters<typeof AccessToken.make>[0]
): Layer.Layer<TokenProvider, AuthError> =>
  Layer.effect(
    TokenProvider,
    Effect.map(AccessToken.make(token), (token) => {
      const get = Effect.succeed(token)
      setPeek(get, () => token)
      return { get, invalidate: () => Effect.void }
    })
  )
