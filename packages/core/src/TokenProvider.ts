/**
 * Where calls get their access token from, whatever the kind of credential.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as AccessToken from "./AccessToken.js"
import { tokenCycler } from "./internal/token/cache.js"
import { setPeek } from "./internal/token/peek.js"
import type { AuthError, ConfigurationError } from "./MetricsError.js"
import type { RetryPolicy } from "./RetryPolicy.js"
import type * as TokenStore from "./TokenStore.js"

/**
 * What a `TokenProvider` does.
 */
export interface TokenProviderService {
  /** A token that can be used now. Fails with an `AuthError` where none can be had. */
  readonly get: Effect.Effect<AccessToken.AccessToken, AuthError>
  /**
   * Says that the API refused this token. The next `get` does not answer it again; a refusal of a
   * token that is no longer in use changes nothing.
   */
  readonly invalidate: (token: AccessToken.AccessToken) => Effect.Effect<void>
}

/**
 * The service that gives calls their access token.
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
export class TokenProvider extends Context.Tag("@innerspace-metrics/core/TokenProvider")<
  TokenProvider,
  TokenProviderService
>() {}

/** How a cached token is renewed. */
export interface CachedOptions {
  /**
   * From how long before its expiry a token is renewed behind the calls that it still serves.
   * Default 2 minutes, and never more than a fifth of the token's lifetime.
   */
  readonly renewBefore?: Duration.DurationInput
  /**
   * From how long before its expiry calls wait for the new token. Default 30 seconds, and never
   * more than a twentieth of the token's lifetime. It has to cover the difference between the
   * clocks and the time of a request: the API allows none.
   */
  readonly waitBefore?: Duration.DurationInput
  /** How long one attempt to get a token may take. Default 10 seconds. */
  readonly timeout?: Duration.DurationInput
  /**
   * How a failed attempt is tried again. Default: 3 attempts within 30 seconds. The policy's budget
   * is for all requests of the provider together: where none is left, each request is one attempt,
   * and its error says why.
   */
  readonly retry?: RetryPolicy
}

/** `CachedOptions`, and where the token outlives the process. */
export interface StoredOptions extends CachedOptions {
  /**
   * Where the token is looked up before it is asked for, and written down afterwards. Default:
   * nowhere, so the token ends with the scope.
   */
  readonly store?: TokenStore.Place
}

/** What is known when a token is asked for. */
export interface TokenRequest {
  /**
   * The token that the API refused, where that is why another is asked for: the same one would be
   * refused again.
   */
  readonly refused: AccessToken.AccessToken | undefined
}

/** How a token is had. A function where it matters whether the API refused the last one. */
export type Acquire<R = never> =
  | Effect.Effect<AccessToken.AccessToken, AuthError, R>
  | ((request: TokenRequest) => Effect.Effect<AccessToken.AccessToken, AuthError, R>)

/**
 * A provider that keeps the token that `acquire` gets, for as long as the scope is open.
 *
 * However many callers ask, one request for a token is under way. It belongs to the scope and not
 * to the caller that began it, so a caller's timeout or interruption ends that caller's wait and
 * nothing else. A failure reaches all who wait and is not kept. When the scope closes, those who
 * wait get an `AuthError` (`Closed`).
 *
 * With a store, a token of another process is used in place of a request for one, and one process
 * at a time asks. A token that the API refused is removed from the store, if it still is the one
 * there. What goes wrong with the store is logged as a warning and fails nothing.
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
  options?: StoredOptions
) => Effect.Effect<TokenProviderService, ConfigurationError, R | Scope.Scope> = tokenCycler

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
 * One token that is never renewed: for a script, or a token that somebody else looks after.
 *
 * Fails to build with an `AuthError` (`InvalidAnswer`) where the token cannot be used.
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
export const layerStatic = (token: AccessToken.Options): Layer.Layer<TokenProvider, AuthError> =>
  Layer.effect(
    TokenProvider,
    Effect.map(AccessToken.make(token), (token) => {
      const get = Effect.succeed(token)
      setPeek(get, () => token)
      return { get, invalidate: () => Effect.void }
    })
  )
