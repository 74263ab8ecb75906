// Packs every package that is published, as `npm publish` would.

import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, delimiter, join } from "node:path"

export const root = join(import.meta.dirname, "..")

// On Windows the commands of a package are .cmd files, which only a shell can start.
const shell = process.platform === "win32"
const PATH = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`

/** Runs a command and gives what it printed; `status` other than 0 is the caller's to judge. */
export function execute(command, options, { cwd = root, env = {} } = {}) {
  try {
    const settings = { cwd, shell, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }
    const stdout = execFileSync(command, options, {
      ...settings,
      env: { ...process.env, PATH, NO_COLOR: "1", ...env }
    })
    return { status: 0, output: stdout }
  } catch (error) {
    if (error.status === undefined || error.status === null) throw error
    return { status: error.status, output: `${error.stdout}${error.stderr}` }
  }
}

/** Runs a command that has to succeed; otherwise shows what it printed and ends the program. */
export function must(command, options, settings) {
  const { status, output } = execute(command, options, settings)
  if (status === 0) return output
  console.error(`"${command} ${options.join(" ")}" ended with ${status}:\n${output}`)
  process.exit(1)
}

/** `{ name, directory, manifest, tarball }` for each published package; the tarballs go to `target`. */
export function packAll(target) {
  const packages = readdirSync(join(root, "packages"))
    .map((name) => join(root, "packages", name))
    .filter((directory) => existsSync(join(directory, "package.json")))
    .map((directory) => ({ directory, manifest: readJson(join(directory, "package.json")) }))
    .filter(({ manifest }) => manifest.private !== true)

  must("tsc", ["-b"])

  return packages.map(({ directory, manifest }) => {
    const options = ["--dir", directory, "pack", "--pack-destination", target, "--json"]
    const { filename } = JSON.parse(must("pnpm", options))
    return { name: manifest.name, directory, manifest, tarball: join(target, basename(filename)) }
  })
}

export function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"))
}
