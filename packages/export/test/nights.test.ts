/** The short form of `nights.long.test.ts`. */
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { folder, sandboxAndClient } from "./support/client.js"
import { fourteenNights, runNights } from "./support/nights.js"

layer(sandboxAndClient({ today: "2024-03-07" }))("nights of a dataset", (it) => {
  it.scoped(
    "a late night and a restated one: the dataset is the API, and the report is exact",
    () =>
      Effect.gen(function* () {
        assert.isAbove(yield* runNights(yield* folder, fourteenNights.slice(3, 6)), 500)
      })
  )
})
