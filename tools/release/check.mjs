// Makes a complete release on this machine. changesets make the versions, and the packages are
// published to a registry on localhost. Empty projects then install the packages from this registry
// and use them.
//
//   node tools/release/check.mjs             all projects
//   node tools/release/check.mjs "alone"     only projects with that in their name, and the
//                                            sandbox that they need
//
// Works on a clone of the last commit. Prints a table of the projects, and a count as its last
// line.

import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import { root } from "../environment.mjs"
import { failure } from "../failure.mjs"
import { execute, must } from "../shared/command.mjs"
import { startSandbox } from "../shared/sandbox.mjs"
import { readJson } from "../shared/tarballs.mjs"
import { timed } from "../shared/timed.mjs"
import { useCommandLine } from "./commandLine.mjs"
import { emptyProject, nodeOf, readmePeers, useOnNode } from "./consumers.mjs"
import { runInstallLines } from "./installLines.mjs"
import { useNextjs } from "./nextjs.mjs"
import { usePage } from "./page.mjs"
import { followQuickStart } from "./quickStart.mjs"
import { startRegistry } from "./registry.mjs"
import { cloneTree, planMajor, publishMinor, publishPending, publishSnapshot } from "./rounds.mjs"
import { useTestKit } from "./testKit.mjs"

const scope = "@innerspace-metrics"
const wanted = process.argv[2] ?? ""
const scratch = mkdtempSync(join(tmpdir(), "release-"))
process.on("exit", () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }))
// On a signal, `exit` also stops the processes that this program started.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1))

/**
 * The rows of the table, as `{ title, checks, seconds }`. A check is `[title, "" or the problem]`.
 */
const rows = []

if (must("git", ["status", "--porcelain"]) !== "") {
  console.log("> Uncommitted changes are not checked")
}

step("Cloning the last commit")
const tree = cloneTree(join(scratch, "tree"))

step("Starting a registry")
const registry = await startRegistry(join(scratch, "registry"))

step("Publishing")
const holds = (checks) => checks.map(([what, ok]) => [what, ok ? "" : "it does not"])
await row("versions", () => {
  publishPending(tree, registry)
  return holds([...publishMinor(tree, registry), ...planMajor(tree)])
})
await row("a snapshot", () => holds(publishSnapshot(tree, registry)))
await row("what is published", publishedTexts)

step("Installing and using")
const everything = ["core", "node-adapter", "browser-adapter", "sandbox", "export"].map(
  (name) => `${scope}/${name}`
)
const newest = readmePeers(join(root, "README.md"))
const lowest = newest.map((peer) => peer.replace("^", ""))
const { engines } = readJson(join(root, "packages", "core", "package.json"))
const lowestNode = engines.node.replace(">=", "")

