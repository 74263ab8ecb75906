// Does what a new user does, with the packages as they are published: installs the tarballs into an
// empty project outside this repository, compiles the program of the README, starts the sandbox by
// its command and runs the program against it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "./command.mjs"
import { startSandbox } from "./sandbox.mjs"
import { packAll } from "./tarballs.mjs"

const peers = ["effect@^3.22.0", "@effect/platform@^0.97.0", "graphql@^16"]

/** What a TypeScript project on Node has anyway; the types of undici need it. */
const development = ["@types/node@20"]

const program = `import { MetricsClient, Query, TimeRange } from "@innerspace-metrics/core"
import { building_features } from "@innerspace-metrics/core/v1"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as Effect from "effect/Effect"

const weekly = Query.from(building_features, {
  select: ["feature_value", "date_time_start"],
  where: {
    building_id: 71,
    feature_name: "weekly_frequency_dist",
    granularity: "P1W",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.week("2024-W01", "America/Chicago")
  }
})

const program = Effect.gen(function* () {
  const metrics = yield* MetricsClient.MetricsClient
  return yield* metrics.query(weekly)
})

program
  .pipe(Effect.provide(NodeMetrics.layerConfig()), Effect.runPromise)
  .then((rows) => console.log(JSON.stringify(rows)))
`

const compilerOptions = {
  target: "ES2022",
  module: "NodeNext",
  moduleResolution: "NodeNext",
  strict: true,
  exactOptionalPropertyTypes: true,
  // Every published declaration is checked, not only what the program touches.
  skipLibCheck: false,
  types: ["node"]
}

const project = mkdtempSync(join(tmpdir(), "packed-"))
process.on("exit", () => rmSync(project, { recursive: true, force: true }))
const write = (file, text) => writeFileSync(join(project, file), text)

step("Packing every package")
const tarballs = packAll(project).map(({ tarball }) => tarball)

step("Installing the tarballs with npm into an empty project")
write("package.json", JSON.stringify({ name: "packed", private: true, type: "module" }))
must("npm", ["install", "--no-audit", "--no-fund", ...tarballs, ...peers, ...development], {
  cwd: project
})

step("Compiling the program of the README")
write("weekly.ts", program)
write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["weekly.ts"] }))
must("tsc", ["-p", project], { cwd: project })

step("Starting innerspace-sandbox")
const command = ["--no-install", "innerspace-sandbox", "--port", "0"]
const sandbox = await startSandbox("npx", command, { cwd: project })

step("Running the program")
const output = must("node", ["weekly.js"], { cwd: project, env: sandbox.environment })
await sandbox.stop()

const rows = JSON.parse(output)
console.log(output.trim())
const isTheRow =
  rows.length === 1 &&
  String(rows[0].date_time_start).startsWith("2024-01-01") &&
  rows[0].feature_value !== undefined
if (!isTheRow) console.error("Expected one row, whose date_time_start is 2024-01-01.")
console.log(isTheRow ? "1 passed, 0 failed" : "0 passed, 1 failed")
process.exit(isTheRow ? 0 : 1)

function step(title) {
  console.log(`> ${title}`)
}
