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
    let next = 0
    // As the clients that answer with promises are asked: so many who ask one query after the
    // other.
    const work = Effect.whileLoop({
      while: () => next < count,
      body: () => ask(next++),
      step: () => {}
    })
    await run.runPromise(
      Effect.all(
        Array.from({ length: concurrency }, () => work),
        { concurrency: "unbounded", discard: true }
      )
    )
    await expectSpans(count)
  }
}
