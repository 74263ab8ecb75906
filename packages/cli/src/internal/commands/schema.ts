/**
 * `innerspace schema`: prints the server's schema, compares it with the catalogue, or generates
 * typed tables from it.
 */
import { readFile, rename, writeFile } from "node:fs/promises"
import { resolve } from "node:path"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Effect from "effect/Effect"
import { catalogueOf } from "../client/catalogue.js"
import { withSession } from "../client/session.js"
import type { Input, Outcome, Run } from "../frame/command.js"
import { type Failure, LocalError, UsageError } from "../frame/failure.js"
import { text } from "../frame/read.js"
import type { World } from "../frame/world.js"
import { readSettings, type Settings } from "../settings/settings.js"

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const settings = yield* readSettings(world, input)
    const [action, file] = input.args
    const answer = yield* introspection(world, input, settings)
    if (action === "pull") {
      return yield* written(world, file, answer, `${JSON.stringify(answer, null, 2)}\n`)
    }
    const live = yield* Catalog.fromIntrospection("live", answer)
    if (action === "generate") {
      const module = yield* Catalog.toTypeScript(live)
      return yield* written(world, file, module, module)
    }
    const changes = Catalog.diff(yield* catalogueOf(settings), live)
    const lines = changes.map(Catalog.formatChange)
    const outcome = yield* written(world, file, changes, lines.map((line) => `${line}\n`).join(""))
    return { ...outcome, isComplete: changes.length === 0 }
  })

const introspection = (
  world: World,
  input: Input,
  settings: Settings
): Effect.Effect<unknown, Failure> => {
  const from = text(input, "from")
  if (from === undefined) {
    return withSession(
      settings,
      Effect.flatMap(MetricsClient.MetricsClient, ({ schema }) => schema)
    )
  }
  return Effect.tryPromise({
    try: () => readFile(resolve(world.workingDirectory, from), "utf8"),
    catch: (error) => new LocalError(`Could not read ${from}: ${reasonOf(error)}`, "Check the path")
  }).pipe(
    Effect.flatMap((json) =>
      Effect.try({
        try: (): unknown => JSON.parse(json),
        catch: () =>
          new UsageError(
            `${from} is not JSON`,
            "Pass a file that innerspace schema pull has written"
          )
      })
    )
  )
}

const written = (
  world: World,
  file: string | undefined,
  data: unknown,
  content: string
): Effect.Effect<Outcome, LocalError> =>
  file === undefined
    ? Effect.succeed({ data, print: ({ write }) => write(content) })
    : Effect.as(
        Effect.tryPromise({
          try: async () => {
            const path = resolve(world.workingDirectory, file)
            await writeFile(`${path}.tmp`, content)
            await rename(`${path}.tmp`, path)
          },
          catch: (error) =>
            new LocalError(`Could not write ${file}: ${reasonOf(error)}`, "Check the folder")
        }),
        { data: { path: file }, print: ({ write }) => write(`${file}\n`) }
      )

const reasonOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error)
