/** Runs the longer tests that share a sandbox whose date is March 15, 2024. */
import { layer } from "@effect/vitest"
import { airbyteLong } from "./march/airbyte.js"
import { datasetLong } from "./march/dataset.js"
import { duckDbDatasetLong } from "./march/duckDbDataset.js"
import { singerLong } from "./march/singer.js"
import { sandboxAndClient } from "./support/client.js"

layer(sandboxAndClient({ today: "2024-03-15" }))("on March 15", (it) => {
  airbyteLong(it)
  datasetLong(it)
  duckDbDatasetLong(it)
  singerLong(it)
})
