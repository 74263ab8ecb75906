/**
 * In its own process, interrupts streams before their end, and measures the memory that is still
 * used after each stream.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { heap, run } from "./client.js"

const streams = 10
const rowsOfPull = 20_000

run((parts) =>
  Effect.replicateEffect(
    Effect.gen(function* () {
      const isUnderWay = yield* Deferred.make<void>()
      let seen = 0
      const fiber = yield* Effect.fork(
        Stream.runForEach(parts, ({ length }) => {
          seen += length
          return seen < rowsOfPull ? Effect.void : Deferred.succeed(isUnderWay, undefined)
        })
      )
      yield* Deferred.await(isUnderWay)
      yield* Fiber.interrupt(fiber)
      return heap()
    }),
    streams
  )
)
