/** The section about a dashboard of 40 queries. */
import * as clients from "../measurement/clients.js"
import { generateGenql } from "../measurement/genql.js"
import { inTurn, roundsOf, runProgram, withServer } from "../measurement/programs.js"
import type { Bar } from "../measurement/results.js"
import type { Section } from "../measurement/section.js"
import type { Task } from "./boardProcess.js"
import { boards } from "./boards.js"

const queries = 40

const programs: ReadonlyArray<clients.Client> = [
  { name: "innerspace-metrics, batching", client: "batching" },
  { name: "innerspace-metrics, queryAll", client: "queryAll" },
  { name: "innerspace-metrics, one request each", client: "ours" },
  clients.fetch,
  clients.undici,
  clients.graphqlRequest,
  { ...clients.graphqlRequest, name: "graphql-request, batchRequests", client: "batchRequests" },
  clients.urql,
  clients.apollo,
  { ...clients.apollo, name: "@apollo/client, BatchHttpLink", client: "BatchHttpLink" },
  clients.genql,
  { ...clients.genql, name: "genql, batch", client: "genqlBatch" },
  clients.effectUndici,
  clients.effectFetch
]

/** The clients that no other section runs. A quick run needs only these clients. */
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
  text: `A client sends 40 queries of different buildings at once to a server that responds to each request after 50 ms. The connections are already open,
and the client already has its token. innerspace-metrics merges the queries of one \`Effect.all\` or \`Effect.forEach\` with \`batching: true\` into one request with one
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
    const table = clients.tablesOf(programs, figures)
    return {
      tables: [
        table("Time until all rows have arrived", "wall", "ms", bars, 1),
        table("Requests", "requests", "requests"),
        table("CPU time", "cpu", "ms", [], 1)
      ],
      remarks: []
    }
  }
}
