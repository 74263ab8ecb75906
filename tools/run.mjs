// Runs `npm run demo`, `npm test` and others on a machine that only has Node and npm. It checks
// Node, installs from the lockfile if anything changed since the last installation, and then runs
// the task.
//
//   node tools/run.mjs demo [arguments for the demo]
//   node tools/run.mjs docs
//   node tools/run.mjs example NAME [arguments for the example]
//   node tools/run.mjs test
//   node tools/run.mjs setup      only installs

import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { prepareEnvironment, root, shell } from "./environment.mjs"
import { failure } from "./failure.mjs"

const stampFile = join(root, "node_modules", ".installed")
const turboRuns = join(root, ".turbo", "runs")
const manifest = readJson("package.json")
const [task, ...extra] = process.argv.slice(2)

const tasks = { demo, docs, example, test, setup: () => 0 }
if (!Object.hasOwn(tasks, task)) {
  fail(`There is no task "${task ?? ""}". Use one of ${Object.keys(tasks).join(", ")}.`)
}

checkNode()
prepareEnvironment()
await install()
process.exit(await tasks[task]())

async function demo() {
  say("Building the demo and the packages that it uses")
  const built = await prepare("tsc", ["-b", "apps/demo/tsconfig.src.json", "apps/demo/page"])
  if (built !== 0) return built
  say("Starting the demo")
  return run("pnpm", ["--silent", "--dir", "apps/demo", "run", "demo", ...extra])
}

async function docs() {
  say("Building the packages, and the pages of the API reference from them")
  const built = await prepare("tsc", ["-b", "examples/tsconfig.src.json"])
  if (built !== 0) return built
  return run("pnpm", ["--silent", "--dir", "docs", "run", "serve"])
}

async function example() {
  say("Building the examples and the packages that they use")
  const built = await prepare("tsc", ["-b", "examples/tsconfig.src.json"])
  if (built !== 0) return built
  return run("node", ["examples/run.mjs", ...extra])
}

async function test() {
  const packages = testedPackages()
  for (const directory of packages) rmSync(reportFile(directory), { force: true })
  rmSync(turboRuns, { recursive: true, force: true })

  const checks = Object.keys(readJson("turbo.json").tasks)
    .map((name) => name.replace("//#", ""))
    // Leaves out settings of one package's task. The task itself is listed without the package's
    // name.
    .filter((name) => !name.includes("#"))
  say(`Running ${checks.join(", ")}`)
  const status = await run("turbo", [
    "run",
    ...checks,
    "--continue=dependencies-successful",
    "--concurrency=100%",
    "--summarize"
  ])

  const results = packages.map(testResults)
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failures = results.flatMap((result) => result.failures)
  failures.push(...failedTasks(packages.filter((_, index) => results[index].failures.length > 0)))
  // The last line alone must show that the run failed.
  if (status !== 0 && failures.length === 0)
    failures.push(failure("turbo", `It ended with ${status}`))
  for (const text of failures) console.log(text)
  console.log(`${passed} passed, ${failures.length} failed`)
  return failures.length === 0 ? 0 : 1
}

function testedPackages() {
  return [...workspaces(), "examples", "reliability"].filter(
    (directory) => readJson(`${directory}/package.json`).scripts?.test !== undefined
  )
}

function workspaces() {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => `${group}/${name}`)
      .filter((directory) => existsSync(join(root, directory, "package.json")))
  )
}

function reportFile(directory) {
  return join(root, directory, ".vitest", "report.json")
}

/**
 * Failed tasks, except the tests of `explained` packages, whose failures are already listed:
 * checks, and test runs that broke outside of their tests.
 */
function failedTasks(explained) {
  if (!existsSync(turboRuns)) return []
  return readdirSync(turboRuns)
    .flatMap((name) => readJson(join(".turbo", "runs", name)).tasks)
    .filter(({ directory, execution, task }) => {
      const isExplained = task === "test" && explained.includes(directory.replaceAll("\\", "/"))
      return execution !== undefined && execution.exitCode !== 0 && !isExplained
    })
    .map(({ directory, task }) => {
      const where = directory === "" ? "" : ` in ${directory}`
      return failure(
        `npm run ${task}${where}`,
        "Its report is above. Run this command to see it again"
      )
    })
}

/** The number of passed tests of a package, and the texts of its failures. */
function testResults(directory) {
  if (!existsSync(reportFile(directory))) {
    return {
      passed: 0,
      failures: [failure(directory, "It wrote no test report. Check that its tests ran")]
    }
  }
  const report = JSON.parse(readFileSync(reportFile(directory), "utf8"))
  const failures = report.testResults.flatMap((file) => failuresOf(directory, file))
  if (report.numTotalTests === 0 && failures.length === 0) {
    return { passed: 0, failures: [failure(directory, "It has no tests")] }
  }
  return { passed: report.numPassedTests, failures }
}

function failuresOf(directory, file) {
  const path = relative(join(root, directory), file.name).replaceAll("\\", "/")
  const failed = file.assertionResults.filter(({ status }) => status === "failed")
  // A file that fails to load has no test that could fail, so it counts as one failure.
  if (file.status === "failed" && failed.length === 0) {
    return [failure(`${directory} ${path}`, file.message)]
  }
  return failed.map(({ failureMessages, fullName }) =>
    failure(`${directory} ${path}: ${fullName}`, failureMessages.join("\n"))
  )
}

function checkNode() {
  const { node } = process.versions
  const needed = manifest.engines.node
  const isEnough = needed.split(" || ").some((range) => {
    const [, operator, least] = /^(\^|>=)(.*)$/.exec(range)
    const isNewer = node.localeCompare(least, "en", { numeric: true }) >= 0
    return (
      isNewer && (operator === ">=" || Number.parseInt(node, 10) === Number.parseInt(least, 10))
    )
  })
  if (!isEnough)
    fail(`This is Node ${node}, but ${needed} is required. Install another version of Node.`)
}

async function install() {
  const stamp = installationStamp()
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return
  say(`Installing with ${manifest.packageManager}`)
  const arguments_ = ["-y", manifest.packageManager, "install", "--frozen-lockfile"]
  const status = await prepare("npx", arguments_)
  if (status !== 0) fail("The installation failed. See the report above.")
  writeFileSync(stampFile, stamp)
}

function installationStamp() {
  const manifests = workspaces().map((directory) => `${directory}/package.json`)
  const hash = createHash("sha256").update(process.version)
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...manifests]) {
    hash.update(file).update(readFileSync(join(root, file)))
  }
  return hash.digest("hex")
}

/**
 * Runs a step before the task. Its output goes to stderr, because the task's own may go to a file.
 */
function prepare(command, options) {
  return run(command, options, ["inherit", process.stderr, "inherit"])
}

function run(command, options, stdio = "inherit") {
  return new Promise((resolve) => {
    const child = spawn(command, options, { cwd: root, stdio, shell })
    // Ctrl-C reaches the child by itself, so wait for it to stop instead of leaving it behind.
    const wait = () => {}
    const forward = () => child.kill("SIGTERM")
    process.on("SIGINT", wait).on("SIGTERM", forward)
    child.on("error", (error) => fail(`"${command}" could not be started: ${error.message}`))
    child.on("exit", (code, signal) => {
      process.off("SIGINT", wait).off("SIGTERM", forward)
      resolve(code ?? (signal === "SIGINT" ? 130 : 1))
    })
  })
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), "utf8"))
}

function say(line) {
  console.error(`> ${line}`)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
