/**
 * A limit on the number of concurrent effects. The effects begin in the order in which they
 * arrived.
 *
 * Effect's `Semaphore` is not used. It wakes a waiting effect, which must then compete for the
 * permit again, so an effect that arrives later can overtake the waiting effect.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"

/** Runs an effect under a limit. The effect may have to wait for its turn. */
export type Limit = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** Runs at most `count` effects at once. A waiting effect that is interrupted leaves the queue. */
export const makePermits = (count: number): Limit => {
  let free = count
  const waiting = new Set<Deferred.Deferred<void>>()

  const release = Effect.sync(() => {
    const [next] = waiting
    if (next === undefined) {
      free++
    } else {
      waiting.delete(next)
      Deferred.unsafeDone(next, Exit.void)
    }
  })

  return (effect) =>
    Effect.uninterruptibleMask((restore) => {
      const take = Effect.suspend(() => {
        if (free > 0) {
          free--
          return Effect.void
        }
        const turn = Deferred.unsafeMake<void>(FiberId.none)
        waiting.add(turn)
        return Effect.onInterrupt(restore(Deferred.await(turn)), () =>
          // An effect that is no longer in the queue has already been granted a permit, and
          // releases it.
          waiting.delete(turn) ? Effect.void : release
        )
      })
      return Effect.zipRight(take, Effect.ensuring(restore(effect), release))
    })
}
