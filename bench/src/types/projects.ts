/**
 * Projects with the same queries on a catalogue of many tables. Each project uses another client.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { minifyIntrospection, outputIntrospectionFile } from "@gql.tada/internal"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Either from "effect/Either"
import type { IntrospectionQuery } from "graphql"
import { generate } from "../measurement/genql.js"

/**
 * The code that a team writes with the catalogue. It uses filters and relationships, and reads
 * typed rows.
 */
const ours = `import * as Query from "@innerspace-metrics/core/Query"
import { table_0, table_250, table_499 } from "./catalog.js"

export const first = Query.from(table_0, {
  select: ["column_0", "column_1", { relationship: "next", select: ["column_2"] }],
  where: { column_0: 71, column_1: { _ilike: "%a%" }, next: { column_0: [1, 2] } },
  orderBy: [{ column_0: "asc" }],
  limit: 10
})
export const second = Query.from(table_250, {
  select: ["column_0", "column_4"],
  where: { _or: [{ column_7: true }, { _not: { column_0: 1 } }] }
})
export const third = Query.from(table_499, {
  select: [{ relationship: "many", select: ["column_0"], where: { column_0: { _gt: 5 } } }]
})
export const use = (
  one: Query.Answer<typeof first>,
  two: Query.Answer<typeof second>,
  three: Query.Answer<typeof third>
) => [one[0]?.next?.column_2, two[0]?.column_4, three[0]?.many[0]?.column_0] as const
`

const gqlTada = `import { graphql, type ResultOf } from "gql.tada"
import "./introspection"

export const first = graphql(\`query first {
  table_0(
    where: { column_0: { _eq: 71 }, column_1: { _ilike: "%a%" }, next: { column_0: { _in: [1, 2] } } }
    order_by: [{ column_0: asc }]
    limit: 10
  ) { column_0 column_1 next { column_2 } }
}\`)
export const second = graphql(\`query second {
  table_250(where: { _or: [{ column_7: { _eq: true } }, { _not: { column_0: { _eq: 1 } } }] }) { column_0 column_4 }
}\`)
export const third = graphql(\`query third {
  table_499 { many(where: { column_0: { _gt: 5 } }) { column_0 } }
}\`)
export const use = (
  one: ResultOf<typeof first>,
  two: ResultOf<typeof second>,
  three: ResultOf<typeof third>
) => [one.table_0[0]?.next?.column_2, two.table_250[0]?.column_4, three.table_499[0]?.many[0]?.column_0] as const
`

const genql = `import { createClient } from "./source/index"

const client = createClient({ url: "http://127.0.0.1" })
export const first = client.query({
  table_0: {
    __args: {
      where: { column_0: { _eq: 71 }, column_1: { _ilike: "%a%" }, next: { column_0: { _in: [1, 2] } } },
      order_by: [{ column_0: "asc" }],
      limit: 10
    },
    column_0: true,
    column_1: true,
    next: { column_2: true }
  }
})
export const second = client.query({
  table_250: {
    __args: { where: { _or: [{ column_7: { _eq: true } }, { _not: { column_0: { _eq: 1 } } }] } },
    column_0: true,
    column_4: true
  }
})
export const third = client.query({
  table_499: { many: { __args: { where: { column_0: { _gt: 5 } } }, column_0: true } }
})
export const use = async () =>
  [(await first).table_0[0]?.next?.column_2, (await second).table_250[0]?.column_4, (await third).table_499[0]?.many[0]?.column_0] as const
`

/** One way to get the types of a schema. */
export interface Project {
  readonly name: string
  /** Generates the types of a schema, given as JSON, into a folder. */
  readonly generate: (json: string, directory: string) => void
  readonly queries: string
}

const read = (json: string): IntrospectionQuery => JSON.parse(json)

export const projects: ReadonlyArray<Project> = [
  {
    name: "innerspace-metrics",
    queries: ours,
    generate: (json, directory) => {
      const text = Catalog.fromIntrospection("large", JSON.parse(json)).pipe(
        Either.flatMap((catalog) => Catalog.toTypeScript(catalog)),
        Either.getOrThrow
      )
      writeFileSync(join(directory, "catalog.ts"), text)
    }
  },
  {
    name: "gql.tada",
    queries: gqlTada,
    generate: (json, directory) => {
      const text = outputIntrospectionFile(minifyIntrospection(read(json)), {
        fileType: ".d.ts",
        shouldPreprocess: true
      })
      writeFileSync(join(directory, "introspection.d.ts"), text)
    }
  },
  { name: "genql", queries: genql, generate: (json, directory) => generate(read(json), directory) },
  // This project shows the cost that does not depend on tables: core, and the modules of Effect
  // that core uses.
  {
    name: "innerspace-metrics without tables",
    queries: 'export * as Query from "@innerspace-metrics/core/Query"\n',
    generate: () => {}
  },
  // This project shows the cost of the compiler's own libraries.
  { name: "an empty project", queries: "export const nothing = 0\n", generate: () => {} }
]

const large = fileURLToPath(new URL("../generated/large", import.meta.url))

/** The folder of a project. */
export const directoryOf = (name: string): string => join(large, name.replaceAll(/\W/g, "-"))

/** Writes a schema to the file from which the processes that generate types read it. */
export const writeSchema = (schema: unknown): void => {
  rmSync(large, { recursive: true, force: true })
  mkdirSync(large, { recursive: true })
  writeFileSync(join(large, "schema.json"), JSON.stringify(schema))
}

/** Generates a project's types, and writes its queries and its configuration. */
export const writeProject = ({ generate, name, queries }: Project): void => {
  const directory = directoryOf(name)
  mkdirSync(directory, { recursive: true })
  generate(readFileSync(join(large, "schema.json"), "utf8"), directory)
  writeFileSync(join(directory, "queries.ts"), queries)
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    target: "es2022",
    lib: ["es2023", "dom", "dom.iterable"],
    module: "esnext",
    moduleResolution: "bundler",
    skipLibCheck: true,
    types: [],
    noEmit: true
  }
  writeFileSync(
    join(directory, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["queries.ts"] })
  )
}
