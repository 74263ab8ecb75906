/**
 * Whether an effect is one of those that `Effect.all(..., { batching: true })` and its like run
 * together.
 *
 * Saves `Effect.request` for a query that is alone, which takes five times as long as the rest of a
 * call. Measure it with `npm run bench -- requests`.
 */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as RequestBlock from "effect/RequestBlock"

/**
 * Runs `ifBatched` among other effects of a batch, and otherwise `ifAlone`.
 *
 * Effect's FiberRef says only whether there may be other effects, which is true by default. But
 * where effects run together, a blocked one is put aside until all are blocked, and continues in
 * another fiber.
 */
export const isBatched = <A, E>(
  ifBatched: () => Effect.Effect<A, E>,
  ifAlone: () => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiberRuntime((before) =>
    !before.getFiberRef(FiberRef.currentRequestBatchingEnabled) ||
    before.getFiberRef(lastAlone) === before.id().id
      ? ifAlone()
      : Effect.blocked(
          RequestBlock.empty,
          Effect.withFiberRuntime((after) => {
            if (before !== after) return ifBatched()
            return Effect.zipRight(FiberRef.set(lastAlone, before.id().id), ifAlone())
          })
        )
  )

/**
 * The id of the last fiber that was found alone. Each effect of a batch has a fiber of its own, so
 * a fiber is in a batch from its beginning or never. The id that it inherits from its parent says
 * nothing about it.
 */
const lastAlone = /* @__PURE__ */ FiberRef.unsafeMake(-1)
