/** Waits for events such as a response over HTTP, without a clock. */
import * as Effect from "effect/Effect"

const nextTurn = Effect.async<void>((resume) => {
  const immediate = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(immediate))
})

/**
 * Yields to the event loop until the condition holds. If the condition never holds, the time limit
 * of the test ends the wait.
 */
export const until = <E, R>(condition: Effect.Effect<boolean, E, R>): Effect.Effect<void, E, R> =>
  Effect.repeat(Effect.zipRight(nextTurn, condition), { until: (holds) => holds }).pipe(
    Effect.asVoid
  )
