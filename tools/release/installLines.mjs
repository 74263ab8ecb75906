// Runs the install commands of the documents unchanged, each in an empty folder. Also runs
// `npm ci`, which rejects an inconsistent lockfile.

import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../environment.mjs"
import { fencedBlocks } from "../examples/blocks.mjs"
import { execute, must } from "../shared/command.mjs"

/**
 * Finds each `npm install` in a shell block of a Markdown file, as `{ document, line, command }`.
 */
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

/** Joins each line that ends with a backslash with the next line. */
function commandsOf(lines) {
  const commands = []
  let isOpen = false
  for (const { text, line } of lines) {
    const part = text.replace(/\\$/, "").trim()
    const last = commands.at(-1)
    if (isOpen && last !== undefined) last.command += ` ${part}`
    // The commands after `&&` are left out, because they may ask for a secret.
    else commands.push({ line, command: part.split(" && ")[0] })
    isOpen = text.endsWith("\\")
  }
  return commands
}

/** Returns checks `[title, "" or the problem]`. The folders are created in `scratch`. */
export function runInstallLines(scratch, registryEnvironment) {
  const found = installLines()
  if (found.length === 0) return [["an install line", "no document has one"]]
  const commands = [...new Set(found.map(({ command }) => command))]
  return commands.flatMap((command, index) => {
    const cwd = join(scratch, "install-lines", String(index))
    mkdirSync(cwd, { recursive: true })
    const problem = problemOf(command, { cwd, env: registryEnvironment })
    return found
      .filter((line) => line.command === command)
      .map(({ document, line }) => [`${document}:${line}`, problem])
  })
}

function problemOf(command, { cwd, env }) {
  // `npm ls` reports a wrong peer dependency. A global installation has no lockfile, so `npm ci` is
  // left out. The global installation has its own folder here, so that it does not change the
  // machine.
  const isGlobal = / (--global|-g) /.test(command)
  const settings = { cwd, env: { ...env, ...(isGlobal && { npm_config_prefix: cwd }) } }
  const steps = isGlobal ? [command, "npm ls --global --all"] : [command, "npm ci", "npm ls --all"]
  for (const step of steps) {
    const { output, status } = execute("sh", ["-c", step], settings)
    if (status !== 0) return `${step} ended with ${status}:\n${output}`
  }
  return ""
}
