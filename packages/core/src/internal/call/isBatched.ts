/**
 * Whether an effect is one of those that `Effect.all(..., { batching: true })` and its like run
 * together.
 */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as RequestBlock from "effect/RequestBlock"

/**
 * The first effect among others of a batch, the second one alone.
 *
 * `Effect.request` costs more than the rest of a call, also for a request that is alone, and
 * Effect's FiberRef says only whether there may be others, which is so by default. But where
 * effects run together, one that is blocked is put aside until all are, and goes on in another
 * fiber.
 */
export const whenBatching = <A, E>(
  together: () => Effect.Effect<A, E>,
  alone: () => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiberRuntime((before) =>
    !before.getFiberRef(FiberRef.currentRequestBatchingEnabled) ||
    before.getFiberRef(fiberAlone) === before.id().id
      ? alone()
      : Effect.blocked(
          RequestBlock.empty,
          Effect.withFiberRuntime((after) => {
            if (before !== after) return together()
            return Effect.zipRight(FiberRef.set(fiberAlone, before.id().id), alone())
          })
        )
  )

/**
 * The number of the last fiber that was found alone. Each of a batch has a fiber of its own, so a
 * fiber is in a batch from its beginning or never; what it inherits is of another.
 */
const fiberAlone = /* @__PURE__ */ FiberRef.unsafeMake(-1)
