/**
 * Returns a provider's token without waiting, if the provider has a token.
 *
 * A call that gets its token in this way sets no time limit for it. Setting a time limit takes
 * twice as long as the rest of a call. Only the provider knows that there is nothing to wait for.
 * `npm run bench -- requests` measures the difference.
 */
import type * as Clock from "effect/Clock"
import type * as Effect from "effect/Effect"
import type { AccessToken } from "../../AccessToken.js"
import type { AuthError } from "../../MetricsError.js"

type Get = Effect.Effect<AccessToken, AuthError>

type Peek = (clock: Clock.Clock) => AccessToken | undefined

/** Keyed by `get` itself, because an app that wraps `get` may have changed what it does. */
const peeks = new WeakMap<Get, Peek>()

/** Registers the function that returns the token that `get` would return. */
export const setPeek = (get: Get, peek: Peek): void => {
  peeks.set(get, peek)
}

/** The token that `get` would return at once. `undefined` does not mean that there is none. */
export const peek = (get: Get, clock: Clock.Clock): AccessToken | undefined =>
  peeks.get(get)?.(clock)
