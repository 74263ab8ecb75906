/** A dashboard of 40 queries. */
import { generateGenql } from "../measurement/genql.js"
import { inTurn, roundsOf, runProgram, withServer } from "../measurement/programs.js"
import type { Bar, Table } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import type { Task } from "./boardProcess.js"
import { boards } from "./boards.js"

const queries = 40

interface Program {
  readonly name: string
  readonly client: string
  readonly of?: string
}

const programs: ReadonlyArray<Program> = [
  { name: "innerspace-metrics, batching", client: "batching" },
  { name: "innerspace-metrics, queryAll", client: "queryAll" },
  { name: "innerspace-metrics, one request each", client: "ours" },
  { name: "global fetch", client: "fetch" },
  { name: "undici.request + JSON.parse", client: "undici", of: "undici" },
  { name: "graphql-request", client: "graphqlRequest", of: "graphql-request" },
  { name: "graphql-request, batchRequests", client: "batchRequests", of: "graphql-request" },
  { name: "@urql/core", client: "urql", of: "@urql/core" },
  { name: "@apollo/client", client: "apollo", of: "@apollo/client" },
  { name: "@apollo/client, BatchHttpLink", client: "BatchHttpLink", of: "@apollo/client" },
  { name: "genql", client: "genql", of: "@genql/cli" },
  { name: "genql, batch", client: "genqlBatch", of: "@genql/cli" },
  { name: "Effect HttpClient on undici", client: "effectUndici", of: "@effect/platform-node" },
  { name: "Effect HttpClient on fetch", client: "effectFetch", of: "@effect/platform" }
]

/** The clients that no other section runs: enough to see that they work. */
const merging = programs.filter(({ client }) => Object.hasOwn(boards, client))

const bars: ReadonlyArray<Bar> = [
  "graphql-request",
  "graphql-request, batchRequests",
  "@urql/core",
  "@apollo/client",
  "@apollo/client, BatchHttpLink",
  "genql",
  "genql, batch"
].map((against) => ({ row: "innerspace-metrics, batching", against, atMost: 1 }))

export const dashboard: Section = {
  name: "dashboard",
  title: "A dashboard of 40 queries",
  text: `40 queries of different buildings, sent at once to a server that responds to each request after 50 ms. The connections are open and the token
is known. innerspace-metrics merges the queries of one \`Effect.all\` or \`Effect.forEach\` with \`batching: true\` into one request with one
operation, at most 20 queries in each. The batches of Apollo, genql and graphql-request are lists of operations in one request, which not every
server accepts.`,
  measure: async (isQuick) => {
    await generateGenql()
    const figures = await withServer("dashboard/serverProcess.js", undefined, (url, ask) =>
      inTurn(isQuick ? merging : programs, roundsOf(isQuick), async ({ client }) => {
        const counts = isQuick ? { warmUp: 1, times: 1 } : { warmUp: 10, times: 10 }
        const task = { client, url: String(url), queries, ...counts } satisfies Task
        const figures = await runProgram("dashboard/boardProcess.js", task)
        const requests = Number(await ask("requests")) / (counts.warmUp + counts.times)
        return { ...Object(figures), requests }
      })
    )
    const table = (
      title: string,
      figure: string,
      unit: string,
      decimals: number,
      bars: ReadonlyArray<Bar>
    ): Table => ({
      title,
      unit,
      decimals,
      reference: "graphql-request",
      rows: rowsOf(programs, ({ name }) => figures(name, figure)),
      bars
    })
    return {
      tables: [
        table("Time until all rows have arrived", "wall", "ms", 1, bars),
        table("Requests", "requests", "requests", 0, []),
        table("CPU time", "cpu", "ms", 1, [])
      ],
      remarks: []
    }
  }
}
