/** What a fresh process takes until its first rows. */
import { generateGenql } from "../measurement/genql.js"
import { inTurn, runProgram, withServer } from "../measurement/programs.js"
import type { Bar, Table } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import type { Task } from "./firstQueryProcess.js"

interface Program {
  readonly name: string
  readonly client?: string
  readonly of?: string
}

const programs: ReadonlyArray<Program> = [
  { name: "an empty process" },
  { name: "effect/Effect, no query", client: "effectAlone", of: "effect" },
  { name: "innerspace-metrics", client: "ours" },
  { name: "innerspace-metrics, promises", client: "oursPromise" },
  { name: "graphql-request", client: "graphqlRequest", of: "graphql-request" },
  { name: "global fetch", client: "fetch" },
  { name: "undici.request + JSON.parse", client: "undici", of: "undici" },
  { name: "@urql/core", client: "urql", of: "@urql/core" },
  { name: "@apollo/client", client: "apollo", of: "@apollo/client" },
  { name: "genql", client: "genql", of: "@genql/cli" },
  { name: "Effect HttpClient on undici", client: "effectUndici", of: "@effect/platform-node" },
  { name: "Effect HttpClient on fetch", client: "effectFetch", of: "@effect/platform" }
]

const bars: ReadonlyArray<Bar> = ["innerspace-metrics", "innerspace-metrics, promises"].map(
  (row) => ({ row, against: "graphql-request", atMost: 1.3 })
)

export const coldStart: Section = {
  name: "coldStart",
  title: "Cold start",
  text: `A fresh process, from its start until it has imported the client and has the rows of its first query. innerspace-metrics gets its token in that time, with a request more
than the peers, which are given one. An empty process is what Node itself takes, and
\`effect/Effect\` is what no client on Effect can be faster than. Modules are files, as npm installs them; a bundle starts faster.`,
  measure: async (isQuick) => {
    await generateGenql()
    const figures = await withServer("requests/serverProcess.js", undefined, (url) =>
      inTurn(isQuick ? programs.slice(0, 3) : programs, isQuick ? 1 : 7, ({ client }) =>
        runProgram("coldStart/firstQueryProcess.js", {
          ...(client === undefined ? {} : { client }),
          url: String(url)
        } satisfies Task)
      )
    )
    const table = (title: string, figure: string, unit: string): Table => ({
      title,
      unit,
      decimals: 0,
      reference: "graphql-request",
      rows: rowsOf(programs, ({ name }) => figures(name, figure)),
      bars
    })
    return {
      tables: [table("Until the first rows", "wall", "ms"), table("CPU until then", "cpu", "ms")],
      remarks: []
    }
  }
}
