/** Composes the layers once, and runs the app. */
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Occupancy from "./Occupancy.js"
import { report } from "./report.js"

const MainLive = Occupancy.layer.pipe(
  Layer.provide(NodeMetrics.layerConfig()),
  Layer.provideMerge(Logger.pretty)
)

await report.pipe(
  Effect.flatMap((text) => Effect.log(text)),
  Effect.provide(MainLive),
  Effect.runPromise
)
