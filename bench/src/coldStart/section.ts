/** What a fresh process takes until its first rows. */
import { generateGenql } from "../measurement/genql.js"
import { inTurn, roundsOf, runProgram, withServer } from "../measurement/programs.js"
import type { Bar, Table } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import type { Task } from "./firstQueryProcess.js"
import { installed, withBundles } from "./modules.js"

interface Program {
  readonly name: string
  readonly client?: string
  readonly of?: string
  readonly isBundled?: boolean
}

const inOneFile = ", in one file"
const effectAndUndici = "effect/Effect and undici, no query"
const effectModules = "the modules of Effect that innerspace-metrics uses, and undici, no query"
const effectHttpClient = "Effect HttpClient on undici"

const programs: ReadonlyArray<Program> = [
  { name: "an empty process" },
  { name: "effect/Effect, no query", client: "effectAlone", of: "effect" },
  { name: effectAndUndici, client: "effectUndiciAlone", of: "effect" },
  { name: effectModules, client: "effectModulesAlone", of: "effect" },
  { name: "innerspace-metrics", client: "ours" },
  { name: "innerspace-metrics, promises", client: "oursPromise" },
  { name: "graphql-request", client: "graphqlRequest", of: "graphql-request" },
  { name: "global fetch", client: "fetch" },
  { name: "undici.request + JSON.parse", client: "undici", of: "undici" },
  { name: "@urql/core", client: "urql", of: "@urql/core" },
  { name: "@apollo/client", client: "apollo", of: "@apollo/client" },
  { name: "genql", client: "genql", of: "@genql/cli" },
  { name: effectHttpClient, client: "effectUndici", of: "@effect/platform-node" },
  { name: "Effect HttpClient on fetch", client: "effectFetch", of: "@effect/platform" },
  { name: `innerspace-metrics${inOneFile}`, client: "ours", isBundled: true },
  { name: `innerspace-metrics, promises${inOneFile}`, client: "oursPromise", isBundled: true },
  {
    name: `${effectHttpClient}${inOneFile}`,
    client: "effectUndici",
    of: "@effect/platform-node",
    isBundled: true
  },
  {
    name: `undici.request + JSON.parse${inOneFile}`,
    client: "undici",
    of: "undici",
    isBundled: true
  },
  {
    name: `graphql-request${inOneFile}`,
    client: "graphqlRequest",
    of: "graphql-request",
    isBundled: true
  },
  { name: `@apollo/client${inOneFile}`, client: "apollo", of: "@apollo/client", isBundled: true }
]

const bars: ReadonlyArray<Bar> = [
  { form: "", least: effectAndUndici },
  { form: inOneFile, least: `${effectHttpClient}${inOneFile}` }
].flatMap(({ form, least }) =>
  ["innerspace-metrics", "innerspace-metrics, promises"].map((row) => ({
    row: `${row}${form}`,
    against: `graphql-request${form}`,
    atMost: 1.3,
    least
  }))
)

export const coldStart: Section = {
  name: "coldStart",
  title: "Cold start",
  text: `A new process, from its start until it has imported the client and has the rows of its first query. In that time innerspace-metrics also
obtains its token, which takes one request more than the peers, which are given a token. An empty process shows what Node itself takes. No
client on both \`effect/Effect\` and undici can start faster than these two. The row with all modules of Effect that innerspace-metrics uses
(\`effect/Stream\` is the largest) shows what innerspace-metrics would take if its own code took nothing. For one file the lower bound is Effect's own
\`HttpClient\`, which is given the token and sends one request less. Modules are separate files, as npm installs them, or one file that esbuild makes of
them, as functions that start often are deployed.`,
  measure: async (isQuick) => {
    await generateGenql()
    const figures = await withBundles(async (bundled) =>
      withServer("requests/serverProcess.js", undefined, async (url) => {
        const measured = await Promise.all(
          (isQuick ? programs.slice(0, 3) : programs).map(async (program) => ({
            ...program,
            module:
              program.client === undefined
                ? {}
                : {
                    client:
                      program.isBundled === true
                        ? await bundled(program.client)
                        : installed(program.client)
                  }
          }))
        )
        return inTurn(measured, roundsOf(isQuick), ({ module }) =>
          runProgram("coldStart/firstQueryProcess.js", {
            ...module,
            url: String(url)
          } satisfies Task)
        )
      })
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
      tables: [
        table("Time until the first rows", "wall", "ms"),
        table("CPU time until the first rows", "cpu", "ms")
      ],
      remarks: []
    }
  }
}
