// Runs the checks as a program on Node, Bun and Deno. The argument of the program has the settings,
// and the last line that it prints has the results.

import process from "node:process"
import { runChecks } from "../checks/index.mjs"
import { serverHost } from "./server.mjs"

const { bun, deno, node, tz } = process.versions
const version = deno ?? bun ?? node

const report = await runChecks({
  host: serverHost(() => ({ version, tz })),
  settings: JSON.parse(process.argv[2])
})
console.log(JSON.stringify(report))
// A client that was not closed must not keep the process running.
process.exit(0)
