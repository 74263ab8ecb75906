// Runs a command to its end and returns its output.

import { spawnSync } from "node:child_process"
import { prepareEnvironment, root, shell } from "../environment.mjs"

prepareEnvironment()

/**
 * Runs a command and returns its output and `status`. The caller decides what a status other than 0
 * means.
 */
export function execute(command, options, { cwd = root, env = {} } = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, options, {
    cwd,
    shell,
    env: { ...process.env, NO_COLOR: "1", ...env },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"]
  })
  if (error !== undefined) throw error
  return { status, output: status === 0 ? stdout : `${stdout}${stderr}` }
}

/** Runs a command that must succeed. If it fails, shows its output and ends the program. */
export function must(command, options, settings) {
  const { status, output } = execute(command, options, settings)
  if (status === 0) return output
  console.error(`"${command} ${options.join(" ")}" ended with ${status}:\n${output}`)
  process.exit(1)
}
