/** How long a large catalogue takes: to be made from a schema, and to be type-checked by those who query it. */
import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Either from "effect/Either"
import { largeIntrospection } from "./largeSchema.js"

const isQuick = process.argv.includes("--quick")
const tables = 500
const columns = isQuick ? 10 : 60
const runs = isQuick ? 1 : 5

const directory = fileURLToPath(new URL("large", import.meta.url))

/** What a team would write beside the catalogue: filters, relationships, aggregates, rows used as typed. */
const queries = `import * as Query from "@innerspace-metrics/core/Query"
import { table_0, table_250, table_499 } from "./catalog.js"

export const rows = Query.from(table_0, {
  select: ["column_0", "column_1", { relationship: "next", select: ["column_2"] }],
  where: { column_0: 71, column_1: { _ilike: "%a%" }, next: { column_5: [1n, 2n] } },
  orderBy: [{ next: { next: { column_2: "desc" } } }, { column_0: "asc" }],
  limit: 10
})
export const narrowed = Query.and(rows, { _or: [{ column_7: true }, { _not: { column_8: 1 } }] })
export const totals = Query.aggregate(table_250, { select: { count: true, sum: ["column_3"] } })
export const many = Query.from(table_499, {
  select: [{ relationship: "many", select: ["column_0"], where: { column_0: { _gt: 5 } } }]
})
`

const milliseconds = (task: () => void): number => {
  const start = performance.now()
  task()
  return performance.now() - start
}

const median = (times: ReadonlyArray<number>): number =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0

const json = JSON.stringify(largeIntrospection(tables, columns))
let text = ""
const generation = Array.from({ length: runs }, () =>
  milliseconds(() => {
    const read = Catalog.fromIntrospection("large", JSON.parse(json))
    text = Either.getOrThrow(Either.flatMap(read, (catalog) => Catalog.toTypeScript(catalog)))
  })
)

const writeProject = (name: string, files: { readonly [file: string]: string }): string => {
  const project = join(directory, name)
  rmSync(project, { recursive: true, force: true })
  mkdirSync(project, { recursive: true })
  for (const [file, content] of Object.entries(files)) writeFileSync(join(project, file), content)
  const config = {
    extends: fileURLToPath(new URL("../../tsconfig.base.json", import.meta.url)),
    compilerOptions: { composite: false, noEmit: true },
    files: Object.keys(files)
  }
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config))
  return project
}

const check = (project: string): ReadonlyArray<number> =>
  Array.from({ length: runs }, () =>
    milliseconds(() => {
      const { status, stdout } = spawnSync("tsc", ["-p", project], { encoding: "utf8" })
      if (status !== 0) {
        console.error(stdout)
        process.exit(1)
      }
    })
  )

const whole = check(writeProject("queries", { "catalog.ts": text, "queries.ts": queries }))
const alone = check(writeProject("alone", { "catalog.ts": text }))
const nothing = check(
  writeProject("nothing", {
    "nothing.ts": `export * as Query from "@innerspace-metrics/core/Query"\n`
  })
)

const seconds = (times: ReadonlyArray<number>): string =>
  `${(median(times) / 1000).toFixed(2)} s (first ${((times[0] ?? 0) / 1000).toFixed(2)} s)`
console.log(`${tables} tables with ${columns} columns each; median of ${runs} runs, and the first
introspection                       ${(json.length / 1e6).toFixed(1)} MB of JSON
module                              ${(text.length / 1e6).toFixed(1)} MB, ${text.split("\n").length} lines
parse, read and write               ${seconds(generation)}
type-check module and queries       ${seconds(whole)}
type-check the module alone         ${seconds(alone)}
type-check an import of Query alone ${seconds(nothing)}`)
