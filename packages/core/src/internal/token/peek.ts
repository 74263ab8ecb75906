/**
 * The token without waiting, if the provider has one.
 *
 * Avoids the time limit of a wait, which takes twice as long as the rest of a call. Only the
 * provider can tell that there is nothing to wait for. Measure it with `npm run bench -- requests`.
 */
import type * as Clock from "effect/Clock"
import type * as Effect from "effect/Effect"
import type { AccessToken } from "../../AccessToken.js"
import type { AuthError } from "../../MetricsError.js"

type Get = Effect.Effect<AccessToken, AuthError>

type Peek = (clock: Clock.Clock) => AccessToken | undefined

/** Keyed by the effect itself: an app that wraps `get` may have changed what it does. */
const peeks = new WeakMap<Get, Peek>()

/** Sets how to look at the token that `get` would return. */
export const setPeek = (get: Get, peek: Peek): void => {
  peeks.set(get, peek)
}

/** The token that `get` would return at once. `undefined` does not mean that there is none. */
export const peek = (get: Get, clock: Clock.Clock): AccessToken | undefined =>
  peeks.get(get)?.(clock)
