// Checks the rooms of core: which folders of `packages/core/src/internal` may import from which,
// and how many files a folder may have. ARCHITECTURE.md draws the same arrows.
//
//   node tools/check-rooms.mjs [directory]

import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve, sep } from "node:path"

const root = resolve(process.argv[2] ?? join(import.meta.dirname, ".."))
const internal = join(root, "packages", "core", "src", "internal")

/** A reader can keep track of about a dozen names. */
const mostFiles = 13

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
  token: ["limits", "options", "redact"],
  rows: ["redact", "scalar"],
  query: ["graphql", "redact", "rows", "scalar"],
  stream: ["options", "query", "redact", "scalar", "time"],
  call: ["graphql", "http", "limits", "options", "query", "redact", "rows", "token"],
  catalog: ["graphql", "scalar"],
  testing: ["graphql", "rows", "stream"]
}

const files = readdirSync(internal, { recursive: true })
  .map((file) => file.split(sep).join("/"))
  .filter((file) => file.endsWith(".ts"))

const roomOf = (file) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : "root")

const reports = files.flatMap((file) => {
  const room = roomOf(file)
  const allowed = rooms[room]
  if (allowed === undefined) return [`${file}: the room ${room} is not in tools/check-rooms.mjs.`]
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
  const count = files.filter((file) => roomOf(file) === room).length
  if (count === 0) reports.push(`The room ${room} has no file: remove it from this list.`)
  if (count > mostFiles) {
    reports.push(`The room ${room} has ${count} files, but at most ${mostFiles} are allowed.`)
  }
}

for (const report of reports) console.error(report)
console.log(`rooms: ${files.length} files read, ${reports.length} problems`)
process.exit(reports.length === 0 ? 0 : 1)
