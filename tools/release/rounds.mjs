// The steps of a test release from a clone. changesets make the versions, and the packages are
// published to the local registry.

import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../environment.mjs"
import { must } from "../shared/command.mjs"
import { readJson } from "../shared/tarballs.mjs"

const core = "@innerspace-metrics/core"
const dependents = ["node-adapter", "browser-adapter", "export"].map(
  (name) => `@innerspace-metrics/${name}`
)

/**
 * Clones the last commit and installs its dependencies. Packages are never published from the
 * working tree.
 */
export function cloneTree(directory) {
  must("git", ["clone", "--quiet", root, directory])
  must("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], { cwd: directory })
  const git = (...options) => must("git", options, { cwd: directory })
  git("config", "user.name", "Release")
  git("config", "user.email", "release@example.com")
  return { directory, git }
}

/** Makes the first versions from the pending changesets, and publishes them. */
export function publishPending(tree, registry) {
  release(tree, "version")
  commit(tree, "Version packages")
  publish(tree, registry)
  return versions(tree)
}

/**
 * Publishes a new minor version of core to the test registry. Returns checks `[title, whether it
 * holds]`.
 */
export function publishMinor(tree, registry) {
  const before = versions(tree)
  bump(tree, "minor")
  const after = versions(tree)
  commit(tree, "A minor of core")
  publish(tree, registry)
  return [
    [`a minor of core: ${before[core]} to ${after[core]}`, after[core] === next(before[core], 1)],
    ...Object.keys(before)
      .filter((name) => name !== core)
      .map((name) => [
        `a minor of core leaves ${name} at ${after[name]}`,
        after[name] === before[name]
      ])
  ]
}

/** Makes a new major version of core without publishing it. The checks are as in `publishMinor`. */
export function planMajor(tree) {
  const before = versions(tree)
  bump(tree, "major")
  const after = versions(tree)
  reset(tree)
  return [core, ...dependents].map((name) => [
    `a major of core: ${name} ${before[name]} to ${after[name]}`,
    after[name] === next(before[name], 0)
  ])
}

/** Publishes a snapshot of all packages, because the snapshots must be installable together. */
export function publishSnapshot(tree, registry) {
  release(tree, "snapshot", registry)
  const after = versions(tree)
  reset(tree)
  return Object.entries(after).map(([name, version]) => [
    `${name} is ${version}`,
    /^0\.0\.0-snapshot-[0-9a-f]+$/.test(version)
  ])
}

function bump(tree, kind) {
  writeChangeset(tree, kind)
  release(tree, "version")
}

function writeChangeset({ directory }, kind) {
  const file = join(directory, ".changeset", "made-up.md")
  writeFileSync(file, `---\n"${core}": ${kind}\n---\n\nMade up.\n`)
}

function commit({ git }, message) {
  git("add", "--all")
  git("commit", "--quiet", "--allow-empty", "--message", message)
}

function publish(tree, registry) {
  release(tree, "publish", registry)
  reset(tree)
}

function release({ directory }, step, registry) {
  must("node", ["tools/release/steps.mjs", step], {
    cwd: directory,
    env: { ...registry?.env, GITHUB_REPOSITORY: "example/innerspace-metrics" }
  })
}

function reset({ git }) {
  git("reset", "--quiet", "--hard")
  git("clean", "--quiet", "-fd", ".changeset")
}

function versions({ directory }) {
  const manifests = readdirSync(join(directory, "packages")).map((name) =>
    readJson(join(directory, "packages", name, "package.json"))
  )
  return Object.fromEntries(manifests.map(({ name, version }) => [name, version]))
}

/** The next version at a position, where 0 is major and 1 is minor. */
function next(version, place) {
  return version
    .split(".")
    .map((part, index) => (index < place ? part : index === place ? Number(part) + 1 : 0))
    .join(".")
}
