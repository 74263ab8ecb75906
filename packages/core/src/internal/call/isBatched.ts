/**
 * Whether an effect runs in a batch, as with `Effect.all(..., { batching: true })`.
 *
 * A query that runs alone avoids `Effect.request`, because `Effect.request` takes five times as
 * long as the rest of a call. Measure it with `npm run bench -- requests`.
 */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as RequestBlock from "effect/RequestBlock"

/**
 * Runs `ifBatched` if the effect is in a batch with others, and `ifAlone` otherwise.
 *
 * `FiberRef.currentRequestBatchingEnabled` says only whether the effect can be in a batch, and is
 * true by default. The function therefore uses `Effect.blocked`. In a batch, Effect sets a blocked
 * effect aside until all effects of the batch are blocked, and then continues the effect in another
 * fiber. An effect that is alone continues in the same fiber.
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
 * The id of the last fiber that was found to run alone. The result holds for the whole life of a
 * fiber, because each effect of a batch has its own fiber. A child fiber inherits the id of its
 * parent, which differs from its own id, so the child is tested again.
 */
const lastAlone = /* @__PURE__ */ FiberRef.unsafeMake(-1)
