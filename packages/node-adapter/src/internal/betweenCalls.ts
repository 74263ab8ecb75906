/**
 * The data that a client's layers share if each call has its own layer, as in a Worker. In Node a
 * client has one layer, which does not need this service.
 *
 * The service holds only data, because in a Worker, timers, promises and fibers belong to the
 * incoming request that created them.
 */
import type { AccessToken } from "@innerspace-metrics/core/AccessToken"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import type * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** A pause that a server has asked for. */
export interface Pause {
  /** When the pause ends, in milliseconds of the monotonic clock. 0 if there is no pause. */
  until: number
}

export interface BetweenCalls {
  /** The pause that the API has asked for. */
  readonly ofCalls: Pause
  /** The pause that the token endpoint has asked for. */
  readonly ofLogins: Pause
  /**
   * Creates a provider like `TokenProvider.cached`. The provider looks for the shared token before
   * it reads the app's own store.
   */
  readonly provider: (
    acquire: Effect.Effect<AccessToken, AuthError>,
    options: TokenProvider.CachedOptions,
    key: TokenStore.Key,
    given: TokenStore.TokenStore | undefined
  ) => Effect.Effect<TokenProvider.TokenProvider, ConfigurationError, Scope.Scope>
}

export const BetweenCalls = Context.GenericTag<BetweenCalls>(
  "@innerspace-metrics/node-adapter/BetweenCalls"
)
