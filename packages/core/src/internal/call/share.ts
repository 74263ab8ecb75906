/** Runs equal work only once while it is in flight, and gives the result to all callers. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { InFlightMap } from "../http/inFlightMap.js"

/** Work to run, and the cleanup that runs as soon as the work has ended for any reason. */
export interface Work<A, E> {
  readonly begin: () => Effect.Effect<A, E>
  readonly end: () => void
}

/** Runs the work, or waits for equal work in flight: work with the same key and equal terms. */
export type Share<A, E> = (key: string, terms: unknown, work: Work<A, E>) => Effect.Effect<A, E>

/** Shares nothing: each caller runs its own work. */
export const unshared = <A, E>(_key: string, _terms: unknown, work: Work<A, E>) =>
  Effect.uninterruptibleMask((restore) => ended(restore, work, () => {}))

/** Work in flight, and the callers that wait for its result. */
interface Flight<A, E> {
  readonly terms: unknown
  /**
   * The waiting callers, in the order of their arrival. A caller that gets `undefined` instead of a
   * result must run its own work.
   */
  waiting: Set<(exit: Exit.Exit<A, E> | undefined) => void> | undefined
}

/**
 * Makes a `Share`. If the caller that runs the work is interrupted, the next waiting caller runs
 * its own work. The work does not run in a fiber of its own, because most work has only one caller,
 * and the fiber would then take longer than the work.
 */
export const makeSharing = <A, E>(): Share<A, E> => {
  const flights = new InFlightMap<string, Flight<A, E>>()

  return (key, terms, work) =>
    Effect.uninterruptibleMask((restore) => {
      const lead = (flight: Flight<A, E>) =>
        ended(restore, work, (exit) => {
          if (Exit.isInterrupted(exit)) return passOn(flight)
          flights.delete(key)
          if (flight.waiting !== undefined) for (const tell of flight.waiting) tell(exit)
        })
      const passOn = ({ waiting }: Flight<A, E>) => {
        const [next] = waiting ?? []
        if (next === undefined) {
          flights.delete(key)
        } else {
          waiting?.delete(next)
          next(undefined)
        }
      }
      const follow = (flight: Flight<A, E>) => {
        flight.waiting ??= new Set()
        const { waiting } = flight
        let isNext = false
        const turn = Effect.async<Exit.Exit<A, E> | undefined>((resume) => {
          const tell = (exit: Exit.Exit<A, E> | undefined) => {
            isNext = exit === undefined
            resume(Effect.succeed(exit))
          }
          waiting.add(tell)
          return Effect.sync(() => {
            waiting.delete(tell)
            // The work was handed over to this caller, but the caller is interrupted.
            if (isNext) passOn(flight)
          })
        })
        return Effect.flatMap(restore(turn), (exit) => exit ?? lead(flight))
      }
      const found = flights.get(key)
      if (found !== undefined) {
        return JSON.stringify(found.terms) === JSON.stringify(terms)
          ? follow(found)
          : unshared(key, terms, work)
      }
      const flight: Flight<A, E> = { terms, waiting: undefined }
      flights.set(key, flight)
      return lead(flight)
    })
}

/**
 * Like `Effect.onExit`, but for an effect that the caller has already put in an uninterruptible
 * region. `Effect.onExit` would create a second uninterruptible region.
 */
const ended = <A, E>(
  restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>,
  work: Work<A, E>,
  end: (exit: Exit.Exit<A, E>) => void
): Effect.Effect<A, E> => {
  const onEnd = (exit: Exit.Exit<A, E>) => {
    work.end()
    end(exit)
    return exit
  }
  return Effect.matchCauseEffect(restore(Effect.suspend(work.begin)), {
    onFailure: (cause) => onEnd(Exit.failCause(cause)),
    onSuccess: (value) => onEnd(Exit.succeed(value))
  })
}
