import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { Send, Use } from "./client.js"

/** Sends all requests of a client on Effect in one run of one runtime. */
export const effectSender = <E, R>(
  ask: (building: number) => Effect.Effect<unknown, E, R>,
  layer: Layer.Layer<R, unknown>,
  { hasSpans }: Use
): Send => {
  const recorded = hasSpans
    ? // OpenTelemetry is loaded only if spans are recorded, because it slows down the start.
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
    // As with the clients that return promises, there are `concurrency` loops. Each loop sends one
    // query after the other.
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
