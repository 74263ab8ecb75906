// Checks the rooms of core. A room is a folder of `packages/core/src/internal`. The list below says
// from which rooms each room may import. ARCHITECTURE.md has a diagram of the same rules.
//
// This program also rejects folders with too many files and circular imports, in all packages and
// their tests. It also finds circles of type imports, which Biome's `noImportCycles` ignores. Only
// one kind of circle is allowed: between one public module and the private modules that it uses.
//
//   node tools/checks/rooms.mjs [directory]

import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve, sep } from "node:path"

const root = resolve(process.argv[2] ?? join(import.meta.dirname, "../.."))
const internal = join(root, "packages", "core", "src", "internal")

/** A folder may have about a dozen names, because a reader cannot keep track of more. */
const mostFiles = 12

/**
 * The rooms that each room may use, in addition to itself and the files at the root of `internal`.
 */
const rooms = {
  root: [],
  graphql: [],
  time: [],
  redact: [],
  options: [],
  series: ["scalar", "time"],
  scalar: ["time"],
  http: ["redact"],
  limits: ["http", "options"],
  warnings: [],
  token: ["limits", "options", "redact", "warnings"],
  rows: ["redact", "scalar"],
  columns: ["query", "rows", "scalar", "stream"],
  query: ["graphql", "redact", "rows", "scalar"],
  stream: ["columns", "options", "query", "redact", "scalar", "time"],
  call: ["graphql", "http", "limits", "options", "query", "redact", "rows", "token"],
  catalog: ["graphql", "scalar"],
  lazy: ["call", "columns", "rows", "stream"],
  testing: ["columns", "graphql", "rows", "stream"]
}

const files = readdirSync(internal, { recursive: true })
  .map((file) => file.split(sep).join("/"))
  .filter((file) => file.endsWith(".ts"))

const roomOf = (file) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : "root")

const reports = files.flatMap((file) => {
  const room = roomOf(file)
  const allowed = rooms[room]
  if (allowed === undefined) return [`${file}: the room ${room} is not in tools/checks/rooms.mjs.`]
  const lines = readFileSync(join(internal, file), "utf8").split("\n")
  return lines.flatMap((line, index) => {
    const imported = /(?:from|import\() ?"(\.[^"]+)"/.exec(line)?.[1]
    if (imported === undefined) return []
    const target = relative(internal, resolve(dirname(join(internal, file)), imported))
    if (target.startsWith("..")) return []
    const other = roomOf(target.split(sep).join("/"))
    if (other === room || other === "root" || allowed.includes(other)) return []
    const uses = ["the root", ...allowed].join(", ")
    return [
      `packages/core/src/internal/${file}:${index + 1} imports ${target}, but ${room} uses only ${uses}.`
    ]
  })
})

for (const room of Object.keys(rooms)) {
  if (!files.some((file) => roomOf(file) === room)) {
    reports.push(`The room ${room} has no file: remove it from this list.`)
  }
}

/** Public modules that may import each other, because they describe one concept. */
const pairs = [["packages/core/src/Table.ts", "packages/core/src/Relationship.ts"]]

/**
 * The folders of sources and tests. Only packages have public modules, which are the files directly
 * in `src`.
 */
const sources = [
  ...readdirSync(join(root, "packages")).flatMap((name) => [
    `packages/${name}/src`,
    `packages/${name}/test`
  ]),
  ...["apps/demo/src", "apps/demo/page", "apps/demo/test", "bench/src"],
  ...["examples/test", "reliability/src", "reliability/test"]
]

let read = files.length
for (const directory of sources.filter((directory) => existsSync(join(root, directory)))) {
  const imports = importsOf(directory)
  read += imports.size
  const isPublic = (file) => /^packages\/[^/]+\/src$/.test(directory) && dirname(file) === directory
  // Public modules are not counted. They must all be in one folder, because their paths are part of
  // users' imports.
  const folders = [...imports.keys()].filter((file) => !isPublic(file)).map(dirname)
  for (const folder of new Set(folders)) {
    const count = folders.filter((one) => one === folder).length
    if (count > mostFiles) {
      reports.push(`${folder} has ${count} files, but at most ${mostFiles} are allowed.`)
    }
  }
  for (const circle of circlesOf(imports)) {
    const publics = circle.filter(isPublic)
    const [one] = publics
    const isPair = pairs.some(
      (pair) => circle.length === 2 && pair.every((file) => circle.includes(file))
    )
    if (isPair) continue
    if (publics.length > 1) {
      reports.push(`${circle.join(", ")} import each other, and several of them are public.`)
      continue
    }
    const others = new Map(
      circle
        .filter((file) => file !== one)
        .map((file) => [file, imports.get(file).filter((other) => other !== one)])
    )
    for (const inner of circlesOf(others)) reports.push(`${inner.join(", ")} import each other.`)
  }
}

for (const report of reports) console.error(report)
console.log(`rooms: ${read} files read, ${reports.length} problems`)
process.exit(reports.length === 0 ? 0 : 1)

/**
 * The files of a directory, each with the files of this directory from which it imports values or
 * types.
 */
function importsOf(directory) {
  const files = readdirSync(join(root, directory), { recursive: true })
    .map((file) => `${directory}/${file.split(sep).join("/")}`)
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"))
  const byModule = new Map(files.map((file) => [file.replace(/\.tsx?$/, ""), file]))
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(root, file), "utf8").replaceAll(/\/\*.*?\*\//gs, "")
      const targets = [...text.matchAll(/(?:from|import\() ?"(\.[^"]+)\.js"/g)].map(([, target]) =>
        byModule.get(join(dirname(file), target).split(sep).join("/"))
      )
      return [file, targets.filter((target) => target !== undefined)]
    })
  )
}

/** The sets of files that import each other, directly or indirectly, by Tarjan's algorithm. */
function circlesOf(imports) {
  const order = new Map()
  const lowest = new Map()
  const path = []
  const circles = []
  const visit = (file) => {
    order.set(file, order.size)
    lowest.set(file, order.get(file))
    path.push(file)
    for (const other of imports.get(file)) {
      if (!imports.has(other)) continue
      if (!order.has(other)) visit(other)
      if (path.includes(other)) {
        lowest.set(file, Math.min(lowest.get(file), lowest.get(other)))
      }
    }
    if (lowest.get(file) !== order.get(file)) return
    const circle = path.splice(path.indexOf(file))
    if (circle.length > 1) circles.push(circle.sort())
  }
  for (const file of imports.keys()) if (!order.has(file)) visit(file)
  return circles
}
