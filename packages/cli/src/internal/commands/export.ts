/** `innerspace export`: the rows of a query as one file. */
import { resolve } from "node:path"
import type * as Export from "@innerspace-metrics/export/Export"
import * as Effect from "effect/Effect"
import { withSession } from "../client/session.js"
import type { Run } from "../frame/command.js"
import { UsageError } from "../frame/failure.js"
import type { Output } from "../frame/output.js"
import { howToContinue, makeProgress, ofStream } from "../frame/progress.js"
import { text } from "../frame/read.js"
import { didYouMean } from "../program/nearest.js"
import { readQuestion } from "../question/question.js"
import { readSettings } from "../settings/settings.js"

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const [, file = ""] = input.args
    const make = yield* targetOf(file, text(input, "format"))
    const settings = yield* readSettings(world, input)
    return yield* withSession(
      settings,
      Effect.gen(function* () {
        const question = yield* readQuestion(world, settings, input)
        if (question.range === undefined) {
          return yield* new UsageError(
            "A file needs a range",
            "Add --range, such as --range 2024-03. Tables without times: innerspace query --format parquet"
          )
        }
        const { toFile } = yield* Effect.promise(() => import("@innerspace-metrics/export/Export"))
        const target = yield* make(resolve(world.workingDirectory, file), question.table.name)
        const progress = yield* makeProgress(world, input, "windows")
        const { bytes, rows } = yield* toFile(question.query, target, {
          onProgress: ofStream(progress)
        }).pipe(
          Effect.ensuring(progress.end),
          howToContinue(
            world.stderr,
            () => `Nothing was written to ${file}. Run the same command again.`
          )
        )
        return {
          data: { path: file, rows, bytes: bytes ?? null },
          warnings: rows === 0 ? [`the query returned no rows, so ${file} has none`] : [],
          print: ({ write }: Output) =>
            write(`${file}: ${rows} rows${bytes === undefined ? "" : `, ${bytes} bytes`}\n`)
        }
      })
    )
  })

const endings: { readonly [ending: string]: string } = {
  csv: "csv",
  ndjson: "ndjson",
  jsonl: "ndjson",
  parquet: "parquet",
  arrow: "arrow",
  arrows: "arrow",
  duckdb: "duckdb",
  db: "duckdb"
}

type MakeTarget = (path: string, table: string) => Effect.Effect<Export.Target>

const targetOf = (
  file: string,
  given: string | undefined
): Effect.Effect<MakeTarget, UsageError> => {
  const [, ending = "", gzip] = /\.([A-Za-z]+)(\.gz)?$/.exec(file) ?? []
  const format = given ?? endings[ending.toLowerCase()]
  const compression = gzip === undefined ? "none" : "gzip"
  switch (format) {
    case "csv":
      return made(async (path) =>
        (await import("@innerspace-metrics/export/Csv")).file(path, { compression })
      )
    case "ndjson":
      return made(async (path) =>
        (await import("@innerspace-metrics/export/Ndjson")).file(path, { compression })
      )
    case "parquet":
      return made(async (path) => (await import("@innerspace-metrics/export/Parquet")).file(path))
    case "arrow":
      return made(async (path) => (await import("@innerspace-metrics/export/Arrow")).file(path))
    case "duckdb":
      return made(async (path, table) =>
        (await import("@innerspace-metrics/export/DuckDb")).table(path, table)
      )
    default:
      return Effect.fail(
        new UsageError(
          `The name of the file, ${JSON.stringify(file)}, does not say its format`,
          ending === ""
            ? "End it in .csv, .ndjson, .parquet, .arrow or .duckdb, or add --format"
            : didYouMean(ending, Object.keys(endings), "the ending .")
        )
      )
  }
}

const made = (
  make: (path: string, table: string) => Promise<Export.Target>
): Effect.Effect<MakeTarget> =>
  Effect.succeed((path, table) => Effect.promise(() => make(path, table)))
