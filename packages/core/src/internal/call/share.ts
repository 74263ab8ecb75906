/** Equal work under way is done once, for all who ask while it is. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** Something to do, and what is to be done at once when it has ended, whichever way. */
export interface Work<A, E> {
  readonly begin: () => Effect.Effect<A, E>
  readonly end: () => void
}

/**
 * Does the work, or waits for the one who does equal work: what has the same key, on equal terms.
 */
export type Share<A, E> = (key: string, terms: unknown, work: Work<A, E>) => Effect.Effect<A, E>

/** Shares nothing: all work is done by whoever asks for it. */
export const unshared = <A, E>(_key: string, _terms: unknown, work: Work<A, E>) =>
  Effect.uninterruptibleMask((restore) => ended(restore, work, () => {}))

/** Work under way. */
interface Flight<A, E> {
  readonly terms: unknown
  /**
   * Those who wait, in the order of asking. None tells the first of them that the work is its own
   * now.
   */
  waiting: Set<(exit: Exit.Exit<A, E> | undefined) => void> | undefined
}

/**
 * When whoever does the work is interrupted, the next who waits does its own: a fiber that belonged
 * to all of them would cost each who is alone more than the work.
 */
export const makeSharing = <A, E>(): Share<A, E> => {
  const flights = new Map<string, Flight<A, E>>()

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
            // It was told, but leaves.
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
 * `Effect.onExit` for where nothing can be interrupted but the effect itself, which is where that
 * would say so once more.
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
