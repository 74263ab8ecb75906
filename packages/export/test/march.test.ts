/**
 * The tests that share a sandbox on March 15, 2024, because making its rows takes most of their
 * time.
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
