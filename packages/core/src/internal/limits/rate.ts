/**
 * At most so many effects begun in any interval.
 *
 * Effect's `RateLimiter` lets up to twice the limit begin within one interval, at its start or at
 * the edge of two windows. Its fiber sleeps by the clock of whoever built it; here the one who
 * waits sleeps itself, so that no fiber outlives the calls.
 */
import * as Effect from "effect/Effect"
import { millisOf } from "../monotonic.js"
import { type Limit, makePermits } from "./concurrency.js"

/** `interval` is in milliseconds. */
export const makeRateLimit = (limit: number, interval: number): Limit => {
  const oneByOne = makePermits(1)
  /** When the last `limit` effects began; the oldest is where the next one is written. */
  const begun: Array<number> = []
  let next = 0

  const turn = Effect.gen(function* () {
    const clock = yield* Effect.clock
    const now = millisOf(clock)
    const oldest = begun[next]
    // A clock that is put back (a test can do that) makes nobody wait for more than one interval.
    const wait = oldest === undefined ? 0 : Math.min(interval, oldest + interval - now)
    if (wait > 0) yield* Effect.sleep(wait)
    // A timer may fire a little early.
    begun[next] = Math.max(now + wait, millisOf(clock))
    next = (next + 1) % limit
  })

  return (effect) => Effect.zipRight(oneByOne(turn), effect)
}
