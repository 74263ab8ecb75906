// Runs the checks as a program on Node, Bun or Deno, with the packages as they are published.

import { spawn } from "node:child_process"
import { join, resolve } from "node:path"
import { copyPrograms, unpackPublished } from "../../tools/published.mjs"
import { fromNpm } from "./installed.mjs"

const home = resolve(import.meta.dirname, "../../node_modules/.cache/runtimes/published")

let isPrepared = false

/** The path of a program in `hosts`, in a directory with the published packages. */
export function hosted(program) {
  if (!isPrepared) {
    unpackPublished(home, ["core", "node-adapter"])
    for (const name of ["checks", "hosts"]) {
      copyPrograms(join(import.meta.dirname, "..", name), home)
    }
    isPrepared = true
  }
  return join(home, "hosts", program)
}

export async function runProgram(source, options, settings) {
  const { code, output } = await outputOf(fromNpm(source), [
    ...options,
    hosted("program.mjs"),
    JSON.stringify(settings)
  ])
  const last = output.trimEnd().split("\n").at(-1) ?? ""
  if (code !== 0 || !last.startsWith("{")) {
    throw new Error(`It ended with ${code}:\n${output.slice(-3_000)}`)
  }
  return { ...JSON.parse(last), version: source.version }
}

/** What a program printed, and its exit code. */
export function outputOf(program, options) {
  return ended(
    spawn(program, options, {
      cwd: home,
      stdio: ["ignore", "pipe", "pipe"],
      env: environment()
    })
  )
}

/** The environment of the programs. Settings of this machine must not reach the client. */
function environment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^INNERSPACE_|_PROXY$/i.test(name))
  )
}

function ended(child) {
  return new Promise((resolve, reject) => {
    let output = ""
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout.setEncoding("utf8").on("data", collect)
    child.stderr.setEncoding("utf8").on("data", collect)
    child.on("error", reject).on("close", (code) => resolve({ code, output }))
  })
}
