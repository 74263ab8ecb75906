// Reports every comment in a source that switches the type checker off; only a type test may expect
// a type error. A lint plugin cannot do this: it does not see the comments at the head of a file.
//
//   node tools/check-directives.mjs [directory]

import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(process.argv[2] ?? join(import.meta.dirname, ".."))

const groups = ["packages", "apps"].filter((group) => existsSync(join(root, group)))

const sources = groups
  .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}/src`))
  .concat("bench/src")
  .filter((directory) => existsSync(join(root, directory)))
  .flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true }).map((file) => `${directory}/${file}`)
  )
  .filter((path) => /\.[cm]?tsx?$/.test(path))

const reports = sources.flatMap((path) =>
  readFileSync(join(root, path), "utf8")
    .split("\n")
    .flatMap((line, index) =>
      /@ts-(?:ignore|expect-error|nocheck)\b/.test(line)
        ? [`${path}:${index + 1} no-type-suppression: mend the type error.`]
        : []
    )
)

for (const report of reports) console.error(report)
console.log(`directives: ${sources.length} sources read, ${reports.length} problems`)
process.exit(reports.length === 0 ? 0 : 1)
