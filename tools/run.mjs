// Runs `npm run demo`, `npm test` and others on a machine that has only Node and npm. It checks the
// version of Node. If the dependencies have changed since the last installation, it installs them
// from the lockfile. Then it runs the task.
//
//   node tools/run.mjs demo [arguments for the demo]
//   node tools/run.mjs docs
//   node tools/run.mjs example NAME [arguments for the example]
//   node tools/run.mjs test
//   node tools/run.mjs test:all   the same with the tests that take long
//   node tools/run.mjs setup      only installs

import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, normalize, relative, sep } from "node:path"
import { Writable } from "node:stream"
import { stripVTControlCharacters } from "node:util"
import { prepareEnvironment, root, shell } from "./environment.mjs"
import { failure } from "./failure.mjs"

const stampFile = join(root, "node_modules", ".installed")
/** Only `test:all` runs these tasks. */
const longTasks = ["bench:quick", "check:docs", "check:examples", "runtimes:check"]
const turboRuns = join(root, ".turbo", "runs")
const testReport = join(root, ".vitest", "report.json")
const manifest = readJson("package.json")
const [task, ...extra] = process.argv.slice(2)

const tasks = { demo, docs, example, test, "test:all": testAll, setup: () => 0 }
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
  // The demo is not started by pnpm, because pnpm would report Ctrl-C as a failure.
  return run("node", ["apps/demo/dist/main.js", ...extra])
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

/** Like `test`, but also runs the files named `*.long.test.ts`, and all cases of long tables. */
function testAll() {
  process.env["TEST_ALL"] = "1"
  return test()
}

async function test() {
  rmSync(testReport, { force: true })
  rmSync(turboRuns, { recursive: true, force: true })

  const tasks = Object.keys(readJson("turbo.json").tasks)
    .map((name) => name.replace("//#", ""))
    .filter((name) => process.env["TEST_ALL"] !== undefined || !longTasks.includes(name))
  say(`Running ${tasks.join(", ")}`)
  const reports = keepReports()
  const status = await run(
    "turbo",
    [
      "run",
      ...tasks,
      "--continue=dependencies-successful",
      "--concurrency=100%",
      "--summarize",
      ...(process.stdout.isTTY ? ["--color"] : [])
    ],
    ["inherit", "pipe", "inherit"],
    reports.output
  )

  const results = testResults()
  const failures = [...results.failures, ...failedTasks(results.failures.length > 0, reports)]
  // A person may read only the last line, so it must count a failure of turbo itself.
  if (status !== 0 && failures.length === 0)
    failures.push(failure("turbo", `It ended with ${status}`))
  for (const text of failures) console.log(text)
  console.log(`${results.passed} passed, ${failures.length} failed`)
  return failures.length === 0 ? 0 : 1
}

function workspaces() {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => `${group}/${name}`)
      .filter((directory) => existsSync(join(root, directory, "package.json")))
  )
}

/** Prints the output of turbo, and keeps the last lines of each task. */
function keepReports() {
  const kept = new Map()
  let rest = ""
  const output = new Writable({
    write(chunk, _encoding, done) {
      const lines = (rest + chunk).split("\n")
      rest = lines.pop()
      for (const line of lines) {
        const [, task, text] = /^\/\/:([\w:]+): (.*)$/.exec(stripVTControlCharacters(line)) ?? []
        if (task === undefined || text.trim() === "") continue
        kept.set(task, [...(kept.get(task) ?? []), text].slice(-20))
      }
      process.stdout.write(chunk, done)
    }
  })
  return { output, endOf: (task) => kept.get(task) ?? [] }
}

/** Returns the checks that failed. If the test run failed outside of a test, it is one of them. */
function failedTasks(hasFailedTests, reports) {
  if (!existsSync(turboRuns)) return []
  return readdirSync(turboRuns)
    .flatMap((name) => readJson(join(".turbo", "runs", name)).tasks)
    .filter(({ execution, task }) => {
      const isExplained = task === "vitest" && hasFailedTests
      return execution !== undefined && execution.exitCode !== 0 && !isExplained
    })
    .map(({ task }) =>
      failure(`npm run ${task}`, ["Its report ends with", ...reports.endOf(task)].join("\n"))
    )
}

/** How many tests passed, and the texts of the failures. */
function testResults() {
  if (!existsSync(testReport)) {
    return { passed: 0, failures: [failure("vitest", "It wrote no report: did the tests run?")] }
  }
  const report = JSON.parse(readFileSync(testReport, "utf8"))
  const failures = report.testResults.flatMap(failuresOf)
  // Without this check, a project whose test files are not found would pass.
  for (const directory of testedPackages()) {
    const prefix = `${join(root, directory)}${sep}`
    if (!report.testResults.some(({ name }) => normalize(name).startsWith(prefix))) {
      failures.push(failure(directory, "None of its tests ran"))
    }
  }
  return { passed: report.numPassedTests, failures }
}

function testedPackages() {
  return [...workspaces(), "examples", "reliability"].filter(
    (directory) => readJson(`${directory}/package.json`).scripts?.test !== undefined
  )
}

function failuresOf(file) {
  const path = relative(root, file.name).replaceAll("\\", "/")
  const failed = file.assertionResults.filter(({ status }) => status === "failed")
  // If a file does not load, none of its tests can fail, so the file itself counts as one failure.
  if (file.status === "failed" && failed.length === 0) return [failure(path, file.message)]
  return failed.map(({ failureMessages, fullName }) =>
    failure(`${path}: ${fullName}`, failureMessages.join("\n"))
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
 * Runs a step before the task. The output of the step goes to stderr, because a person may write
 * the output of the task to a file.
 */
function prepare(command, options) {
  return run(command, options, ["inherit", process.stderr, "inherit"])
}

function run(command, options, stdio = "inherit", output = undefined) {
  return new Promise((resolve) => {
    const child = spawn(command, options, { cwd: root, stdio, shell })
    if (output !== undefined) child.stdout.pipe(output)
    // The terminal sends Ctrl-C to the child too. This process ignores the signal, so that it does
    // not end before the child.
    const wait = () => {}
    const forward = () => child.kill("SIGTERM")
    process.on("SIGINT", wait).on("SIGTERM", forward)
    child.on("error", (error) => fail(`"${command}" could not be started: ${error.message}`))
    child.on("close", (code, signal) => {
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
