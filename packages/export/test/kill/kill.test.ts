/** Runs the short form of `kill.long.test.ts`. */
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { folder, sandboxAndClient } from "../support/client.js"
import { killing } from "../support/kills.js"

layer(sandboxAndClient(), { excludeTestServices: true })("a sync that is killed", (it) => {
  it.scoped(
    "leaves no torn, lost or doubled row, and the next one completes it (once)",
    () =>
      Effect.gen(function* () {
        assert.isAtMost(yield* killing(yield* folder, 1, "folder", 9), 1)
      }),
    300_000
  )
})
