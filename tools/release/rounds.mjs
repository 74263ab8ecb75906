// A release from a clone, with the versions that changesets make and the packages in the registry.

import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../environment.mjs"
import { must } from "../shared/command.mjs"
import { readJson } from "../shared/tarballs.mjs"

const core = "@innerspace-metrics/core"
const dependents = ["node-adapter", "browser-adapter", "export"].map(
  (name) => `@innerspace-metrics/${name}`
)

/** Clones the last commit and installs. Nothing is ever published from the working tree. */
export function cloneTree(directory) {
  must("git", ["clone", "--quiet", root, directory])
  must("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], { cwd: directory })
  const git = (...options) => must("git", options, { cwd: directory })
  git("config", "user.name", "Release")
  git("config", "user.email", "release@example.com")
  return { directory, git }
}

/** Publishes the pending changesets as the first versions. */
export function publishPending(tree, registry) {
  release(tree, "version")
  commit(tree, "Version packages")
  publish(tree, registry)
  return versions(tree)
}

/** Publishes a test minor of core. Returns checks `[title, whether it holds]`. */
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

/** The same for a major, without publishing it. */
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

/** Publishes all packages as a snapshot, because they must be installable together. */
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
