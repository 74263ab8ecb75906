/** Brings one part up to date with rows that were read. */
import type { QueryError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import type { Batch } from "../columns/batch.js"
import type { Manifest, Part, TableInfo } from "../store/manifest.js"
import type { PartChange, Store, StoreError } from "../store/store.js"
import type { Definition, TableDefinition } from "./definition.js"
import { findGaps, type Gaps, publishedUntil } from "./gaps.js"
import { type PartTask, queryText } from "./plan.js"
import { type Comparison, compare, withColumns } from "./rows.js"

/**
 * The data about a part that a report needs. It holds no rows, because a run can have thousands of
 * parts.
 */
export interface Done extends Omit<Comparison, "rows"> {
  readonly task: PartTask
  /** How many rows the API returned. */
  readonly read: number
  /** How many rows the part has now. */
  readonly rows: number
  readonly gaps: Gaps
}

export interface Update {
  readonly change: PartChange
  readonly done: Done
}

/** Compares the rows of the API with the rows of the dataset. Nothing is written. */
export const prepareUpdate = (
  definition: Definition,
  store: Store,
  manifest: Manifest,
  task: PartTask,
  after: Batch,
  now: number
): Effect.Effect<Update, StoreError | QueryError> =>
  Effect.gen(function* () {
    const { definition: table, from, month, path, reason, series, until } = task
    const part = manifest.parts.find((candidate) => candidate.path === path)
    const info = manifest.tables[table.name]
    const found = yield* rowsBefore(store, task, part, info)
    const before = found ?? noRows(table)
    const known = new Set(info?.columns.map(({ name }) => name))
    const comparison = compare(table, before, after, {
      from,
      until,
      publishedUntil: millis(part?.publishedUntil, Number.NEGATIVE_INFINITY),
      // The stored rows have no values of a new column, so none of these values can be restated.
      isCompared: (column) => reason !== "other columns" || known.has(column)
    })
    const published = publishedUntil(table, series, comparison.rows, definition.zone)
    const { rows, ...changes } = comparison
    return {
      done: {
        ...changes,
        task,
        read: after.length,
        rows: rows.length,
        gaps: yield* findGaps(table, series, rows, { from, until }, definition.zone)
      },
      change: {
        isDamaged: found === undefined,
        table,
        comparison,
        part: {
          path,
          table: table.name,
          fixed: Object.fromEntries(series.fixed),
          month: month.name,
          schemaVersion: info?.schemaVersion ?? 1,
          query: queryText(table),
          readFrom: iso(Math.min(from, millis(part?.readFrom, from))),
          readUntil: iso(Math.max(until, millis(part?.readUntil, until))),
          readAt: iso(now),
          publishedUntil: published === undefined ? null : iso(published)
        }
      }
    }
  })

const noRows = ({ columns }: TableDefinition): Batch => ({
  length: 0,
  values: columns.map(() => [])
})

/**
 * Returns the stored rows of the part, or `undefined` if its file is damaged and the task replaces
 * the whole part.
 */
const rowsBefore = (
  store: Store,
  { definition, reason }: PartTask,
  part: Part | undefined,
  info: TableInfo | undefined
): Effect.Effect<Batch | undefined, StoreError> => {
  if (part === undefined || info === undefined) return Effect.succeed(noRows(definition))
  const { columns } = info
  return Effect.map(store.read({ ...definition, columns }, part), (rows) =>
    withColumns(rows, columns, definition.columns)
  ).pipe(
    Effect.catchIf(
      // The whole month has been read, so the rows of a lost file are not needed.
      (error) =>
        reason === "refresh" &&
        error._tag === "DatasetError" &&
        (error.reason === "MissingPart" || error.reason === "AlteredPart"),
      () => Effect.succeed(undefined)
    )
  )
}

const millis = (text: string | null | undefined, otherwise: number): number =>
  text === null || text === undefined ? otherwise : Date.parse(text)

const iso = (at: number): string => new Date(at).toISOString()
