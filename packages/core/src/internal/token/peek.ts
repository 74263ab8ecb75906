/**
 * Returns a provider's token without waiting, if the provider has a token.
 *
 * A call that gets its token with `peek` needs no time limit for getting the token. Setting a time
 * limit takes twice as long as the rest of a call. `npm run bench -- requests` measures the
 * difference.
 */
import type * as Clock from "effect/Clock"
import type * as Effect from "effect/Effect"
import type { AccessToken } from "../../AccessToken.js"
import type { AuthError } from "../../MetricsError.js"

type Get = Effect.Effect<AccessToken, AuthError>

type Peek = (clock: Clock.Clock) => AccessToken | undefined

/**
 * The functions, keyed by the effect `get`. If an app replaces `get` with its own effect, no
 * function is found, because the app's effect may return another token.
 */
const peeks = new WeakMap<Get, Peek>()

/** Registers a function for `get`. The function returns the token that `get` would return. */
export const setPeek = (get: Get, peek: Peek): void => {
  peeks.set(get, peek)
}

/**
 * Returns the token that `get` would return without waiting. If the result is `undefined`, `get`
 * may still return a token.
 */
export const peek = (get: Get, clock: Clock.Clock): AccessToken | undefined =>
  peeks.get(get)?.(clock)
