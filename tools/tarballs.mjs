// Packs every package that is published, as `npm publish` would.

import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { prepareEnvironment, root, shell } from "./environment.mjs"

prepareEnvironment()

/** Runs a command and gives what it printed; a `status` other than 0 is the caller's to judge. */
export function execute(command, options, { cwd = root, env = {} } = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, options, {
    cwd,
    shell,
    env: { ...process.env, NO_COLOR: "1", ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"]
  })
  if (error !== undefined) throw error
  return { status, output: status === 0 ? stdout : `${stdout}${stderr}` }
}

/** Runs a command that has to succeed; otherwise shows what it printed and ends the program. */
export function must(command, options, settings) {
  const { status, output } = execute(command, options, settings)
  if (status === 0) return output
  console.error(`"${command} ${options.join(" ")}" ended with ${status}:\n${output}`)
  process.exit(1)
}

/** Builds, and packs into `target`: `{ name, tarball }` for each package that is published. */
export function packAll(target) {
  must("tsc", ["-b"])
  return readdirSync(join(root, "packages"))
    .map((name) => join(root, "packages", name))
    .filter((directory) => existsSync(join(directory, "package.json")))
    .filter((directory) => readJson(join(directory, "package.json")).private !== true)
    .map((directory) => {
      const options = ["--dir", directory, "pack", "--pack-destination", target, "--json"]
      const { name, filename } = JSON.parse(must("pnpm", options))
      return { name, tarball: join(target, basename(filename)) }
    })
}

export function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"))
}
