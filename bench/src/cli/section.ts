/** The section about the CPU time of the command line. */
import { execFileSync, spawn } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { inTurn, roundsOf } from "../measurement/programs.js"
import type { Measured } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import { sandbox } from "../stream/processes.js"

const dist = import.meta.resolve("@innerspace-metrics/cli")
const bin = fileURLToPath(new URL("./bin.cjs", dist))
const small = fileURLToPath(new URL("./askProcess.js", import.meta.url))

const question =
  "query building_insights --where building_id=71 --granularity PT1H --range 2025-05-01 --zone America/Chicago --metric occupancy_mean"

const empty = { name: "node -e 0", args: ["-e", "0"] }
const help = { name: "innerspace --help", args: [bin, "--help"] }
const usage = { name: "innerspace query --selct", args: [bin, "query", "--selct"] }
const query = { name: "innerspace query, a day of hours", args: [bin, ...question.split(" ")] }
const ours = { name: "a program that does the same", args: [small] }

const programs = [empty, help, usage, query, ours]

/** Reports the CPU time of the whole process to its parent, when it ends. */
const report = `process.on("exit", () => {
  const { system, user } = process.cpuUsage()
  require("node:fs").writeSync(3, String((user + system) / 1000))
})
`

const cpuOf = (
  preload: string,
  args: ReadonlyArray<string>,
  env: { readonly [name: string]: string }
): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--require", preload, ...args], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "ignore", "pipe"]
    })
    let text = ""
    child.stdio[3]?.on("data", (bytes) => {
      text += bytes
    })
    child.on("close", () => {
      if (text === "") reject(new Error(`${args.join(" ")} did not report its CPU time`))
      else resolve(Number(text))
    })
  })

const measure = (isQuick: boolean) =>
  Effect.gen(function* () {
    const { address } = yield* sandbox
    const directory = yield* Effect.acquireRelease(
      Effect.promise(() => mkdtemp(join(tmpdir(), "cli-"))),
      (path) => Effect.promise(() => rm(path, { recursive: true }))
    )
    // Bundles the command into one file, as the package ships it.
    execFileSync(process.execPath, [fileURLToPath(new URL("../tools/bundle.mjs", dist))])
    const preload = join(directory, "report.cjs")
    yield* Effect.promise(() => writeFile(preload, report))
    const env = {
      INNERSPACE_API: "v2",
      INNERSPACE_BASE_URL: address.url,
      INNERSPACE_CLIENT_ID: address.clientId,
      INNERSPACE_CLIENT_SECRET: address.clientSecret,
      INNERSPACE_CONFIG_DIR: directory,
      INNERSPACE_TOKEN_STORE: directory
    }
    const figures = yield* Effect.promise(() =>
      inTurn(programs, roundsOf(isQuick), async ({ args }) => ({
        cpu: await cpuOf(preload, args, env)
      }))
    )
    return {
      tables: [
        {
          title: "CPU time of the process",
          unit: "ms",
          decimals: 0,
          reference: empty.name,
          rows: rowsOf(programs, ({ name }) => figures(name, "cpu")),
          bars: [
            { row: help.name, against: empty.name, atMost: 1.5 },
            { row: usage.name, against: empty.name, atMost: 1.5 },
            { row: query.name, against: ours.name, atMost: 1.25 }
          ]
        }
      ],
      remarks: []
    } satisfies Measured
  })

export const cli: Section = {
  name: "cli",
  title: "Command line",
  text: `The CPU time of whole processes, from their start to their end. "innerspace query" reads 96 rows from the sandbox and prints CSV to a pipe. The program that
does the same uses core, the Node adapter and export, and keeps its token in a file too.`,
  measure: (isQuick) => Effect.runPromise(Effect.scoped(measure(isQuick)))
}
