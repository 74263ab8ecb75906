// Packs every package that is published, as `npm publish` would.

import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { must } from "./command.mjs"
import { root } from "./environment.mjs"

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
