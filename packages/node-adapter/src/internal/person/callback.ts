/** Functions of the app, which may return nothing, a promise or an Effect. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

export type Told<A> = (value: A) => void | PromiseLike<void> | Effect.Effect<void>

/**
 * Calls the function. Fails with the value that the function throws, or with which its promise
 * rejects.
 */
export const tell = <A>(callback: Told<A>, value: A): Effect.Effect<void, unknown> =>
  Effect.flatMap(
    Effect.try({ try: () => callback(value), catch: (cause) => cause }),
    (told): Effect.Effect<void, unknown> => {
      if (Effect.isEffect(told)) return told
      return Predicate.isPromiseLike(told)
        ? Effect.tryPromise({ try: () => Promise.resolve(told), catch: (cause) => cause })
        : Effect.void
    }
  )
