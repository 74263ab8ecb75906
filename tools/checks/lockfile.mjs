// Checks that pnpm-lock.yaml works on other machines. The lockfile must not name a server. A family
// of native packages (one package for each system) that has an entry for Linux must also have
// entries for macOS and Windows. pnpm leaves out an optional package that it cannot get, without an
// error.
//
//   node tools/checks/lockfile.mjs [file]

import { readFileSync } from "node:fs"
import { join } from "node:path"

/** Families of packages that may be incomplete, with the reasons. */
const incomplete = {}

const file = process.argv[2] ?? join(import.meta.dirname, "../../pnpm-lock.yaml")
const lines = readFileSync(file, "utf8").split("\n")

const servers = lines.flatMap((line, index) =>
  /https?:\/\//.test(line)
    ? [`line ${index + 1} names a server. Install the package without a URL.`]
    : []
)

/** The systems that have an entry, for each family and version, such as "@biomejs/cli-" 2.5.15. */
const families = new Map()
let current
for (const line of lines) {
  const entry = /^ {2}'?(@?[^@']+)@([^'(]+?)'?:$/.exec(line)
  if (entry !== null) {
    const [, name, version] = entry
    const family = name.split(/(?:linux|darwin|macos|win32|windows)/)[0]
    current = family === name ? undefined : `${family} ${version}`
  }
  const systems = /^ {4}os: \[(.*)\]$/.exec(line)
  if (systems !== null && current !== undefined) {
    const known = families.get(current) ?? new Set()
    for (const system of systems[1].split(", ")) known.add(system)
    families.set(current, known)
  }
}

const gaps = [...families].flatMap(([key, systems]) => {
  const missing = ["darwin", "win32"].filter((system) => !systems.has(system))
  const [family, version] = key.split(" ")
  return systems.has("linux") && missing.length > 0
    ? [{ family, text: `${family}* ${version} has no entry for ${missing.join(" and ")}.` }]
    : []
})
const unexpected = gaps.filter(({ family }) => !Object.hasOwn(incomplete, family))
const outdated = Object.keys(incomplete).filter((name) => gaps.every((gap) => gap.family !== name))

const problems = [
  ...servers,
  ...unexpected.map(({ text }) => `${text} Choose a version with packages for all systems.`),
  ...outdated.map((name) => `${name}* is complete or gone. Remove it from the list of exceptions.`),
  ...(families.size === 0
    ? ["no native package was found, so the format of the file has changed."]
    : [])
]
for (const problem of problems) console.error(`pnpm-lock.yaml: ${problem}`)
console.log(`lockfile: ${families.size} native families, ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)
