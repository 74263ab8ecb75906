/**
 * Runs the short form of the soak in its own process, because the memory of other tests would
 * disturb the measurement.
 */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"

const soak = fileURLToPath(new URL("../dist/soak.js", import.meta.url))

it.live(
  "a minute of 200 callers keep the rules of the soak",
  () =>
    Effect.gen(function* () {
      const { code, output } = yield* Effect.async<{
        readonly code: number | string | null | undefined
        readonly output: string
      }>((resume) => {
        execFile(
          process.execPath,
          ["--expose-gc", soak, "--seconds", "60"],
          (error, stdout, stderr) =>
            resume(
              Effect.succeed({ code: error === null ? 0 : error.code, output: stdout + stderr })
            )
        )
      })
      const broken = output.match(/^BROKEN.*\n.*/gm) ?? []
      assert.strictEqual(code, 0, [...broken, output].join("\n"))
    }),
  // This limit includes one minute of calls, the start of a sandbox, and the calls in flight at the
  // end of each half. A call has a deadline of one minute.
  600_000
)
