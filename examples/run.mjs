// Runs an example against the API, if the environment has credentials. Otherwise it starts a
// sandbox for the example.
//
//   node run.mjs NAME [arguments of the example]

import { spawn } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"

const [name = "", ...options] = process.argv.slice(2)
const program = join(import.meta.dirname, "dist", name, "main.js")
const names = readdirSync(import.meta.dirname).filter((entry) =>
  existsSync(join(import.meta.dirname, entry, "main.ts"))
)
if (!names.includes(name)) {
  console.error(`There is no example "${name}". The examples are: ${names.join(", ")}.`)
  process.exit(1)
}

const ownCredentials = process.env.INNERSPACE_CLIENT_ID !== undefined
if (!ownCredentials) console.error("Starting a sandbox, because INNERSPACE_CLIENT_ID is not set")
const stop = ownCredentials
  ? async () => {}
  : await (await import("@innerspace-metrics/sandbox/vitest")).default()

const child = spawn(process.execPath, [program, ...options], { stdio: "inherit" })
process.on("SIGINT", () => {}).on("SIGTERM", () => child.kill("SIGTERM"))
child.on("exit", async (code) => {
  await stop()
  process.exit(code ?? 0)
})
