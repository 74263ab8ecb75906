// Does what a new user does, with the packages as they are published: installs the tarballs into an
// empty project outside this repository, compiles the program of the README, starts the sandbox by
// its command and runs the program against it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "./command.mjs"
import { root } from "./environment.mjs"
import { fencedBlocks } from "./examples/blocks.mjs"
import { startSandbox } from "./sandbox.mjs"
import { packAll } from "./tarballs.mjs"

/** What a TypeScript project on Node has anyway; the types of undici need it. */
const development = ["@types/node@20"]

const readme = readFileSync(join(root, "README.md"), "utf8").split("\n")

/** The versions of the install line: `"effect@^3.22.0"` and the like. */
const peers = readme.flatMap((line) =>
  [...line.matchAll(/"([^"]+@\^[^"]+)"/g)].map(([, peer]) => peer)
)

/** With Effect and without. */
const programs = fencedBlocks(readme.map((text, index) => ({ text, line: index + 1, column: 0 })))
  .filter((block) => block.info === "ts run")
  .map((block, index) => ({
    name: `program-${index + 1}`,
    text: block.lines.map(({ text }) => text).join("\n")
  }))

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

step("Compiling the programs of the README")
for (const { name, text } of programs) write(`${name}.ts`, text)
const files = programs.map(({ name }) => `${name}.ts`)
write("tsconfig.json", JSON.stringify({ compilerOptions, files }))
must("tsc", ["-p", project], { cwd: project })

step("Starting innerspace-sandbox")
const command = ["--no-install", "innerspace-sandbox", "--port", "0"]
const sandbox = await startSandbox("npx", command, { cwd: project })

step("Running them")
const [weekly = "", promises = ""] = programs.map(({ name }) =>
  must("node", [`${name}.js`], { cwd: project, env: sandbox.environment }).trim()
)
await sandbox.stop()
console.log(weekly)
console.log(promises)

const checks = [
  [/^2024-01-01T06:00:00\.000Z \{/.test(weekly), "one row of the documented week"],
  [!weekly.slice(1).includes("\n2024"), "no other row"],
  [promises === "24", "24 hours as promises"]
]
for (const [holds, what] of checks) if (!holds) console.error(`Missing: ${what}.`)
const passed = checks.filter(([holds]) => holds).length
console.log(`${passed} passed, ${checks.length - passed} failed`)
process.exit(passed === checks.length ? 0 : 1)

function step(title) {
  console.log(`> ${title}`)
}
