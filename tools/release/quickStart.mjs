// Follows the quick start like a newcomer, in an empty folder. It uses the file and the commands of
// the document unchanged.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { root } from "../environment.mjs"
import { fencedBlocks } from "../examples/blocks.mjs"
import { firstDifference } from "../examples/output.mjs"
import { execute } from "../shared/command.mjs"
import { startSandbox } from "../shared/sandbox.mjs"
import { timed } from "../shared/timed.mjs"

const document = join(root, "docs", "quick-start.md")

/**
 * Reads the document up to the printed rows, as `{ file, program, commands, printed }`. `program`,
 * `commands` and `printed` are texts.
 */
function readQuickStart() {
  const text = readFileSync(document, "utf8")
  const lines = text.split("\n").map((text, index) => ({ text, line: index + 1, column: 0 }))
  const blocks = fencedBlocks(lines)
  const program = blocks.find(({ info }) => info === "ts run")
  const linesOf = (info) =>
    blocks
      .filter((block) => block.section === program?.section && block.info === info)
      .flatMap(({ lines }) => lines.map(({ text }) => text))
  return {
    file: /^Save this as `([^`]+)`/m.exec(text)?.[1],
    program: linesOf("ts run").join("\n"),
    commands: linesOf("sh").filter((line) => line.trim() !== ""),
    printed: linesOf("text")
  }
}

/** Returns checks `[title, "" or the problem]`. The folder is created in `scratch`. */
export async function followQuickStart(scratch, registryEnvironment) {
  const { file, program, commands, printed } = readQuickStart()
  if (file === undefined || commands.length !== 3 || printed.length === 0) {
    const found = JSON.stringify({ file, commands, printed }, undefined, 2)
    return [["a file, three commands and their output", `${document} has:\n${found}`]]
  }
  const cwd = join(scratch, "quick-start")
  mkdirSync(cwd)
  // A newcomer does not have the repository's tools, and has never run a sandbox.
  const places = process.env.PATH.split(delimiter).filter((place) => !place.startsWith(root))
  const env = {
    ...registryEnvironment,
    PATH: places.join(delimiter),
    XDG_CACHE_HOME: join(scratch, "quick-start-cache")
  }
  const settings = { cwd, env }
  const [install, serve, run] = commands

  const installed = await timed(() => execute("sh", ["-c", install], settings))
  if (installed.value.status !== 0) return [["install", installed.value.output]]
  writeFileSync(join(cwd, file), program)
  const started = await timed(() => startSandbox("sh", ["-c", serve], settings))
  const sandbox = started.value
  const ran = await timed(() => execute("sh", ["-c", run], settings))
  await sandbox.stop()

  const unset = Object.entries(sandbox.environment).filter(
    ([name, value]) => name.startsWith("INNERSPACE_") && !run.includes(`${name}=${value} `)
  )
  const { status, output } = ran.value
  const isPrinted = status === 0 && firstDifference(printed, output.split("\n")) === undefined
  return [
    [`install (${installed.seconds} s)`, ""],
    [`the sandbox is ready (${started.seconds} s)`, ""],
    [
      "its credentials are the document's",
      unset.map(([name, value]) => `the sandbox printed ${value} for ${name}`).join("\n")
    ],
    [
      `rows on the screen (${ran.seconds} s)`,
      isPrinted ? "" : `it ended with ${status}:\n${output}`
    ]
  ]
}
