/** The short form of the soak, in a process of its own, where memory can be measured. */
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
      assert.strictEqual(code, 0, output)
    }),
  300_000
)
