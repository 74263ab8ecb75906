/**
 * The token without waiting, if the provider has one.
 *
 * With this, a call needs no time limit for the wait for a token; setting one takes twice as long
 * as the rest of a call. Only the provider knows that there is nothing to wait for. Measure it with
 * `npm run bench -- requests`.
 */
import type * as Clock from "effect/Clock"
import type * as Effect from "effect/Effect"
import type { AccessToken } from "../../AccessToken.js"
import type { AuthError } from "../../MetricsError.js"

type Get = Effect.Effect<AccessToken, AuthError>

type Peek = (clock: Clock.Clock) => AccessToken | undefined

/** Keyed by the effect itself: an app that wraps `get` may have changed what it does. */
const peeks = new WeakMap<Get, Peek>()

/** Registers the function that returns the token that `get` would return. */
export const setPeek = (get: Get, peek: Peek): void => {
  peeks.set(get, peek)
}

/** The token that `get` would return at once. `undefined` does not mean that there is none. */
export const peek = (get: Get, clock: Clock.Clock): AccessToken | undefined =>
  peeks.get(get)?.(clock)
