/** Runs three cold starts, one after the other. They share one token. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const store = mkdtempSync(join(tmpdir(), "lambda-tokens-"))
try {
  for (const start of [1, 2, 3]) {
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, "invoke.js")], {
      env: { ...process.env, INNERSPACE_TOKEN_STORE: store },
      encoding: "utf8"
    })
    console.log(`cold start ${start}: ${printed.slice(0, 80).trim()}`)
  }
} finally {
  rmSync(store, { recursive: true })
}
