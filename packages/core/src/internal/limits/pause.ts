/**
 * The pause that the API requested when it reported a rate limit. During a pause, a client sends no
 * requests.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import { type GraphQLError, ResponseError } from "../../MetricsError.js"
import { comeBack } from "../http/retryAfter.js"
import { millisOf } from "../monotonic.js"

export interface Pause {
  /** When the pause ends, as `millisOf` measures time. It is 0 if there is no pause. */
  until: number
}

/** How long the pause still lasts, in milliseconds. */
export const leftOf = (pause: Pause, clock: Clock.Clock): number => pause.until - millisOf(clock)

/**
 * Whether requests must wait. The function is called for every request, so it makes only one
 * comparison if there is no pause.
 */
export const isPaused = (pause: Pause, clock: Clock.Clock): boolean => {
  if (pause.until === 0) return false
  // Because clocks are rounded, a pause that is over may seem to last a fraction of a millisecond
  // more.
  if (leftOf(pause, clock) >= 1) return true
  pause.until = 0
  return false
}

/** Starts a pause if the error reports a rate limit and says how long to wait. */
export const pauseAfter = (
  { reason, retryAfter }: GraphQLError | ResponseError,
  pause: Pause,
  clock: Clock.Clock
): void => {
  if (reason !== "RateLimited" || retryAfter === undefined) return
  const wait = Math.min(Duration.toMillis(retryAfter), longestPause)
  pause.until = Math.max(pause.until, millisOf(clock) + wait)
}

/**
 * One hour. After one hour a request is sent again, because a longer wait may be a mistake of the
 * server.
 */
const longestPause = 3_600_000

/** The error of a call whose deadline is before the end of the pause. */
export const stillLimited = (millis: number): ResponseError => {
  const retryAfter = Duration.millis(millis)
  return new ResponseError({
    reason: "RateLimited",
    problem:
      "The request was not sent, because the API asked the client to wait past the call's deadline",
    hint: comeBack(retryAfter),
    status: 429,
    excerpt: "",
    retryAfter
  })
}
