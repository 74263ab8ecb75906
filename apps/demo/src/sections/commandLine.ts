/** Runs a query with the command line `innerspace`, and shows how to run it in another terminal. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Writable } from "node:stream"
import * as Cli from "@innerspace-metrics/cli/Cli"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Backend } from "../Backend.js"
import { buildingId, timeZone } from "../building.js"
import { NothingToShow } from "../section.js"

/**
 * The parts of a command line. They are printed on separate lines, because the whole command line
 * is longer than 80 columns.
 */
const questionOf = (version: string): ReadonlyArray<string> => [
  `query ${version === "v1" ? "building_metrics" : "building_insights"} --building ${buildingId}`,
  "--metric occupancy_mean --granularity PT1H --range 2024-03-05..2024-03-08",
  `--zone ${timeZone} --format ${version === "v1" ? "heatmap" : "csv"}`
]

const printed = (command: string, question: ReadonlyArray<string>): string =>
  `${command} ${question.join(" \\\n    ")}`

export const commandLine = Effect.gen(function* () {
  const { api, sandbox } = yield* Backend
  const question = questionOf(api.version)
  if (Option.isNone(sandbox)) {
    // The real API needs no further variables, because the command reads the same variables as the
    // demo.
    return yield* Console.log(printed(command, question))
  }
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "demo-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true }))
  )
  const shown = {
    INNERSPACE_API: api.version,
    INNERSPACE_BASE_URL: api.baseUrl,
    INNERSPACE_CLIENT_ID: sandbox.value.clientId,
    // The folder contains the token, so the other terminal needs no secret.
    INNERSPACE_TOKEN_STORE: folder
  }
  const { code, stderr, stdout } = yield* run(question.join(" "), {
    ...shown,
    INNERSPACE_CONFIG_DIR: folder,
    INNERSPACE_CLIENT_SECRET: Redacted.value(sandbox.value.clientSecret)
  })
  if (code !== 0) return yield* new NothingToShow({ message: stderr })
  yield* Console.log(`$ ${printed("innerspace", question)}\n${stdout}`)
  const variables = Object.entries(shown).map(([name, value]) => `  export ${name}=${value}`)
  yield* Console.log(
    ["While the demo runs, in another terminal:", ...variables, `  ${command} doctor`].join("\n")
  )
})

/** Runs the command line from the folder of the repository, without an installation. */
const command = "node packages/cli/dist/bin.js"

/** Runs a command line in this process. */
const run = (line: string, env: { readonly [name: string]: string }) =>
  Effect.gen(function* () {
    const stdout = collector()
    const stderr = collector()
    const code = yield* Effect.promise((signal) =>
      Cli.run({
        argv: line.split(" "),
        env,
        signal,
        stdout: stdout.stream,
        stderr: stderr.stream
      })
    )
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  })

const collector = () => {
  let text = ""
  const stream = new Writable({
    write: (part, _encoding, done) => {
      text += part
      done()
    }
  })
  return { stream, text: () => text }
}
