// The install commands of the documents, as they stand there: each in an empty folder, and then
// `npm ci`, which refuses a lockfile that npm itself would not accept again.

import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { execute, must } from "../command.mjs"
import { root } from "../environment.mjs"
import { fencedBlocks } from "../examples/blocks.mjs"

/** `{ document, line, command }` of each `npm install` in a shell block of a Markdown file. */
export function installLines() {
  const documents = must("git", ["ls-files", "*.md"]).trim().split("\n")
  return documents.flatMap((document) => {
    const text = readFileSync(join(root, document), "utf8")
    const lines = text.split("\n").map((text, index) => ({ text, line: index + 1, column: 0 }))
    return fencedBlocks(lines)
      .filter(({ info }) => info === "sh")
      .flatMap(({ lines }) => commandsOf(lines))
      .filter(({ command }) => /^npm (install|i|add) /.test(command))
      .map((found) => ({ document, ...found }))
  })
}

/** A line that ends with a backslash goes on in the next one. */
function commandsOf(lines) {
  const commands = []
  let isOpen = false
  for (const { text, line } of lines) {
    const part = text.replace(/\\$/, "").trim()
    const last = commands.at(-1)
    if (isOpen && last !== undefined) last.command += ` ${part}`
    else commands.push({ line, command: part })
    isOpen = text.endsWith("\\")
  }
  return commands
}

/** `[what has to hold, "" or what is wrong]`. The folders are made below `scratch`. */
export function runInstallLines(scratch, registryEnvironment) {
  const found = installLines()
  if (found.length === 0) return [["an install line", "no document has one"]]
  return found.map(({ command, document, line }, index) => {
    const cwd = join(scratch, "install-lines", String(index))
    mkdirSync(cwd, { recursive: true })
    const settings = { cwd, env: registryEnvironment }
    // A tree with a wrong peer can be installed by force alone, and `npm ls` finds it.
    for (const step of [command, "npm ci", "npm ls --all"]) {
      const { output, status } = execute("sh", ["-c", step], settings)
      if (status !== 0) return [`${document}:${line}`, `${step} ended with ${status}:\n${output}`]
    }
    return [`${document}:${line}`, ""]
  })
}
