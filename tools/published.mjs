// The published packages as npm would install them, for programs that measure or check what users
// get.

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
 * Packs the named packages, and unpacks them below `directory` beside what they depend on. A
 * program in that directory then imports what a user of the published packages would.
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

/** Copies a directory of programs into the one with the unpacked packages. */
export function copyPrograms(from, directory) {
  cpSync(from, join(directory, basename(from)), { recursive: true })
}

/** Links what the package in `target` depends on, as this repository has it. */
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