if ("the quick start, npm".includes(wanted)) {
  await row("the quick start, npm", () => followQuickStart(scratch, registry.env))
}
if ("the install lines, npm".includes(wanted)) {
  await row("the install lines, npm", () => runInstallLines(scratch, registry.env))
}
if ("the test kit, npm".includes(wanted)) {
  const project = (name) => emptyProject(scratch, name, "npm", registry.env)
  await row("the test kit, npm", () => useTestKit(project))
}
let sandbox
await consumer("sandbox alone", "npm", async (project) => {
  const checks = useOnNode(project, { packages: [`${scope}/sandbox`] }, {})
  const command = ["--no-install", "innerspace-sandbox", "--port", "0"]
  sandbox = await startSandbox("npx", command, { cwd: project.directory })
  return [...checks, ["innerspace-sandbox starts", ""]]
})
await consumer("all, newest peers", "pnpm", (project) =>
  useOnNode(project, { packages: everything, peers: newest }, sandbox.environment)
)
await consumer("all, lowest peers, TypeScript 5.9", "pnpm", async (project) => [
  ...useOnNode(
    project,
    { packages: everything, peers: lowest, typescript: "5.9.3" },
    sandbox.environment
  ),
  ...(await usePage(project, sandbox.environment))
])
await consumer("a snapshot", "npm", (project) =>
  useOnNode(project, { packages: [`${scope}/node-adapter@snapshot`] }, sandbox.environment)
)
for (const [manager, code] of [
  ["npm", "ERESOLVE"],
  ["pnpm", "PEER_DEP"]
]) {
  await consumer("Effect 4 is refused", manager, (project) => {
    const { status, output } = project.install([...everything.slice(0, 2), "effect@4"])
    const isRefused = status !== 0 && output.includes(code) && output.includes("effect")
    return [[code, isRefused ? "" : `it ended with ${status}:\n${output}`]]
  })
}
await consumer("all, newest peers", "npm", (project) =>
  useOnNode(project, { packages: everything, peers: newest }, sandbox.environment)
)
await consumer("all, lowest peers", "npm", (project) =>
  useOnNode(project, { packages: everything, peers: lowest }, sandbox.environment)
)
await consumer(`all, Node ${lowestNode}`, "npm", async (project) => {
  const node = nodeOf(lowestNode)
  const checks = useOnNode(
    project,
    { packages: everything, peers: newest, node },
    sandbox.environment
  )
  const bin = join("node_modules", scope, "sandbox", "dist", "bin.js")
  const other = await startSandbox(node.command, [bin, "--port", "0"], { cwd: project.directory })
  await other.stop()
  return [...checks, ["its sandbox starts", ""]]
})
await consumer("core alone", "npm", (project) =>
  useOnNode(project, { packages: [`${scope}/core`] }, sandbox.environment)
)
await consumer("node-adapter alone", "npm", (project) =>
  useOnNode(project, { packages: [`${scope}/node-adapter`] }, sandbox.environment)
)
await consumer("browser-adapter alone", "npm", async (project) => [
  ...useOnNode(project, { packages: [`${scope}/browser-adapter`] }, sandbox.environment),
  ...(await usePage(project, sandbox.environment))
])
await consumer("the command line alone", "npm", (project) =>
  useCommandLine(project, `${scope}/cli`, sandbox.environment)
)
for (const version of [lowestNode, "22", "24"]) {
  await consumer(`the command line alone, Node ${version}`, "npm", (project) =>
    useCommandLine(project, `${scope}/cli`, sandbox.environment, nodeOf(version))
  )
}
await consumer("Next.js", "npm", (project) =>
  useNextjs(project, { packages: everything.slice(0, 3), peers: newest }, sandbox)
)
await sandbox.stop()
registry.stop()

const width = Math.max(...rows.map(({ title }) => title.length))
console.log("")
for (const { title, checks, seconds } of rows) {
  const failed = checks.filter(([, problem]) => problem !== "")
  const result = failed.length === 0 ? "passed" : "FAILED"
  const names = (failed.length === 0 ? checks : failed).map(([what]) => what)
  console.log(
    `${title.padEnd(width)}  ${result}  ${String(seconds).padStart(3)} s  ${names.join(", ")}`
  )
}
const all = rows.flatMap(({ checks }) => checks)
const failed = all.filter(([, problem]) => problem !== "").length
console.log(`${all.length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function consumer(title, manager, use) {
  if (sandbox !== undefined && !`${title}, ${manager}`.includes(wanted)) return
  const name = `${title.replaceAll(/\W+/g, "-")}-${manager}`.toLowerCase()
  const project = emptyProject(scratch, name, manager, registry.env)
  await row(`${title}, ${manager}`, () => use(project))
}

async function row(title, check) {
  const { value: checks, seconds } = await timed(check)
  rows.push({ title, checks, seconds })
  for (const [what, problem] of checks) {
    if (problem !== "") console.error(failure(`${title}: ${what}`, problem))
  }
  console.log(`  ${title} (${seconds} s)`)
}

/**
 * Checks that published texts do not name this machine, and that all of them have the repository's
 * name.
 */
function publishedTexts() {
  const storage = join(scratch, "registry", "storage", scope)
  const servers = [registry.url, registry.upstream].map((url) => new URL(url).host)
  const places = [root, scratch, ...servers, hostname()].filter((place) => place !== "localhost")
  return readdirSync(storage).flatMap((name) =>
    readdirSync(join(storage, name))
      .filter((file) => file.endsWith(".tgz"))
      .map((file) => {
        const { output } = execute("tar", ["-xzOf", join(storage, name, file)])
        const named = places.filter((place) => output.includes(place))
        return [file, named.length === 0 ? "" : `it names ${named.join(", ")}`]
      })
  )
}

function step(title) {
  console.log(`> ${title}`)
}
