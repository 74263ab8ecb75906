/**
 * Makes a stream whose code is loaded when the stream first runs. A client returns a stream at
 * once, but Effect's module `Stream` and its imports are a quarter of the code that a program would
 * load at its start. Measure it with `npm run bench -- coldStart`.
 *
 * Effect has no constructor of streams outside of `Stream`. The two classes therefore have the
 * fields that Effect 3 reads: the `channel` of a stream, and the `Fold` with a `ContinuationK` that
 * `Channel.flatMap` makes. An effect is a channel too. These names are the same in Effect 3.0.0 and
 * 3.22.4. The tests of streams fail if the installed Effect reads other fields.
 */
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import { Class } from "effect/Pipeable"
import type * as Stream from "effect/Stream"

/** Makes a stream from an effect that loads code and returns the channel of the stream. */
export const lazyStream = <A, E>(
  channelOf: Effect.Effect<ReturnType<typeof Stream.toChannel<A, E, never>>, E>
): Stream.Stream<A, E> =>
  // The comment above explains this cast: the public type of a stream has no field.
  new LazyStream(new Fold(channelOf)) as object as Stream.Stream<A, E>

const streamTypeId = Symbol.for("effect/Stream")
const channelTypeId = Symbol.for("effect/Channel")
const variance = { _A: identity, _E: identity, _R: identity }

class LazyStream extends Class() {
  readonly [streamTypeId] = variance
  constructor(readonly channel: Fold) {
    super()
  }
}

/** Runs an effect. The channel that the effect returns then takes its place. */
class Fold extends Class() {
  readonly [channelTypeId] = variance
  readonly _tag = "Fold"
  readonly k = { _tag: "ContinuationK", onSuccess: identity, onHalt: Effect.failCause }
  constructor(readonly channel: Effect.Effect<unknown, unknown>) {
    super()
  }
}
