// Proves that the examples in documents and in docstrings of public modules work:
//
// - each block marked "ts" compiles on its own, with its imports;
// - each block marked "ts run" also runs against a sandbox, and prints the "text" block after it if
//   there is one in the same section;
// - every exported value has a docstring with an example, and every exported type has a docstring.
//
// Examples use the built packages, so outdated packages are built first.

import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../environment.mjs"
import { fencedBlocks } from "../examples/blocks.mjs"
import { readModule } from "../examples/modules.mjs"
import { firstDifference } from "../examples/output.mjs"
import { compileExamples, inPlace } from "../examples/project.mjs"
import { must } from "../shared/command.mjs"
import { startSandbox } from "../shared/sandbox.mjs"

/**
 * The time limit of a program, in milliseconds. It ends programs that hang. The longest program
 * takes half a minute if no other program runs.
 */
const timeout = 900_000

const packages = workspaces("packages")
const modules = packages.flatMap(publicModules).map(readModule)
const blocks = [
  ...documents().flatMap(blocksOfDocument),
  ...modules.flatMap(({ file, docstrings }) =>
    docstrings.flatMap((lines) => blocksIn(file, fencedBlocks(lines)))
  )
]
const examples = blocks.filter(({ info }) => info === "ts" || info === "ts run")

must("tsc", ["-b", ...packages.map((directory) => `${directory}/tsconfig.src.json`)])
const compiled = compileExamples(examples)
const broken = new Set(compiled.problems.map(({ example }) => example))
const runnable = examples.filter((example) => example.info === "ts run" && !broken.has(example))
const problems = [
  ...blocks.flatMap(problemsOfBlock),
  ...modules.flatMap(({ exported }) => problemsOfExports(exported)),
  ...compiled.problems,
  ...(await problemsOfRuns(runnable))
]
if (examples.length === 0) {
  problems.push({ file: "README.md", line: 1, text: "no example was found anywhere" })
}

for (const { file, line, text } of problems) console.error(`${file}:${line} ${text}`)
console.log(
  `examples: ${examples.length} compiled, ${runnable.length} run, ${problems.length} problems`
)
process.exit(problems.length === 0 ? 0 : 1)

function workspaces(group) {
  return readdirSync(join(root, group))
    .map((name) => `${group}/${name}`)
    .filter((directory) => existsSync(join(root, directory, "package.json")))
}

function documents() {
  return ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
    .concat([...packages, ...workspaces("apps")].map((directory) => `${directory}/README.md`))
    .concat(pagesOf("docs"), pagesOf("docs/guide"))
    .filter((file) => existsSync(join(root, file)))
}

/**
 * The site's pages, without the reference. The pages of the reference are made from docstrings,
 * which are read from the sources.
 */
function pagesOf(directory) {
  return readdirSync(join(root, directory))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${directory}/${name}`)
}

function publicModules(directory) {
  return readdirSync(join(root, directory, "src"), { recursive: true })
    .map((name) => `${directory}/src/${name.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".ts") && !file.includes("/internal/"))
}

function blocksOfDocument(file) {
  const lines = readFileSync(join(root, file), "utf8").split("\n")
  const text = lines.map((text, index) => ({ text, line: index + 1, column: 0 }))
  return blocksIn(file, fencedBlocks(text))
}

/** Finds examples. A "text" block is the output of the "ts run" block before it. */
function blocksIn(file, found) {
  return found.map((block, index) => {
    const next = found[index + 1]
    const isFollowed = next?.info === "text" && next.section === block.section
    return { ...block, file, output: isFollowed ? next : undefined }
  })
}

/** Reports mistakes in a block that would exclude an example from the check without an error. */
function problemsOfBlock({ info, isClosed, file, line }) {
  const isMarked = info === "ts" || info === "ts run" || !/^(?:ts|typescript|mts|tsx)\b/i.test(info)
  return [
    ...(isMarked ? [] : [`a block is marked "${info}". Mark it "ts" or "ts run".`]),
    ...(isClosed ? [] : ["this block is never closed."])
  ].map((text) => ({ file, line, text }))
}

/**
 * Reports exports without a docstring or an example. For a type and a value with the same name, one
 * example is enough, because a reader sees both docstrings together.
 */
function problemsOfExports(exported) {
  return [...new Set(exported.map(({ name }) => name))].flatMap((name) => {
    const declarations = exported.filter((candidate) => candidate.name === name)
    const { file, line } = declarations[0]
    const docstrings = declarations.flatMap(({ docstring }) => (docstring ? [docstring] : []))
    if (docstrings.length === 0) return [{ file, line, text: `${name} has no docstring.` }]
    const isValue = declarations.some((declaration) => declaration.isValue)
    const hasExample = docstrings.some((lines) =>
      fencedBlocks(lines).some(({ info }) => info === "ts" || info === "ts run")
    )
    return isValue && !hasExample
      ? [{ file, line, text: `the docstring of ${name} has no example.` }]
      : []
  })
}

async function problemsOfRuns(programs) {
  if (programs.length === 0) return []
  const command = ["packages/sandbox/dist/bin.js", "--port", "0"]
  const sandbox = await startSandbox(process.execPath, command, { cwd: root })
  const { INNERSPACE_API: _, ...inherited } = process.env
  const problems = programs.flatMap((example) =>
    run(example, { ...inherited, ...sandbox.environment })
  )
  await sandbox.stop()
  return problems
}

/** The environment of a program. A program that uses the tables of v2 calls v2. */
function environmentOf({ lines }, env) {
  return lines.some(({ text }) => text.includes("@innerspace-metrics/core/v2"))
    ? { ...env, INNERSPACE_API: "v2", INNERSPACE_BASE_URL: env.SANDBOX_V2_URL }
    : env
}

function run(example, env) {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ["--enable-source-maps", compiled.programOf(example)],
    { cwd: compiled.directory, env: environmentOf(example, env), encoding: "utf8", timeout }
  )
  const { file, line, output } = example
  const printed = inPlace(`${stdout}${stderr}`.trimEnd(), examples).replaceAll(/^/gm, "  ")
  if (status !== 0) {
    const end =
      status === null
        ? `was ended by ${signal} (after ${timeout / 60_000} min at the latest)`
        : `ended with ${status}`
    return [{ file, line, text: `the example ${end}; it printed:\n${printed}` }]
  }
  if (output === undefined) return []
  const index = firstDifference(
    output.lines.map(({ text }) => text),
    stdout.split("\n")
  )
  if (index === undefined) return []
  const expected = output.lines[index]
  const text =
    expected === undefined
      ? "the example prints more than this; it printed:"
      : `"${expected.text.trim()}" is not what the example prints here; it printed:`
  const at = expected?.line ?? output.line + output.lines.length
  return [{ file, line: at, text: `${text}\n${printed}` }]
}
