// Checks that a changeset names every package whose API has changed since a commit.
//
//   node tools/checks/changeset.mjs [commit]     default: origin/main

import { existsSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { root } from "../environment.mjs"
import { must } from "../shared/command.mjs"
import { publishedPackages, readJson } from "../shared/tarballs.mjs"

const base = must("git", ["merge-base", process.argv[2] ?? "origin/main", "HEAD"]).trim()
const changedFiles = must("git", ["diff", "--name-only", base]).trim().split("\n")

/**
 * The texts of the pending changesets. The files of released changesets no longer exist, so this
 * leaves them out.
 */
const changesets = changedFiles
  .filter((file) => /^\.changeset\/.*\.md$/.test(file) && existsSync(join(root, file)))
  .map((file) => readFileSync(join(root, file), "utf8"))

const changed = publishedPackages()
  .filter((directory) => changedFiles.includes(`packages/${basename(directory)}/api.md`))
  .map((directory) => readJson(join(directory, "package.json")).name)

const missing = changed.filter((name) => !changesets.some((text) => names(text, name)))
for (const name of missing) {
  console.error(`The API of ${name} changed, but no changeset names it. Run "pnpm changeset".`)
}
console.log(`changeset: ${changed.length} changed APIs, ${missing.length} problems`)
process.exit(missing.length === 0 ? 0 : 1)

function names(changeset, name) {
  return new RegExp(`^["']?${name}["']?: (?:major|minor|patch)$`, "m").test(changeset)
}
