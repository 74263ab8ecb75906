/** Waits without a clock for events in real time, such as an answer over HTTP. */
import * as Effect from "effect/Effect"

const nextTurn = Effect.async<void>((resume) => {
  const immediate = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(immediate))
})

/**
 * Yields to the event loop until the condition holds. The test's own time limit ends a wait that
 * lasts forever.
 */
export const until = <E, R>(condition: Effect.Effect<boolean, E, R>): Effect.Effect<void, E, R> =>
  Effect.repeat(Effect.zipRight(nextTurn, condition), { until: (holds) => holds }).pipe(
    Effect.asVoid
  )
