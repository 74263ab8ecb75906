/** Tests fourteen syncs of a dataset, on different days. */
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { folder, sandboxAndClient } from "./support/client.js"
import { fourteenNights, runNights } from "./support/nights.js"

layer(sandboxAndClient({ today: "2024-03-07" }))("fourteen nights of a dataset", (it) => {
  it.scoped(
    "restated and late nights, a broken sensor, a change of clocks and the end of a year",
    () =>
      Effect.gen(function* () {
        assert.isAbove(yield* runNights(yield* folder, fourteenNights), 20_000)
      }),
    1_200_000
  )
})
