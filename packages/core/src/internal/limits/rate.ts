/**
 * A limit on the number of effects that begin in any interval.
 *
 * Effect's `RateLimiter` is not used. When it starts, and at the border between two of its windows,
 * it can let twice as many effects begin within one interval. It also needs a fiber for its timer,
 * which can outlive the calls. In this module, each waiting effect sleeps in its own fiber.
 */
import * as Effect from "effect/Effect"
import { millisOf } from "../monotonic.js"
import { type Limit, makePermits } from "./concurrency.js"

/** Makes a limit of `limit` effects in any interval. `interval` is in milliseconds. */
export const makeRateLimit = (limit: number, interval: number): Limit => {
  const oneByOne = makePermits(1)
  /**
   * The times at which the last `limit` effects began. The time at index `next` is the oldest, and
   * the next effect replaces it.
   */
  const begun: Array<number> = []
  let next = 0

  const turn = Effect.gen(function* () {
    const clock = yield* Effect.clock
    const now = millisOf(clock)
    const oldest = begun[next]
    // If the clock goes back (which is possible in a test), the wait is still at most one interval.
    const wait = oldest === undefined ? 0 : Math.min(interval, oldest + interval - now)
    if (wait > 0) yield* Effect.sleep(wait)
    // The time is read again, because a timer may fire a little early.
    begun[next] = Math.max(now + wait, millisOf(clock))
    next = (next + 1) % limit
  })

  return (effect) => Effect.zipRight(oneByOne(turn), effect)
}
