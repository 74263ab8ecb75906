/** Equal work under way is done once, for all who ask while it is. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** Work under way. */
interface Flight<A, E> {
  /** What has to be equal, besides the key, of those who share it. */
  readonly terms: unknown
  /** Those who wait, in the order of asking. None tells the first of them that the work is its own now. */
  readonly waiting: Set<(exit: Exit.Exit<A, E> | undefined) => void>
}

/**
 * A function that runs an effect under a key, or waits for the one that runs under it on equal terms. When whoever runs it is
 * interrupted, the next who waits runs its own: a fiber that belonged to all of them would cost each who is alone more than the work.
 */
export const makeSharing = <A, E>(): ((
  key: string,
  terms: unknown,
  effect: Effect.Effect<A, E>
) => Effect.Effect<A, E>) => {
  const flights = new Map<string, Flight<A, E>>()

  return (key, terms, effect) =>
    Effect.uninterruptibleMask((restore) => {
      const lead = (flight: Flight<A, E>) =>
        Effect.onExit(restore(effect), (exit) =>
          Effect.sync(() => {
            if (Exit.isInterrupted(exit)) return passOn(flight)
            flights.delete(key)
            for (const tell of flight.waiting) tell(exit)
          })
        )
      const passOn = ({ waiting }: Flight<A, E>) => {
        const [next] = waiting
        if (next === undefined) {
          flights.delete(key)
        } else {
          waiting.delete(next)
          next(undefined)
        }
      }
      const follow = (flight: Flight<A, E>) => {
        let isNext = false
        const turn = Effect.async<Exit.Exit<A, E> | undefined>((resume) => {
          const tell = (exit: Exit.Exit<A, E> | undefined) => {
            isNext = exit === undefined
            resume(Effect.succeed(exit))
          }
          flight.waiting.add(tell)
          return Effect.sync(() => {
            flight.waiting.delete(tell)
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
          : restore(effect)
      }
      const flight: Flight<A, E> = { terms, waiting: new Set() }
      flights.set(key, flight)
      return lead(flight)
    })
}

/** An effect that runs until it succeeds, once for all who wait for it, and answers with that from then on. */
export const onceSucceeded = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  const share = makeSharing<A, E>()
  let known: Effect.Effect<A> | undefined
  const first = Effect.tap(effect, (value) => {
    known = Effect.succeed(value)
  })
  return Effect.suspend(() => known ?? share("", undefined, first))
}
