/**
 * Runs the tests that share a sandbox whose date is March 15, 2024. They share it because the
 * sandbox needs most of their time to make its rows.
 */
import { layer } from "@effect/vitest"
import { airbyte } from "./march/airbyte.js"
import { dataset } from "./march/dataset.js"
import { duckDbDataset } from "./march/duckDbDataset.js"
import { formats } from "./march/formats.js"
import { nights } from "./march/nights.js"
import { singer } from "./march/singer.js"
import { sandboxAndClient } from "./support/client.js"

layer(sandboxAndClient({ today: "2024-03-15", everyType: true }))("on March 15", (it) => {
  airbyte(it)
  dataset(it)
  duckDbDataset(it)
  formats(it, "numbers")
  nights(it)
  singer(it)
})
