// Finds the programs that tests need. On Debian, installs a missing package, but only as root, as
// on a CI machine.

import { spawnSync } from "node:child_process"
import { accessSync, constants, statSync } from "node:fs"
import { delimiter, join } from "node:path"
import { env, getuid, platform } from "node:process"

/** Returns the paths at which programs with these names could be, in the order of PATH. */
export function onPath(names) {
  const directories = (env.PATH ?? "").split(delimiter).filter((directory) => directory !== "")
  return directories.flatMap((directory) => names.map((name) => join(directory, name)))
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/**
 * Prints a message, and installs a Debian package. It installs only as root, as on a CI machine,
 * because people decide what is installed on their own machines. `instead` says how to avoid the
 * installation.
 */
export function installWithApt(name, instead) {
  if (platform !== "linux" || getuid?.() !== 0 || !onPath(["apt-get"]).some(isExecutable)) {
    return false
  }
  console.error(
    `Installing the package "${name}" with apt-get from ${aptSources()}, because it was not found.\n${instead}`
  )
  const patient = ["-o", "DPkg::Lock::Timeout=300"]
  return [["update"], ["install", "--yes", "--no-install-recommends", name]].every((command) =>
    apt([...patient, ...command])
  )
}

/** Returns the servers in the configuration of apt-get. */
function aptSources() {
  const { stdout } = spawnSync("apt-get", ["indextargets", "--format", "$(SITE)"], {
    encoding: "utf8"
  })
  const sites = new Set((stdout ?? "").split("\n").filter((site) => site !== ""))
  return sites.size === 0 ? "the sources in /etc/apt" : [...sites].join(", ")
}

function apt(options) {
  const { status, stdout, stderr } = spawnSync("apt-get", options, {
    encoding: "utf8",
    env: { ...env, DEBIAN_FRONTEND: "noninteractive" }
  })
  if (status !== 0) console.error(`${stdout ?? ""}${stderr ?? "apt-get cannot be started"}`)
  return status === 0
}
