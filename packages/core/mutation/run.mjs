/**
 * Runs mutation tests with Stryker, one group of sources after the other. A group runs only the
 * tests that cover it and need no sandbox. Prints a table and the mutants that survived. Fails if
 * less than 90 % of the mutants of a file are killed.
 *
 *   pnpm mutation [group...]
 */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Stryker } from "@stryker-mutator/core"

/** Each group with its sources in `src`, and its tests in `test`. */
const groups = {
  accessToken: [["AccessToken"], ["token/accessToken"]],
  tokenProvider: [
    ["TokenProvider", "internal/token/cache"],
    ["token/tokenProvider", "token/tokenRenewal", "token/tokenStore", "token/tokenStoreFailures"]
  ],
  tokenStore: [
    ["TokenStore", "internal/token/throughStore", "internal/token/storedText"],
    ["token/tokenStore", "token/tokenStoreFailures"]
  ],
  retryPolicy: [
    ["RetryPolicy", "internal/limits/retry", "internal/limits/retrySchedule"],
    ["limits/retryPolicy", "limits/retriesOfCalls"]
  ],
  retryBudget: [["internal/limits/retryBudget"], ["limits/retryBudget"]],
  retryAfter: [["internal/http/retryAfter"], ["http/retryAfter"]],
  answer: [
    ["internal/call/readAnswer", "internal/call/takeData"],
    ["call/answerMeaning", "call/callAnswers"]
  ],
  attempt: [
    ["internal/call/attempt"],
    [
      "call/callAnswers",
      "call/callFacts",
      "call/deadline",
      "call/spans",
      "limits/limits",
      "limits/pause",
      "token/refusedTokens"
    ]
  ],
  share: [["internal/call/share"], ["call/callAnswers", "call/sharing", "call/deadline"]],
  state: [
    ["internal/call/state"],
    [
      "call/callAnswers",
      "call/callFacts",
      "call/deadline",
      "call/spans",
      "limits/pause",
      "limits/retryBudget"
    ]
  ],
  call: [
    ["internal/call/call"],
    [
      "call/callAnswers",
      "call/sharing",
      "call/deadline",
      "call/spans",
      "limits/limits",
      "limits/retriesOfCalls",
      "limits/retryBudget"
    ]
  ],
  exchange: [
    ["internal/http/timers", "internal/http/exchange", "internal/token/peek"],
    ["http/timeLimits", "call/deadline", "call/callAnswers", "call/sharing", "token/tokenProvider"]
  ],
  limits: [
    ["internal/limits/concurrency", "internal/limits/rate", "internal/limits/fromOptions"],
    ["limits/limits", "options"]
  ],
  options: [
    ["internal/options/check", "internal/options/kinds", "internal/call/executable"],
    ["options"]
  ]
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !Object.hasOwn(groups, name))
if (unknown.length > 0) {
  console.error(`No group ${unknown.join(", ")}. There are: ${Object.keys(groups).join(", ")}`)
  process.exit(2)
}

const rows = []
const survivors = []
for (const name of chosen.length === 0 ? Object.keys(groups) : chosen) {
  const [sources, tests] = groups[name]
  process.env["MUTATION_SOURCES"] = sources.join(",")
  process.env["MUTATION_TESTS"] = tests.join(",")
  // Stryker runs a copy of the package, from which the path to the repository's tools is different.
  process.env["MUTATION_SETUP"] = fileURLToPath(
    new URL("../../../tools/deepEqual.mjs", import.meta.url)
  )
  const results = await new Stryker({
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner", "./mutation/texts.mjs"],
    vitest: { configFile: "mutation/vitest.config.ts", related: false },
    mutate: sources.map((source) => `src/${source}.ts`),
    ignorers: ["texts"],
    // Without these files, the nearest tsconfig of the copy is the tsconfig of the package.
    ignorePatterns: ["dist", "examples", "tsconfig*.json"],
    concurrency: 1,
    timeoutMS: 20_000,
    incremental: true,
    incrementalFile: `.stryker/${name}.json`,
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: `.stryker/${name}.report.json` },
    tempDirName: ".stryker/tmp",
    allowConsoleColors: false,
    logLevel: "warn"
  }).runMutationTest()
  const { testFiles } = JSON.parse(readFileSync(`.stryker/${name}.report.json`, "utf8"))
  const testCount = Object.values(testFiles).flatMap(({ tests }) => tests).length
  for (const result of results) {
    // A mutant of code that runs while a module is loaded is tested by all tests of the group. If
    // fewer tests ran, a test file failed to load, which Stryker 9.6 does not count as a failure
    // (its issue 6150).
    const { static: isStatic, status, testsCompleted } = result
    if (status === "Survived" && isStatic && testsCompleted < testCount) result.status = "Killed"
  }
  for (const source of sources) {
    const of = results.filter(({ fileName }) => fileName.endsWith(`/src/${source}.ts`))
    const count = (...statuses) => of.filter(({ status }) => statuses.includes(status)).length
    const killed = count("Killed", "Timeout")
    const alive = count("Survived", "NoCoverage")
    const ignored = count("Ignored", "CompileError", "RuntimeError")
    rows.push({ source: `${source}.ts`, mutants: killed + alive, killed, alive, ignored })
  }
  survivors.push(...results.filter(({ status }) => ["Survived", "NoCoverage"].includes(status)))
}

console.table(rows)
for (const { fileName, location, mutatorName, replacement, status } of survivors) {
  const path = fileName.slice(fileName.indexOf("/src/") + 1)
  const { line, column } = location.start
  console.log(`${path}:${line}:${column} ${mutatorName} ${status}: ${replacement}`)
}
if (rows.some(({ killed, mutants }) => killed < 0.9 * mutants)) {
  console.error("Fewer than 90 % of the mutants of a file were killed")
  process.exit(1)
}
