/**
 * Permits handed on in the order in which they were asked for.
 *
 * Effect's `Semaphore` wakes who waits and lets it ask again: who comes in between is served first.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"

/** Runs an effect under a limit: it may have to wait before. */
export type Limit = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** At most `count` effects at once. Interrupting one that waits gives its place up. */
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
          // Where it is not among those who wait it had been handed a permit, and hands it on.
          waiting.delete(turn) ? Effect.void : release
        )
      })
      return Effect.zipRight(take, Effect.ensuring(restore(effect), release))
    })
}
