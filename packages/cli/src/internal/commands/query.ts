/** `innerspace query`: the rows of a question. */
import * as ColumnBatch from "@innerspace-metrics/core/ColumnBatch"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { withSession } from "../client/session.js"
import type { Input, Outcome, Reply, Run } from "../frame/command.js"
import { json } from "../frame/envelope.js"
import { type Failure, UsageError } from "../frame/failure.js"
import { type Output, writeTo } from "../frame/output.js"
import { makeProgress, ofStream } from "../frame/progress.js"
import { text } from "../frame/read.js"
import type { World } from "../frame/world.js"
import { type Question, readQuestion } from "../question/question.js"
import { readSettings } from "../settings/settings.js"
import { showRequest } from "./show.js"

type Row = { readonly [column: string]: unknown }

export const run: Run = (world, input, reply) =>
  Effect.gen(function* () {
    const settings = yield* readSettings(world, input)
    const show = text(input, "show")
    return yield* withSession(
      settings,
      Effect.gen(function* () {
        const question = yield* readQuestion(world, settings, input)
        if (show !== undefined) return yield* showRequest(show, question, settings)
        return yield* answer(world, input, reply, question)
      })
    )
  })

const formats = ["csv", "ndjson", "parquet", "arrow"] as const

type FileFormat = (typeof formats)[number]

const isFileFormat = (format: string): format is FileFormat =>
  formats.some((known) => known === format)

const answer = (
  world: World,
  input: Input,
  reply: Reply,
  question: Question
): Effect.Effect<Outcome, Failure, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    const isTerminal = world.stdout.isTTY === true
    const format = text(input, "format") ?? (isTerminal ? "table" : "csv")
    const isEnvelope = input.options["json"] === true
    if (isFileFormat(format) && !isEnvelope) {
      if (isTerminal && (format === "parquet" || format === "arrow")) {
        return yield* new UsageError(
          `${format} is a binary format, and stdout is a terminal`,
          "Redirect it to a file, or use innerspace export"
        )
      }
      return yield* writeFormat(world, input, question, format)
    }
    if (question.isStream && isEnvelope) {
      return yield* passRows(world, input, question, reply.rows)
    }
    if (question.isStream && format === "json") {
      const list = jsonList(world)
      const outcome = yield* passRows(world, input, question, list.rows)
      yield* list.end
      return outcome
    }
    const rows = yield* readRows(world, input, question)
    const warnings = yield* warningsOf(question, rows)
    const isTruncated = question.limit !== undefined && rows.length > question.limit
    const kept = isTruncated ? rows.slice(0, question.limit) : rows
    return {
      data: kept,
      isComplete: !(isTruncated && question.hasDefaultLimit),
      isTruncated: isTruncated || rows.length === question.limit,
      freshness: freshnessOf(question, kept),
      warnings: isTruncated ? [...warnings, truncated(question)] : warnings,
      print: (output) => print(output, format, question, kept)
    }
  })

const truncated = ({ limit }: Question): string =>
  `only the first ${limit} rows: add --range to read all, or --limit`

const readRows = (
  world: World,
  input: Input,
  { isStream, query }: Question
): Effect.Effect<ReadonlyArray<Row>, CallError, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    const metrics = yield* MetricsClient.MetricsClient
    const plain = Query.plain(query)
    if (!isStream) return yield* metrics.query(plain)
    const progress = yield* makeProgress(world, input, "windows")
    const rows = yield* Stream.runCollect(
      metrics.stream(plain, { onProgress: ofStream(progress) })
    ).pipe(Effect.ensuring(progress.end))
    return Array.from(rows)
  })

/** Passes rows on as they arrive, so that a long range needs no more memory than a short one. */
const passRows = (
  world: World,
  input: Input,
  question: Question,
  write: Reply["rows"]
): Effect.Effect<Outcome, Failure, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    const metrics = yield* MetricsClient.MetricsClient
    const progress = yield* makeProgress(world, input, "windows")
    let newest: string | null = null
    let isEmpty = true
    yield* metrics.stream(Query.plain(question.query), { onProgress: ofStream(progress) }).pipe(
      Stream.runForEachChunk((chunk) => {
        const rows = Chunk.toReadonlyArray(chunk)
        isEmpty &&= rows.length === 0
        // The rows of a stream are in the order of their times.
        newest = freshnessOf(question, rows).newest ?? newest
        return write(rows)
      }),
      Effect.ensuring(progress.end)
    )
    return {
      data: [],
      freshness: { newest },
      warnings: isEmpty ? yield* warningsOf(question, []) : []
    }
  })

