/** Makes the channel of a stream from a run. This module loads Effect's module `Stream`. */
import type * as Channel from "effect/Channel"
import type * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { CallError } from "../../MetricsError.js"
import type { Run } from "./run.js"

export { toPull } from "effect/Stream"

/** The channel of a stream that begins the run when it is run, and ends it with itself. */
export const channelOf = <Item>(
  begin: Effect.Effect<Run<Item>, CallError>
): Channel.Channel<Chunk.Chunk<Item>, unknown, CallError> =>
  Stream.toChannel(
    Stream.suspend(() => {
      let begun: Run<Item> | undefined
      const run = Effect.suspend(() =>
        begun === undefined
          ? Effect.tap(begin, (run) => {
              begun = run
            })
          : Effect.succeed(begun)
      )
      return Stream.repeatEffectChunkOption(
        Effect.flatMap(Effect.mapError(run, Option.some), (run) => run.rows)
      ).pipe(
        Stream.ensuring(
          Effect.suspend(() =>
            begun === undefined ? Effect.void : Scope.close(begun.scope, Exit.void)
          )
        )
      )
    })
  )
