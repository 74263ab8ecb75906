// Syncs a dataset in its own process, which a test can kill. If a task is passed as JSON, the
// program runs only this task.
//
//   node syncProcess.mjs OPTIONS [TASK]

import { building_metrics } from "@innerspace-metrics/core/v1"
import { Dataset } from "@innerspace-metrics/export"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as Effect from "effect/Effect"

const task = process.argv[3]
const dataset = Dataset.make({ ...JSON.parse(process.argv[2]), tables: [building_metrics] })

console.log("begun")
const result = await Effect.either(
  task === undefined ? Dataset.sync(dataset) : Dataset.runTask(dataset, JSON.parse(task))
).pipe(Effect.provide(NodeMetrics.layerConfig()), Effect.runPromise)
if (result._tag === "Left") {
  console.log(result.left.message)
  process.exitCode = 1
} else {
  console.log(`done ${result.right.generation}`)
}
