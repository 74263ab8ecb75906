// Writes the public declarations of each package to packages/*/api.md, so that a review shows what
// changes for users.
//
//   node tools/api/write.mjs            writes the files
//   node tools/api/write.mjs --check    fails if a file is not up to date
//
// Declarations are copied from the compiler's output, without comments and sorted by name. A
// declaration of a private module is included only if a public module exposes it.

import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { root } from "../environment.mjs"
import { must } from "../shared/command.mjs"
import { publicModules, publishedPackages } from "../shared/tarballs.mjs"
import { readDeclarations } from "./declarations.mjs"

must("tsc", ["-b"])
const reports = publishedPackages().map((directory) => ({
  file: join(directory, "api.md"),
  text: reportOf(directory)
}))
if (process.argv[2] === "--check") check()
else for (const { file, text } of reports) writeFileSync(file, text)

function check() {
  const stale = reports.filter(
    ({ file, text }) => !existsSync(file) || readFileSync(file, "utf8") !== text
  )
  for (const { file, text } of stale) {
    console.error(`${file.slice(root.length + 1)} is not up to date: run "npm run api".`)
    console.error(firstChange(existsSync(file) ? readFileSync(file, "utf8") : "", text))
  }
  console.log(`api: ${reports.length} packages, ${stale.length} problems`)
  process.exit(stale.length === 0 ? 0 : 1)
}

function firstChange(before, after) {
  const [old, now] = [before, after].map((text) => text.split("\n"))
  const index = now.findIndex((line, at) => line !== old[at])
  return `  line ${index + 1}\n  - ${old[index] ?? ""}\n  + ${now[index] ?? ""}`
}

function reportOf(directory) {
  const { name, modules } = publicModules(directory)
  /** The declarations to show: for each module, a map from text to declaration. */
  const sections = new Map()
  for (const module of modules) show(`${module}.d.ts`, "*")
  const texts = [...sections]
    .sort(([a], [b]) => a.includes("/") - b.includes("/") || (a < b ? -1 : 1))
    .map(([file, shown]) => sectionOf(name, file, [...shown.values()]))
  const head = [
    `# The API of ${name}`,
    'Written by `npm run api`; a change of it comes with a changeset. See "Releases" in CONTRIBUTING.md.'
  ]
  return `${[...head, ...texts].join("\n\n")}\n`

  /**
   * Adds the declarations with the name `wanted` ("*" for all), and everything that these
   * declarations expose.
   */
  function show(file, wanted) {
    const { declarations, imports } = readDeclarations(join(directory, "dist", file))
    const shown = sections.get(file) ?? new Map()
    for (const declaration of declarations) {
      const isWanted = wanted === "*" || declaration.names.includes(wanted)
      if (!isWanted || shown.has(declaration.text)) continue
      shown.set(declaration.text, declaration)
      sections.set(file, shown)
      const { mentions, forwards } = declaration
      const imported = [...mentions].flatMap((word) => imports.get(word) ?? [])
      for (const { source, name } of [...imported, ...forwards]) {
        const target = join(dirname(file), source).replaceAll("\\", "/").replace(/\.js$/, ".d.ts")
        // A public module has its own section.
        if (target.startsWith("internal/")) show(target, name)
      }
      if (wanted !== "*") for (const word of mentions) show(file, word)
    }
  }
}

function sectionOf(name, file, declarations) {
  const module = file.replace(".d.ts", "")
  const title = module === "index" ? name : module.includes("/") ? module : `${name}/${module}`
  const texts = declarations
    .sort((a, b) => (a.names[0] < b.names[0] ? -1 : a.names[0] > b.names[0] ? 1 : 0))
    .map(({ text }) => text)
  return `## ${title}\n\n\`\`\`ts\n${texts.join("\n")}\n\`\`\``
}
