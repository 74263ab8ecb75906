// The steps of a release, which the workflows run.
//
//   node tools/release/steps.mjs version     turns the changesets into versions and changelogs
//   node tools/release/steps.mjs publish     publishes, as "latest", each version that the registry
//                                            lacks
//   node tools/release/steps.mjs snapshot    publishes all packages as they are, as "snapshot", and
//                                            changes versions in the tree
//
// npm's provenance (the signed statement of where a package was built) requires the repository's
// address. A clone does not know this address, so it is read from GitHub's variable
// GITHUB_REPOSITORY ("owner/name"); see repository.mjs.

import { readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { argv, env, exit } from "node:process"
import { root } from "../environment.mjs"
import { must } from "../shared/command.mjs"
import { publishedPackages, readJson } from "../shared/tarballs.mjs"
import { withAbsoluteLinks, withRepository } from "./repository.mjs"

const manifests = publishedPackages().map((directory) => join(directory, "package.json"))

const tasks = { version, publish: () => publish([]), snapshot }
const [task] = argv.slice(2)
if (!Object.hasOwn(tasks, task)) {
  console.error(`There is no step "${task ?? ""}". Use one of ${Object.keys(tasks).join(", ")}.`)
  exit(1)
}
tasks[task]()

function version() {
  console.log(must("changeset", ["version"]))
  // changesets writes manifests in its own format.
  must("biome", ["format", "--write", ...manifests])
  writeVersion()
}

/**
 * Writes the version into a source file of the Node adapter. The adapter sends its version in
 * requests, and a bundle has no package.json from which the version could be read.
 */
function writeVersion() {
  const adapter = join(root, "packages", "node-adapter")
  const file = join(adapter, "src", "internal", "version.ts")
  const { version } = readJson(join(adapter, "package.json"))
  const source = readFileSync(file, "utf8")
  writeFileSync(file, source.replace(/(?<=version = ")[^"]*/, version))
}

/**
 * Gives every package a snapshot version. A package without a change would otherwise keep its
 * version, and its peer ranges would not match the snapshots of the other packages.
 */
function snapshot() {
  const releases = manifests.map((file) => `"${readJson(file).name}": patch`)
  writeFileSync(
    join(root, ".changeset", "snapshot.md"),
    `---\n${releases.join("\n")}\n---\n\nA snapshot.\n`
  )
  must("changeset", ["version", "--snapshot", "snapshot"])
  publish(["--tag", "snapshot", "--no-git-tag"])
}

function publish(options) {
  if (env.GITHUB_REPOSITORY !== undefined) nameRepository(env.GITHUB_REPOSITORY)
  writeVersion()
  must("tsc", ["-b"])
  console.log(must("changeset", ["publish", ...options]))
}

function nameRepository(name) {
  for (const file of manifests) {
    const directory = `packages/${basename(dirname(file))}`
    const manifest = withRepository(readJson(file), name, directory)
    writeFileSync(file, JSON.stringify(manifest, null, 2))
    const readme = join(dirname(file), "README.md")
    writeFileSync(readme, withAbsoluteLinks(readFileSync(readme, "utf8"), name, directory))
  }
}
