// Reports every comment that switches the type checker off. Only tests may expect a type error. A
// lint plugin cannot do this, because it does not see the comments at the head of a file.
//
//   node tools/checks/directives.mjs [directory]

import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(process.argv[2] ?? join(import.meta.dirname, "../.."))

const folders = ["packages", "apps", "bench", "docs", "examples", "reliability", "tools"]

/** The folders to skip. git ignores them, or they contain settings of editors and tools. */
const isSkipped = (folder) =>
  ["node_modules", "dist", "generated", "cache", "reference"].includes(folder) ||
  (folder.startsWith(".") && folder !== ".vitepress")

/** lintRules.mjs contains violations as texts, because it proves that the rules find them. */
const exempt = "tools/checks/lintRules.mjs"

const filesIn = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return isSkipped(entry.name) ? [] : filesIn(path)
    return /\.[cm]?[jt]sx?$/.test(entry.name) && path !== exempt ? [path] : []
  })

const sources = folders.filter((folder) => existsSync(join(root, folder))).flatMap(filesIn)

const inSource = /@ts-(?:ignore|expect-error|nocheck)\b/
const inTest = /@ts-(?:ignore|nocheck)\b/

const reports = sources.flatMap((path) => {
  const directive = /(^|\/)test\//.test(path) ? inTest : inSource
  return readFileSync(join(root, path), "utf8")
    .split("\n")
    .flatMap((line, index) =>
      directive.test(line) ? [`${path}:${index + 1} no-type-suppression: fix the type error.`] : []
    )
})

for (const report of reports) console.error(report)
console.log(`directives: ${sources.length} files read, ${reports.length} problems`)
process.exit(reports.length === 0 ? 0 : 1)
