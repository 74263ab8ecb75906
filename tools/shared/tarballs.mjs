// The published packages: their directories, modules and tarballs.

import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { root } from "../environment.mjs"
import { must } from "./command.mjs"

/** The directories of the published packages. */
export function publishedPackages() {
  return readdirSync(join(root, "packages"))
    .map((name) => join(root, "packages", name))
    .filter((directory) => existsSync(join(directory, "package.json")))
    .filter((directory) => readJson(join(directory, "package.json")).private !== true)
}

/**
 * The name of a package, and the built modules that its exports allow to import. `index` is the
 * package itself.
 */
export function publicModules(directory) {
  const { name, exports } = readJson(join(directory, "package.json"))
  const modules = readdirSync(join(directory, "dist"))
    .flatMap((file) => /^([^.]+)\.d\.ts$/.exec(file)?.[1] ?? [])
    // A command is not a module to import.
    .filter((module) => exports[`./${module}`] !== null)
  return { name, modules }
}

/**
 * Builds and packs published packages into `target`, in the same way as `npm publish`. `names` are
 * the names of the packages' directories. Without `names`, packs all packages. Returns an entry
 * `{ name, tarball }` for each package.
 */
export function packAll(target, names) {
  must("tsc", ["-b"])
  return publishedPackages()
    .filter((directory) => names?.includes(basename(directory)) ?? true)
    .map((directory) => {
      const options = ["--dir", directory, "pack", "--pack-destination", target, "--json"]
      const { name, filename } = JSON.parse(must("pnpm", options))
      return { name, tarball: join(target, basename(filename)) }
    })
}

export function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"))
}
