/**
 * Whether a token can be had without waiting.
 *
 * A wait needs a time limit, and that costs more than the rest of what a call does before its
 * request. Nobody but the one who holds the token can tell that there will be none.
 */
import type * as Clock from "effect/Clock"
import type * as Effect from "effect/Effect"
import type { AccessToken } from "../../AccessToken.js"
import type { AuthError } from "../../MetricsError.js"

type Get = Effect.Effect<AccessToken, AuthError>

type AtHand = (clock: Clock.Clock) => AccessToken | undefined

/** By the effect itself: one that somebody has wrapped does more than what is known here. */
const known = new WeakMap<Get, AtHand>()

export const note = (get: Get, atHand: AtHand): void => {
  known.set(get, atHand)
}

/** The token that `get` would answer at once. None says nothing. */
export const find = (get: Get, clock: Clock.Clock): AccessToken | undefined =>
  known.get(get)?.(clock)
