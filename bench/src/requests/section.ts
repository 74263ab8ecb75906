/** The section about requests per second, and the CPU time of one request. */
import * as clients from "../measurement/clients.js"
import { generateGenql } from "../measurement/genql.js"
import { inTurn, roundsOf, runProgram, withServer } from "../measurement/programs.js"
import type { Bar } from "../measurement/results.js"
import type { Section } from "../measurement/section.js"
import type { Task } from "./clientProcess.js"

interface Program extends clients.Client {
  readonly hasSpans?: boolean
  readonly isRepeated?: boolean
}

const floor = clients.undici.name
const effect = "innerspace-metrics"
const promises = "innerspace-metrics, promises"
const newQueries = ", new queries"
const spans = ", spans recorded"

const programs: ReadonlyArray<Program> = [
  clients.undici,
  { name: effect, client: "ours", isRepeated: true },
  { name: `${effect}${newQueries}`, client: "ours" },
  { name: promises, client: "oursPromise", isRepeated: true },
  { name: `${promises}${newQueries}`, client: "oursPromise" },
  { name: `${effect}${spans}`, client: "ours", isRepeated: true, hasSpans: true },
  { name: `${effect}${newQueries}${spans}`, client: "ours", hasSpans: true },
  clients.fetch,
  clients.graphqlRequest,
  clients.urql,
  clients.apollo,
  clients.genql,
  clients.effectUndici,
  { ...clients.effectUndici, name: `${clients.effectUndici.name}${spans}`, hasSpans: true },
  clients.effectFetch
]

export const requests: Section = {
  name: "requests",
  title: "Requests",
  text: `Each client sends the vendor's documented query to a \`node:http\` server in another process on the same machine: first one request after the
other, then 50 in flight. CPU time is that of the whole client process, with its garbage collection. innerspace-metrics obtains its token, decodes the
rows, and has its default retries and deadline. The peers are given a fixed token and decode nothing, except for Effect's \`HttpClient\`, which
decodes with a Schema. "New queries" means that each request is a query of another building, built for that request. Otherwise 200 queries
repeat. The peers send one document with new variables each time. "Spans recorded" means the SDK of OpenTelemetry with its batch processor and
an exporter in memory, which must receive every span.`,
  measure: async (isQuick) => {
    await generateGenql()
    const count = isQuick ? { requests: 20, warmUp: 2 } : { requests: 3_000, warmUp: 3_000 }
    const figures = await withServer("requests/serverProcess.js", undefined, (url, ask) =>
      inTurn(
        programs,
        roundsOf(isQuick),
        async ({ client, hasSpans = false, isRepeated = false }) => {
          const task = { client, url: String(url), hasSpans, isRepeated, ...count }
          const figures = await runProgram("requests/clientProcess.js", task satisfies Task)
          const [sent, expected] = [await ask("queries"), 2 * (count.requests + count.warmUp)]
          if (sent !== expected) throw new Error(`${client} sent ${sent} queries, not ${expected}`)
          return figures
        }
      )
    )
    const table = clients.tablesOf(programs, figures)
    return {
      tables: [
        table("One after the other, CPU time", "sequential CPU", "µs per request", cost),
        table("50 in flight, CPU time", "concurrent CPU", "µs per request", cost),
        table("One after the other, rate", "sequential rate", "requests per second", speed),
        table("50 in flight, rate", "concurrent rate", "requests per second", speed)
      ],
      remarks: []
    }
  }
}

const both = [effect, `${effect}${newQueries}`]

/**
 * The targets of speed: at least 2 times the speed of graphql-request, and 0.8 times the speed of
 * the lower bound. With spans, at least 1.3 times the speed of graphql-request.
 */
const speed: ReadonlyArray<Bar> = both.flatMap((row) => [
  { row, against: "graphql-request", atLeast: 2 },
  { row, against: floor, atLeast: 0.8 },
  { row: `${row}${spans}`, against: "graphql-request", atLeast: 1.3 }
])

const cost: ReadonlyArray<Bar> = speed.map(({ against, atLeast = 1, row }) => ({
  row,
  against,
  atMost: 1 / atLeast
}))
