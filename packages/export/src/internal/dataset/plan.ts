/** The plan of a run: which spans of which parts must be read, and why. */

import type { Manifest, Part, TableInfo } from "../store/manifest.js"
import * as Calendar from "./calendar.js"
import type { Definition, SeriesDefinition, TableDefinition } from "./definition.js"
import type { Reason } from "./reported.js"

/** The task of reading a span of a part. */
export interface PartTask {
  readonly definition: TableDefinition
  readonly series: SeriesDefinition
  readonly month: Calendar.Month
  readonly path: string
  readonly from: number
  readonly until: number
  readonly reason: Reason
}

/** The names of the first and the last month that are read again as a whole. Both are included. */
export interface Refresh {
  readonly from: string
  readonly until: string
}

export const pathOf = (
  table: TableDefinition,
  { fixed }: SeriesDefinition,
  month: string
): string =>
  [
    table.name,
    ...fixed.map(([column, value]) => `${column}=${value}`),
    `month=${month}`,
    "part.parquet"
  ].join("/")

/**
 * The filter of a table without the time, as text. A part that was read with another filter is read
 * again.
 */
export const queryText = (table: TableDefinition): string =>
  JSON.stringify(Object.entries(table.where).sort(([one], [other]) => (one < other ? -1 : 1)))

export const hasSameColumns = (table: TableDefinition, info: TableInfo | undefined): boolean =>
  info === undefined || JSON.stringify(info.columns) === JSON.stringify(table.columns)

/** The tasks of a table, in the order of time within each series. */
export const planTable = (
  definition: Definition,
  table: TableDefinition,
  manifest: Manifest,
  now: number,
  refresh: Refresh | undefined
): ReadonlyArray<PartTask> => {
  const { zone } = definition
  const parts = new Map(manifest.parts.map((part) => [part.path, part]))
  const isRewritten = !hasSameColumns(table, manifest.tables[table.name])
  const query = queryText(table)
  return table.series.flatMap((series) => {
    const own = manifest.parts.filter((part) => isOf(part, table, series))
    const first = Math.max(definition.from, firstKept(definition, now))
    // If the columns of the table have changed, all parts are replaced. Parts before the start date
    // are then read too, because they would otherwise be lost.
    const start = isRewritten ? Math.min(first, ...own.map((part) => millis(part.readFrom))) : first
    const horizon = Math.max(definition.from, ...own.map((part) => millis(part.publishedUntil)))
    const readAgain = Calendar.startOfPeriod(
      horizon - definition.lookBack,
      series.granularity,
      zone
    )
    return Calendar.monthsBetween(start, now, zone).flatMap((month): ReadonlyArray<PartTask> => {
      const path = pathOf(table, series, month.name)
      const part = parts.get(path)
      const whole = { from: Math.max(month.start, start), until: Math.min(month.end, now) }
      if (whole.from >= whole.until) return []
      const task = (reason: Reason, from: number) => [
        {
          definition: table,
          series,
          month,
          path,
          ...whole,
          from: Math.max(whole.from, from),
          reason
        }
      ]
      if (isRewritten) return task("other columns", whole.from)
      if (part === undefined) return task("new", whole.from)
      if (refresh !== undefined && month.name >= refresh.from && month.name <= refresh.until) {
        return task("refresh", whole.from)
      }
      if (part.query !== query) return task("other query", whole.from)
      if (whole.from < millis(part.readFrom)) return task("earlier start", whole.from)
      return month.end > readAgain ? task("look back", readAgain) : []
    })
  })
}

const isOf = (part: Part, table: TableDefinition, { fixed }: SeriesDefinition): boolean =>
  part.table === table.name && fixed.every(([column, value]) => part.fixed[column] === value)

const millis = (text: string | null): number =>
  text === null ? Number.NEGATIVE_INFINITY : Date.parse(text)

/** The start of the first month that is kept. */
const firstKept = ({ keepMonths, zone }: Definition, now: number): number => {
  let month = Calendar.monthOf(now, zone)
  if (keepMonths === undefined) return Number.NEGATIVE_INFINITY
  for (let count = 1; count < keepMonths; count++) month = Calendar.monthOf(month.start - 1, zone)
  return month.start
}

/** The parts that are older than the months that the dataset keeps. */
export const expired = (
  definition: Definition,
  manifest: Manifest,
  now: number
): ReadonlyArray<Part> => {
  const first = firstKept(definition, now)
  return manifest.parts.filter(
    ({ month }) => Calendar.namedMonth(month, definition.zone).start < first
  )
}
