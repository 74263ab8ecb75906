/**
 * The section about a catalogue of many tables: the cost to generate the catalogue, and to
 * type-check code that uses it.
 */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { inTurn, roundsOf, runProgram } from "../measurement/programs.js"
import type { Bar, Row, Table } from "../measurement/results.js"
import type { Section } from "../measurement/section.js"
import { versionOf } from "../measurement/versions.js"
import { largeIntrospection } from "./largeSchema.js"
import { directoryOf, projects, writeSchema } from "./projects.js"

const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url))

/** Type-checks a project, and returns the time and the memory that the compiler reports. */
const check = (name: string) => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [compiler, "-p", directoryOf(name), "--extendedDiagnostics"],
    { encoding: "utf8" }
  )
  if (status !== 0) throw new Error(`${name} does not compile:\n${stdout}${stderr}`)
  const figure = (label: string) => {
    const found = new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1]
    if (found === undefined) throw new Error(`tsc did not say "${label}":\n${stdout}`)
    return Number(found)
  }
  return { seconds: figure("Total time"), megabytes: figure("Memory used") / 1024 }
}

const bars: ReadonlyArray<Bar> = ["gql.tada", "genql"].map((against) => ({
  row: "innerspace-metrics",
  against,
  atMost: 1
}))

/**
 * The projects that query the schema. The other projects show the time that does not depend on the
 * schema.
 */
const clients = projects.filter(({ name }) =>
  ["innerspace-metrics", "gql.tada", "genql"].includes(name)
)

const packages: { readonly [name: string]: string } = {
  "gql.tada": "gql.tada",
  genql: "@genql/cli"
}

export const types: Section = {
  name: "types",
  title: "Type checking with 500 tables",
  text: `A schema as Hasura makes it for 500 tables with 60 columns each. Each client's own generator generates its types, and \`tsc\` checks the same
three queries on them, with \`strict\` and \`skipLibCheck\`. Time and memory are those that \`tsc --extendedDiagnostics\` reports. The
types of gql.tada are its preprocessed introspection.`,
  measure: async (isQuick) => {
    writeSchema(largeIntrospection(500, isQuick ? 8 : 60))
    const rounds = roundsOf(isQuick)
    const made = await inTurn(projects, rounds, ({ name }) =>
      runProgram("types/generateProcess.js", name)
    )
    const checked = await inTurn(projects, rounds, async ({ name }) => check(name))
    const row = (name: string, runs: ReadonlyArray<number>): Row => {
      const of = packages[name]
      return { name, ...(of === undefined ? {} : { version: versionOf(of) }), runs }
    }
    const table = (
      title: string,
      unit: string,
      decimals: number,
      runs: (name: string) => ReadonlyArray<number>,
      shown = projects
    ): Table => ({
      title,
      unit,
      decimals,
      reference: "genql",
      rows: shown.map(({ name }) => row(name, runs(name))),
      bars
    })
    return {
      tables: [
        table("Type checking, time", "s", 2, (name) => checked(name, "seconds")),
        table("Type checking, memory", "MB", 0, (name) => checked(name, "megabytes")),
        table("Generating the types", "s", 2, (name) => made(name, "seconds"), clients)
      ],
      remarks: [`TypeScript ${versionOf("typescript")}.`]
    }
  }
}