/** A JSON list on stdout, with a line for each row. */
const jsonList = ({
  stdout
}: Pick<World, "stdout">): Reply & { readonly end: Effect.Effect<void, Failure> } => {
  let isEmpty = true
  return {
    rows: (rows) =>
      Effect.suspend(() => {
        if (rows.length === 0) return Effect.void
        const text = `${isEmpty ? "[\n" : ",\n"}${rows.map((row) => json(row)).join(",\n")}`
        isEmpty = false
        return writeTo(stdout, text)
      }),
    end: Effect.suspend(() => writeTo(stdout, isEmpty ? "[]\n" : "\n]\n"))
  }
}

/** Writes a format of the export package to stdout. */
const writeFormat = (
  world: World,
  input: Input,
  question: Question,
  format: FileFormat
): Effect.Effect<Outcome, Failure, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    const metrics = yield* MetricsClient.MetricsClient
    const target = yield* targetOf(format, world.stdout)
    const { toFile } = yield* Effect.promise(() => import("@innerspace-metrics/export/Export"))
    const progress = yield* makeProgress(world, input, "windows")
    const { hasDefaultLimit, isStream, limit, query } = question
    let isTruncated = false
    // The file formats need batches of columns. A query with a limit or an order is not streamed,
    // so its rows arrive in one response and are converted to one batch.
    const oneRequest = <R>(
      asked: Query.Query<R>
    ): Stream.Stream<ColumnBatch.ColumnBatch<R>, CallError> =>
      Stream.fromEffect(
        // The request uses the raw form of `query`. Raw rows keep all digits of a number, and the
        // columns of `asked` need all digits.
        Effect.flatMap(metrics.query(Query.raw(query)), (rows) => {
          isTruncated = limit !== undefined && rows.length > limit
          return ColumnBatch.fromJson(asked, isTruncated ? rows.slice(0, limit) : rows)
        })
      )
    const { rows } = yield* toFile(query, target, { onProgress: ofStream(progress) }).pipe(
      Effect.provideService(
        MetricsClient.MetricsClient,
        isStream ? metrics : { ...metrics, columns: oneRequest }
      ),
      Effect.ensuring(progress.end)
    )
    const warnings = yield* rows === 0 ? warningsOf(question, []) : Effect.succeed([])
    return {
      data: null,
      isComplete: !(isTruncated && hasDefaultLimit),
      isTruncated,
      warnings: isTruncated ? [...warnings, truncated(question)] : warnings
    }
  })

const targetOf = (format: FileFormat, stdout: World["stdout"]) =>
  Effect.promise(async () => {
    switch (format) {
      case "csv":
        return (await import("@innerspace-metrics/export/Csv")).writable(stdout)
      case "ndjson":
        return (await import("@innerspace-metrics/export/Ndjson")).writable(stdout)
      case "parquet":
        return (await import("@innerspace-metrics/export/Parquet")).writable(stdout)
      case "arrow":
        return (await import("@innerspace-metrics/export/Arrow")).writable(stdout)
    }
  })

/** Warns if there are no rows, and names the range and the filter. */
const warningsOf = (
  question: Question,
  rows: ReadonlyArray<Row>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const { query, range, table } = question
    if (rows.length > 0 || range === undefined) {
      return rows.length > 0
        ? []
        : [`no rows of ${table.name} match; the filter was ${filterText(query)}`]
    }
    const interval = yield* Effect.option(TimeRange.resolve(range))
    const span =
      interval._tag === "Some"
        ? ` from ${new Date(interval.value.start.epochMillis).toISOString()} to ${new Date(interval.value.end.epochMillis).toISOString()}`
        : ""
    return [
      `no rows of ${table.name}${span}; values are published in the night after their day. The filter was ${filterText(query)}`
    ]
  })

const filterText = ({ where }: Query.Query<unknown>): string =>
  where
    .map((filter) =>
      JSON.stringify(filter, (key, value) =>
        typeof value === "bigint"
          ? String(value)
          : key !== "" && isRange(value)
            ? "the range"
            : value
      )
    )
    .join(" and ")

const isRange = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "source" in value

const freshnessOf = (
  { time }: Question,
  rows: ReadonlyArray<Row>
): { readonly newest: string | null } => {
  const newest = rows.reduce((latest, row) => {
    const at = time === undefined ? undefined : row[time]
    return at instanceof Date && at.getTime() > latest ? at.getTime() : latest
  }, Number.NEGATIVE_INFINITY)
  return { newest: Number.isFinite(newest) ? new Date(newest).toISOString() : null }
}

const print = (
  output: Output,
  format: string,
  question: Question,
  rows: ReadonlyArray<Row>
): Effect.Effect<void, Failure> =>
  Effect.gen(function* () {
    if (format === "json") {
      const list = jsonList({ stdout: output.stream })
      return yield* Effect.zipRight(list.rows(rows), list.end)
    }
    if (format === "table") {
      const { renderRows } = yield* Effect.promise(() => import("../render/rows.js"))
      return yield* output.write(renderRows(question, rows, output))
    }
    const { renderSeries } = yield* Effect.promise(() => import("../render/series.js"))
    return yield* output.write(yield* renderSeries(question, rows, format, output))
  })
