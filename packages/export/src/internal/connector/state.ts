/**
 * The state of a stream says how far a connector has read a table. The connector sends the state
 * after all rows of each part. The next run receives the last state.
 */
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { ExportError } from "../../ExportError.js"
import type { Batch } from "../columns/batch.js"
import * as Calendar from "../dataset/calendar.js"
import type { Definition, SeriesDefinition, TableDefinition } from "../dataset/definition.js"
import { publishedUntil } from "../dataset/gaps.js"
import { type PartTask, pathOf, queryText } from "../dataset/plan.js"
import { empty, type Manifest, type Part } from "../store/manifest.js"

const Instant = Schema.String.pipe(Schema.filter((text) => !Number.isNaN(Date.parse(text))))

const SeriesState = Schema.Struct({
  /** The spans that have been read, in order, in UTC. Ends are exclusive. */
  read: Schema.Array(Schema.Tuple(Instant, Instant)),
  /** The end of the last period with a row. Null if the API has returned no row. */
  published_until: Schema.NullOr(Instant)
})

type SeriesState = Schema.Schema.Type<typeof SeriesState>

const StreamState = Schema.Struct({
  version: Schema.Literal(1),
  /** The query. If it changes, the whole table is read again. */
  query: Schema.String,
  /**
   * The id of the run, in a full refresh. Only another attempt of the same run continues from this
   * state.
   */
  sync_id: Schema.optionalWith(Schema.Number, { exact: true }),
  /**
   * The spans of each series. The key names the building, granularity and metric, as in the path of
   * a part.
   */
  series: Schema.Record({ key: Schema.String, value: SeriesState })
})

export interface StreamState extends Schema.Schema.Type<typeof StreamState> {}

/** Decodes the state of a table that the caller of the connector passes. */
export const decode = (table: string, given: unknown): Effect.Effect<StreamState, ExportError> =>
  Effect.mapError(
    Schema.decodeUnknown(StreamState)(given),
    (error) =>
      new ExportError({
        reason: "InvalidOption",
        problem: `The state of ${table} is not of this connector: ${ParseResult.ArrayFormatter.formatErrorSync(error)[0]?.message ?? ""}`,
        hint: "Pass the state of the last run as it was, or reset the state of the stream to read all of it again"
      })
  )

/**
 * The query of a stream, as text. The text contains the columns, so a new column changes it, and
 * all rows are sent again with the new column.
 */
const queryOf = (table: TableDefinition, columns: ReadonlyArray<string>): string =>
  `${queryText(table)} ${columns.join(",")}`

/**
 * The state with which a run begins: the given state, or an empty state if the given state belongs
 * to another query.
 */
export const begin = (
  table: TableDefinition,
  columns: ReadonlyArray<string>,
  given: StreamState | undefined,
  syncId: number | undefined
): StreamState => {
  const query = queryOf(table, columns)
  return {
    version: 1,
    query,
    ...(syncId === undefined ? {} : { sync_id: syncId }),
    series: given?.query === query ? given.series : {}
  }
}

const keyOf = (table: TableDefinition, series: SeriesDefinition): string =>
  // The path of a part without its table, month and file.
  pathOf(table, series, "").split("/").slice(1, -2).join("/")

const millis = (text: string): number => Date.parse(text)

const iso = (at: number): string => new Date(at).toISOString()

/** The state after the rows of a part have been sent. */
export const after = (
  state: StreamState,
  { definition, from, series, until }: PartTask,
  rows: Batch,
  zone: string
): StreamState => {
  const key = keyOf(definition, series)
  const { published_until, read } = state.series[key] ?? { published_until: null, read: [] }
  const before = published_until === null ? undefined : millis(published_until)
  const found = publishedUntil(definition, series, rows, zone)
  // `end` is the end of the last period with a row. If the stream has already sent rows that are
  // later than this span, `end` does not change. Otherwise the last row of this span determines
  // `end`. If the API no longer has any row in this span, `end` is at most the start of the span.
  const end =
    before !== undefined && before > until
      ? before
      : (found ?? (before === undefined ? undefined : Math.min(before, from)))
  return {
    ...state,
    series: {
      ...state.series,
      [key]: {
        read: joined([
          ...read.map(([start, end]) => [millis(start), millis(end)] as const),
          [from, until]
        ]),
        published_until: end === undefined ? null : iso(end)
      }
    }
  }
}

/** Spans in order. Spans that touch are joined. */
const joined = (spans: ReadonlyArray<readonly [number, number]>): SeriesState["read"] => {
  const result: Array<[start: number, end: number]> = []
  for (const [start, end] of [...spans].sort(([one], [other]) => one - other)) {
    const last = result.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result.map(([start, end]) => [iso(start), iso(end)] as const)
}

/**
 * Converts a state to the manifest of a dataset whose parts have no rows. Connectors and datasets
 * can then use the same code to plan a run.
 */
export const manifestOf = (
  { zone }: Definition,
  table: TableDefinition,
  { series: states }: StreamState,
  now: number
): Manifest => ({
  ...empty(zone),
  parts: table.series.flatMap((series) => {
    const state = states[keyOf(table, series)]
    const first = state?.read[0]
    return state === undefined || first === undefined
      ? []
      : Calendar.monthsBetween(millis(first[0]), now, zone).flatMap((month) =>
          partOf(table, series, state, month)
        )
  })
})

const partOf = (
  table: TableDefinition,
  series: SeriesDefinition,
  { published_until, read }: SeriesState,
  month: Calendar.Month
): ReadonlyArray<Part> => {
  const span = read.findLast(
    ([start, end]) => millis(start) < month.end && millis(end) > month.start
  )
  const horizon = published_until === null ? Number.NEGATIVE_INFINITY : millis(published_until)
  // If the span ends within this month and before the end of the last published period, rows of the
  // month may be missing, and the month must be read again.
  if (span === undefined || millis(span[1]) < Math.min(month.end, horizon)) return []
  return [
    {
      path: pathOf(table, series, month.name),
      table: table.name,
      fixed: Object.fromEntries(series.fixed),
      month: month.name,
      schemaVersion: 1,
      rows: 0,
      bytes: 0,
      sha256: null,
      query: queryText(table),
      readFrom: iso(Math.max(millis(span[0]), month.start)),
      readUntil: iso(Math.min(millis(span[1]), month.end)),
      readAt: span[1],
      publishedUntil: published_until
    }
  ]
}
