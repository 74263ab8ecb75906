/** The short form of `nights.long.test.ts`. */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { folder, type It } from "../support/client.js"
import { fourteenNights, runNights } from "../support/nights.js"

export const nights = (it: It): void => {
  describe("nights of a dataset", () => {
    it.scoped(
      "a late night and a restated one: the dataset is the API, and the report is exact",
      () =>
        Effect.gen(function* () {
          const nights = fourteenNights.slice(3, 6)
          assert.isAbove(yield* runNights(yield* folder, nights, "2024-03-08"), 250)
        }),
      300_000
    )
  })
}
