import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { Send, Use } from "./client.js"

/** A program of Effect in one runtime: one run for all requests. */
export const effectSender = <E, R>(
  ask: (building: number) => Effect.Effect<unknown, E, R>,
  layer: Layer.Layer<R, unknown>,
  { hasSpans }: Use
): Send => {
  const recorded = hasSpans
    ? // Loaded where it is used: it is no part of a client's start without it.
      import("./openTelemetry.js").then(({ recordingLayer, expectSpans }) => ({
        layer: Layer.merge(layer, recordingLayer),
        expectSpans
      }))
    : Promise.resolve({ layer, expectSpans: async () => {} })
  const runtime = recorded.then(({ layer, expectSpans }) => ({
    run: ManagedRuntime.make(layer),
    expectSpans
  }))
  return async (count, concurrency) => {
    const { expectSpans, run } = await runtime
    await run.runPromise(
      Effect.forEach({ [Symbol.iterator]: () => numbers(count) }, ask, {
        concurrency,
        discard: true
      })
    )
    await expectSpans(count)
  }
}

function* numbers(count: number): Generator<number> {
  for (let number = 0; number < count; number++) yield number
}
