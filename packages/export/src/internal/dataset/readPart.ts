/** Reads the rows of a part from the API, and checks that the dataset may hold them. */
import type * as Column from "@innerspace-metrics/core/Column"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import type * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { DatasetError } from "../../DatasetError.js"
import type { Batch } from "../columns/batch.js"
import { batches, type StreamColumns } from "../source.js"
import type { PartTask } from "./plan.js"
import { concat, keyOf, keyText, timeOf } from "./rows.js"

/** The whole month is one window, because most parts have only one or a few pages. */
const streamDefaults: Streaming.Options = { window: "32 days" }

export const readPart = (
  stream: StreamColumns,
  dataset: string,
  task: PartTask,
  options: Streaming.Options
): Effect.Effect<Batch, CallError | DatasetError> =>
  Effect.gen(function* () {
    const { columns } = task.definition
    const pages = yield* Stream.runCollect(
      batches(stream, queryOf(task), columns, { ...streamDefaults, ...options })
    ).pipe(Effect.mapError((error) => asDrift(dataset, task, error)))
    const rows = concat(columns.length, Chunk.toReadonlyArray(pages))
    yield* check(dataset, task, rows) ?? Effect.void
    return rows
  })

const queryOf = ({ definition, from, series, until }: PartTask): Query.Query<unknown> => {
  const { columns, table, time, where } = definition
  return Query.from(
    // The names are names of the table's columns, and the builder checks them.
    table as Table.Table<string, { readonly [column: string]: Column.Column<unknown, unknown> }>,
    {
      select: columns.map(({ name }) => name) as [string, ...Array<string>],
      where: {
        ...where,
        ...Object.fromEntries(series.fixed),
        [time]: TimeRange.between(DateTime.unsafeMake(from), DateTime.unsafeMake(until))
      }
    }
  )
}

/**
 * Converts failures to `SchemaDrift` if they mean that the API has other tables or columns than the
 * definition.
 */
const asDrift = (
  dataset: string,
  { definition: { name } }: PartTask,
  error: CallError
): CallError | DatasetError => {
  const isDrift =
    (error._tag === "GraphQLError" && error.reason === "Invalid") ||
    (error._tag === "DecodeError" && error.reason !== "WrongPage") ||
    (error._tag === "QueryError" && /^Unknown(Table|Column)$/.test(error.reason))
  return isDrift
    ? new DatasetError({
        reason: "SchemaDrift",
        problem: `The API no longer fits the columns of ${name}: ${error.problem}`,
        hint: "Compare the table with the live schema (Catalog.diff), and change the table of the definition. The parts of the table are unchanged",
        dataset,
        table: name,
        cause: error
      })
    : error
}

/** Returns the error of the first row that the part must not hold. */
const check = (
  dataset: string,
  task: PartTask,
  rows: Batch
): Effect.Effect<never, DatasetError> | undefined => {
  const { definition, from, series, until } = task
  const refuse = (
    reason: "DuplicateKey" | "NullKey" | "OutsidePart",
    row: number,
    what: string,
    hint: string
  ) =>
    Effect.fail(
      new DatasetError({
        reason,
        problem: `A row of ${definition.name} ${what}: ${JSON.stringify(keyOf(definition, rows, row))}`,
        hint,
        dataset,
        table: definition.name,
        path: task.path
      })
    )
  const fixed = series.fixed.map(([column, value]) => ({
    column,
    value,
    values: rows.values[definition.columns.findIndex(({ name }) => name === column)] ?? []
  }))
  const seen = new Set<string>()
  for (let row = 0; row < rows.length; row++) {
    const key = keyText(rows, definition.key, row)
    const other = fixed.find(({ value, values }) => values[row] !== value)
    if (other !== undefined) {
      return refuse(
        "OutsidePart",
        row,
        `has another ${other.column} than the requested ${other.value}`,
        "Check that no cache responds in the API's place"
      )
    }
    const time = timeOf(rows, definition, row)
    if (!(time >= from && time < until)) {
      return refuse(
        "OutsidePart",
        row,
        `is not in the requested span from ${new Date(from).toISOString()} to ${new Date(until).toISOString()}`,
        "Check that no cache responds in the API's place"
      )
    }
    const empty = definition.key.find((column) => (rows.values[column]?.[row] ?? null) === null)
    if (empty !== undefined) {
      return refuse(
        "NullKey",
        row,
        `has no ${definition.columns[empty]?.name}, which is a part of its key`,
        "Mark other columns with Column.key, so that each row has its own key"
      )
    }
    if (seen.has(key)) {
      return refuse(
        "DuplicateKey",
        row,
        "has the key of another row",
        "Mark more columns with Column.key, so that each row has its own key"
      )
    }
    seen.add(key)
  }
  return undefined
}
