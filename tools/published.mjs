// Unpacks the published packages as npm would install them. Programs then measure or check the
// files that users get.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { root } from "./environment.mjs"
import { must } from "./shared/command.mjs"
import { packAll, readJson } from "./shared/tarballs.mjs"

/**
 * Packs the named packages, and unpacks them in `directory` together with their dependencies. A
 * program in that directory then imports the same files as a user of the published packages.
 */
export function unpackPublished(directory, names) {
  const modules = join(directory, "node_modules")
  rmSync(modules, { recursive: true, force: true })
  const tarballs = mkdtempSync(join(tmpdir(), "tarballs-"))
  try {
    const packed = packAll(tarballs, names)
    for (const { name, tarball } of packed) {
      const target = join(modules, name)
      mkdirSync(target, { recursive: true })
      must("tar", ["-xzf", tarball, "-C", target, "--strip-components", "1"])
    }
    for (const { name } of packed) linkDependencies(join(modules, name), modules)
    writeFileSync(join(directory, "package.json"), '{ "private": true, "type": "module" }\n')
  } finally {
    rmSync(tarballs, { recursive: true })
  }
}

/** Copies a directory of programs into the directory with the unpacked packages. */
export function copyPrograms(from, directory) {
  cpSync(from, join(directory, basename(from)), { recursive: true })
}

/**
 * Links the dependencies of the package in `target`. Their versions are the versions in this
 * repository.
 */
function linkDependencies(target, modules) {
  const { name, dependencies, peerDependencies } = readJson(join(target, "package.json"))
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    const installed = join(root, "packages", basename(name), "node_modules", dependency)
    const link = join(modules, dependency)
    if (existsSync(link) || !existsSync(installed)) continue
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(installed), link)
  }
}
