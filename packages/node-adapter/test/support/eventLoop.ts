/** Waiting for what happens in real time, such as an answer over HTTP, without a clock. */
import * as Effect from "effect/Effect"

const nextTurn = Effect.async<void>((resume) => {
  const immediate = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(immediate))
})

/**
 * Gives way to the event loop until the condition holds. The test's own time limit ends a wait in
 * vain.
 */
export const until = <E, R>(condition: Effect.Effect<boolean, E, R>): Effect.Effect<void, E, R> =>
  Effect.repeat(Effect.zipRight(nextTurn, condition), { until: (holds) => holds }).pipe(
    Effect.asVoid
  )
