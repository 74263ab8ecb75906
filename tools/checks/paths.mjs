// Reports every path in a document that does not exist: links to files of the repository, and paths
// in code marks such as `core/src/Query.ts`.
//
//   node tools/checks/paths.mjs [directory]

import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

const root = resolve(process.argv[2] ?? join(import.meta.dirname, "../.."))

const listed = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" })
const documents = listed
  .trim()
  .split("\n")
  // Changelogs and changesets describe the past, and api.md files are generated.
  .filter((file) => !/(^|\/)(CHANGELOG|api)\.md$|^\.changeset\//.test(file))

/**
 * The folders to which a path in code marks may be relative. Documents often leave out the
 * beginning of a path.
 */
const packages = ["apps", "packages"].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => `${group}/${name}`)
)
const beginnings = [".", "packages", "reliability", "bench", ...packages].flatMap((directory) => [
  directory,
  join(directory, "src"),
  join(directory, "src", "internal"),
  join(directory, "test")
])

const link = /\]\((?!\w+:|#)([^)\s#]+)(?:#[^)]*)?\)/g
const path = /`((?:[\w@.-]+\/)+[\w.-]+\.(?:tsx?|mjs|md|json|ya?ml|sh|css|html))`/g

let count = 0
const reports = documents.flatMap((document) => {
  const lines = readFileSync(join(root, document), "utf8").split("\n")
  return lines.flatMap((line, index) => {
    const links = [...line.matchAll(link)]
      // The pages of the API reference are made from the sources, and the site checks its own
      // links.
      .filter(([, target]) => !/(^|\/)reference\//.test(target))
      .map(([, target]) => [target, [dirname(document)]])
    const paths = [...line.matchAll(path)].map(([, target]) => [
      target,
      [dirname(document), ...beginnings]
    ])
    return [...links, ...paths].flatMap(([target, places]) => {
      count += 1
      return places.some((place) => existsSync(join(root, place, target)))
        ? []
        : [`${document}:${index + 1} names ${target}, which does not exist.`]
    })
  })
})

for (const report of reports) console.error(report)
console.log(`paths: ${count} paths in ${documents.length} documents, ${reports.length} problems`)
process.exit(reports.length === 0 ? 0 : 1)
