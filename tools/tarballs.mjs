// The packages that are published: where they are, which modules they have, and their tarballs.

import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { must } from "./command.mjs"
import { root } from "./environment.mjs"

/** The directories of the packages that are published. */
export function publishedPackages() {
  return readdirSync(join(root, "packages"))
    .map((name) => join(root, "packages", name))
    .filter((directory) => existsSync(join(directory, "package.json")))
    .filter((directory) => readJson(join(directory, "package.json")).private !== true)
}

/**
 * The name of a package, and the modules that its built files hold and its exports let be imported;
 * `index` is the package itself.
 */
export function publicModules(directory) {
  const { name, exports } = readJson(join(directory, "package.json"))
  const modules = readdirSync(join(directory, "dist"))
    .flatMap((file) => /^([^.]+)\.d\.ts$/.exec(file)?.[1] ?? [])
    // A command is no module to import.
    .filter((module) => exports[`./${module}`] !== null)
  return { name, modules }
}

/**
 * Builds, and packs into `target` as `npm publish` would: `{ name, tarball }` for each package that
 * is published.
 */
export function packAll(target) {
  must("tsc", ["-b"])
  return publishedPackages().map((directory) => {
    const options = ["--dir", directory, "pack", "--pack-destination", target, "--json"]
    const { name, filename } = JSON.parse(must("pnpm", options))
    return { name, tarball: join(target, basename(filename)) }
  })
}

export function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"))
}
