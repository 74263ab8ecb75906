/** The section about the time of a fresh process until its first rows. */
import * as clients from "../measurement/clients.js"
import { generateGenql } from "../measurement/genql.js"
import { inTurn, runProgram, withServer } from "../measurement/programs.js"
import type { Bar } from "../measurement/results.js"
import type { Section } from "../measurement/section.js"
import type { Task } from "./firstQueryProcess.js"
import { installed, publish, withBundles } from "./modules.js"

interface Program extends Omit<clients.Client, "client"> {
  readonly client?: string
  readonly isBundled?: boolean
  readonly isOfZone?: boolean
}

/** A start takes less than a second, and the speed of a shared machine changes every second. */
const rounds = 21

const inOneFile = ", in one file"
const effectAndUndici = "effect/Effect and the agent of undici, two requests"
const effectModules = "all modules of Effect that innerspace-metrics loads, two requests"

const inOne = (program: clients.Client): Program => ({
  ...program,
  name: `${program.name}${inOneFile}`,
  isBundled: true
})

const ours = { name: "innerspace-metrics", client: "ours" }
const oursPromise = { name: "innerspace-metrics, promises", client: "oursPromise" }

const foundation = { name: effectAndUndici, client: "alone/effectUndici", of: "effect" }
const modules = { name: effectModules, client: "alone/effectModules", of: "effect" }

const programs: ReadonlyArray<Program> = [
  { name: "an empty process" },
  { name: "effect/Effect, no query", client: "alone/effect", of: "effect" },
  foundation,
  modules,
  ours,
  oursPromise,
  { ...ours, name: "innerspace-metrics, a week of a zone", isOfZone: true },
  clients.graphqlRequest,
  clients.fetch,
  clients.undici,
  clients.urql,
  clients.apollo,
  clients.genql,
  clients.effectUndici,
  clients.effectFetch,
  inOne(foundation),
  inOne(ours),
  inOne(oursPromise),
  inOne(clients.effectUndici),
  inOne(clients.undici),
  inOne(clients.graphqlRequest),
  inOne(clients.apollo)
]

const bars: ReadonlyArray<Bar> = [
  { form: "", least: effectModules, atMost: 2 },
  { form: inOneFile, least: inOne(foundation).name, atMost: 1.35 }
].flatMap(({ atMost, form, least }) =>
  [ours, oursPromise].map(({ name }) => ({
    row: `${name}${form}`,
    against: `graphql-request${form}`,
    atMost,
    least
  }))
)

export const coldStart: Section = {
  name: "coldStart",
  title: "Cold start",
  text: `The time from the start of a new process until it has imported the client and has the rows of its first query. innerspace-metrics also
obtains its token in that time, by one more request; the peers are given a token. "An empty process" is the time that Node itself needs. The row
"effect/Effect and the agent of undici, two requests" is a lower bound for every client that uses both and obtains its token. The row with all modules of Effect
that innerspace-metrics loads is the time that innerspace-metrics would need as files if its own code cost nothing. Modules are files, as npm installs them, or one file made by
esbuild and loaded by \`require\`, as functions that start often are deployed. Each client sends the same two instants. In the row "a week of a zone"
innerspace-metrics finds them for a week and a time zone; most of that time is Node's, which loads the rules of its first zone.`,
  measure: async (isQuick) => {
    await generateGenql()
    publish()
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
        return inTurn(measured, isQuick ? 1 : rounds, ({ isOfZone, module }) =>
          runProgram("coldStart/firstQueryProcess.js", {
            ...module,
            ...(isOfZone === undefined ? {} : { isOfZone }),
            url: String(url)
          } satisfies Task)
        )
      })
    )
    const table = clients.tablesOf(programs, figures)
    return {
      tables: [
        table("Time until the first rows", "wall", "ms", bars),
        table("CPU time until the first rows", "cpu", "ms", bars)
      ],
      remarks: []
    }
  }
}
