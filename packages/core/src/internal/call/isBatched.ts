/**
 * Whether an effect runs in a batch, as with `Effect.all(..., { batching: true })`.
 *
 * A query that runs alone avoids requests of Effect, which take five times as long as the rest of a
 * call. Measure it with `npm run bench -- requests`.
 */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"

/** Runs `ifBatched` if the effect is in a batch with others, and `ifAlone` otherwise. */
export const isBatched = <A, E>(
  ifBatched: () => Effect.Effect<A, E>,
  ifAlone: () => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiberRuntime((fiber) => {
    // Since Effect 3.0, a fiber has the steps of its batches in this private field, and sets an
    // effect with requests aside only if there are any. Without the field, queries are sent alone.
    const { _steps: steps } = fiber as { readonly _steps?: ReadonlyArray<unknown> }
    return steps !== undefined &&
      steps.length > 0 &&
      fiber.getFiberRef(FiberRef.currentRequestBatchingEnabled)
      ? ifBatched()
      : ifAlone()
  })
