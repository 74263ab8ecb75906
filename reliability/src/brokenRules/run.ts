/**
 * Runs the test of each rule, first with the unchanged built package and then with the broken rule.
 */
import { spawn } from "node:child_process"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { readdir, readFile } from "node:fs/promises"
import { basename, dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import * as Schema from "effect/Schema"
import type { Rule } from "./rule.js"

export const root = fileURLToPath(new URL("../../../", import.meta.url))

export interface Result extends Rule {
  /** The path of the test file from the root of the repository. */
  readonly testFile: string
  /** The reason why the rule does not count as tested. */
  readonly problem: string | undefined
}

/** The rule's change applied to the built file, or the reason why this is not possible. */
export const changeOf = (
  rule: Rule
): { readonly path: string; readonly broken: string } | { readonly problem: string } => {
  const path = join(root, rule.file.replace("/src/", "/dist/").replace(/\.ts$/, ".js"))
  if (!existsSync(path)) return { problem: `${relative(root, path)} does not exist` }
  const [before, after, ...more] = readFileSync(path, "utf8").split(rule.from)
  if (before === undefined || after === undefined || more.length > 0) {
    const times = after === undefined ? "is not in" : "is more than once in"
    return { problem: `${JSON.stringify(rule.from)} ${times} ${relative(root, path)}` }
  }
  return { path, broken: before + rule.to + after }
}

/**
 * The test files of all packages. A key consists of the package and the file name, such as
 * `core/tokenStore`.
 */
export const testFiles = async (): Promise<ReadonlyMap<string, string>> => {
  const files = await Promise.all(
    ["packages", "apps"].map((group) => readdir(join(root, group), { withFileTypes: true }))
  )
  const found = new Map<string, string>()
  for (const { name, parentPath } of files.flat()) {
    const folder = join(parentPath, name, "test")
    if (!existsSync(folder)) continue
    for (const file of await readdir(folder, { recursive: true })) {
      if (!file.endsWith(".test.ts")) continue
      const path = relative(root, join(folder, file))
      const whole = `${name}/${basename(file, ".test.ts")}`
      found.set(whole, path)
      // If both `x.test.ts` and `x.long.test.ts` exist, the name `x` means the first file.
      const short = whole.replace(/\.long$/, "")
      if (!found.has(short)) found.set(short, path)
    }
  }
  return found
}

/**
 * Whether a test file contains the title of a test. If a title consists of parts, ": " separates
 * the parts.
 */
export const hasTitle = async (path: string, title: string): Promise<boolean> => {
  const source = await readFile(join(root, path), "utf8")
  return title.split(": ").every((part) => source.includes(part))
}

const Report = Schema.parseJson(
  Schema.Struct({
    testResults: Schema.Array(
      Schema.Struct({
        message: Schema.String,
        assertionResults: Schema.Array(
          Schema.Struct({ fullName: Schema.String, status: Schema.String })
        )
      })
    )
  })
)

/**
 * The states of the tests with this title. The list is empty if the file has no such test or does
 * not load.
 */
const statesOf = (path: string, title: string): Promise<ReadonlyArray<string>> =>
  new Promise((resolve, reject) => {
    const packageFolder = join(root, ...dirname(path).split("/").slice(0, 2))
    const child = spawn(
      process.execPath,
      [
        join(root, "node_modules/vitest/vitest.mjs"),
        "run",
        relative(packageFolder, join(root, path)),
        "-t",
        title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
        "--reporter=json"
      ],
      {
        cwd: packageFolder,
        stdio: ["ignore", "pipe", "ignore"],
        // Without these variables, tests try only some cases of their tables and properties.
        env: { ...process.env, TEST_ALL: "1", STREAM_RUNS: "25" }
      }
    )
    let text = ""
    child.stdout.on("data", (piece: Buffer) => {
      text += piece.toString()
    })
    child.on("error", reject)
    child.on("close", () => {
      // The text begins with the output of tests, and the report follows.
      const report = text.slice(text.indexOf('{"numTotalTestSuites"'))
      const { testResults } = Schema.decodeSync(Report)(report)
      resolve(
        testResults
          .flatMap(({ assertionResults }) => assertionResults)
          .filter(({ fullName, status }) => fullName.includes(title) && status !== "skipped")
          .map(({ status }) => status)
      )
    })
  })

const suffix = ".unbroken"

/** Runs the function while the built file is broken. */
const whileBroken = async <A>(path: string, broken: string, run: () => Promise<A>): Promise<A> => {
  const kept = path + suffix
  const restore = () => {
    if (existsSync(kept)) renameSync(kept, path)
  }
  writeFileSync(kept, readFileSync(path))
  process.once("exit", restore)
  try {
    writeFileSync(path, broken)
    return await run()
  } finally {
    restore()
    process.off("exit", restore)
  }
}

/** Breaks one rule and runs its test. */
export const runRule = async (rule: Rule, files: ReadonlyMap<string, string>): Promise<Result> => {
  const [file, title] = rule.test
  const testFile = files.get(file) ?? file
  const result = (problem?: string): Result => ({ ...rule, testFile, problem })
  if (!files.has(file)) return result(`There is no test file ${file}`)
  const change = changeOf(rule)
  if ("problem" in change) return result(change.problem)
  const whole = await statesOf(testFile, title)
  if (whole.length === 0) return result(`${testFile} has no test "${title}"`)
  if (!whole.every((state) => state === "passed")) {
    return result(`"${title}" fails although the rule is not broken`)
  }
  const states = await whileBroken(change.path, change.broken, () => statesOf(testFile, title))
  return result(
    states.includes("failed") ? undefined : `"${title}" passes although the rule is broken`
  )
}
