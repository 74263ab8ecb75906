/** Equal work under way is done once, for all who ask while it is. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"

interface Flight<A, E> {
  readonly answer: Deferred.Deferred<A, E>
  fiber: Fiber.RuntimeFiber<A, E> | undefined
  waiting: number
}

/** A function that runs an effect under a key, or waits for the one that runs under it. It ends with the last who waits. */
export const makeSharing = <A, E>(): ((
  key: string,
  effect: Effect.Effect<A, E>
) => Effect.Effect<A, E>) => {
  const flights = new Map<string, Flight<A, E>>()

  const begin = (key: string, effect: Effect.Effect<A, E>, flight: Flight<A, E>) => {
    flights.set(key, flight)
    return effect.pipe(
      Effect.interruptible,
      Effect.onExit((exit) =>
        Effect.sync(() => {
          if (flights.get(key) === flight) flights.delete(key)
          Deferred.unsafeDone(flight.answer, exit)
        })
      ),
      // It belongs to all who wait and not to the first of them.
      Effect.forkDaemon,
      Effect.flatMap((fiber) =>
        Effect.sync(() => {
          flight.fiber = fiber
        })
      )
    )
  }

  const leave = (key: string, flight: Flight<A, E>) =>
    Effect.suspend(() => {
      flight.waiting--
      if (flight.waiting > 0 || flight.fiber === undefined) return Effect.void
      if (flights.get(key) === flight) flights.delete(key)
      return Fiber.interrupt(flight.fiber)
    })

  return (key, effect) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const found = flights.get(key)
        const flight = found ?? {
          answer: Deferred.unsafeMake<A, E>(FiberId.none),
          fiber: undefined,
          waiting: 0
        }
        flight.waiting++
        return Effect.zipRight(
          found === undefined ? begin(key, effect, flight) : Effect.void,
          Effect.onInterrupt(restore(Deferred.await(flight.answer)), () => leave(key, flight))
        )
      })
    )
}

/** An effect that runs until it succeeds, once for all who wait for it, and answers with that from then on. */
export const onceSucceeded = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  const share = makeSharing<A, E>()
  let known: { readonly value: A } | undefined
  const first = Effect.tap(effect, (value) =>
    Effect.sync(() => {
      known = { value }
    })
  )
  return Effect.suspend(() =>
    known === undefined ? share("", first) : Effect.succeed(known.value)
  )
}
