/**
 * Whether an effect runs in a batch, as with `Effect.all(..., { batching: true })`.
 *
 * Avoids `Effect.request` for a query that runs alone, because it takes five times as long as the
 * rest of a call. Measure it with `npm run bench -- requests`.
 */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as RequestBlock from "effect/RequestBlock"

/**
 * Runs `ifBatched` if the effect is in a batch with others, and `ifAlone` otherwise.
 *
 * Effect's FiberRef says only whether there may be other effects, and it is true by default. If
 * effects do run together, however, a blocked effect is set aside until all are blocked, and then
 * continues in another fiber.
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
 * The id of the last fiber that was found to run alone. Each effect of a batch has its own fiber,
 * so a fiber is either in a batch from its start or never. An id that a fiber inherits from its
 * parent says nothing about the fiber itself.
 */
const lastAlone = /* @__PURE__ */ FiberRef.unsafeMake(-1)
