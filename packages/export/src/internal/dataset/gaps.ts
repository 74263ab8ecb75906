/** The periods of a span that have no row. */
import type { QueryError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import type { Batch } from "../columns/batch.js"
import * as Calendar from "./calendar.js"
import type { SeriesDefinition, TableDefinition } from "./definition.js"
import type { Gap, Key } from "./reported.js"
import { keyOf, keyText, timeOf } from "./rows.js"

export interface Gaps {
  readonly notPublished: ReadonlyArray<Gap>
  readonly notMeasured: ReadonlyArray<Gap>
}

/** The end of the last period with a row, or `undefined` if there are no rows. */
export const publishedUntil = (
  table: TableDefinition,
  { granularity }: SeriesDefinition,
  rows: Batch,
  zone: string
): number | undefined =>
  // Rows are in the order of time.
  rows.length === 0
    ? undefined
    : Calendar.endOfPeriod(timeOf(rows, table, rows.length - 1), granularity, zone)

/**
 * Finds the periods without a row. If a period lies after the last row of the part, it is not
 * published yet. An earlier period was not measured if a series, such as the values of one zone of
 * a floor, has no row for it.
 */
export const findGaps = (
  table: TableDefinition,
  series: SeriesDefinition,
  rows: Batch,
  span: { readonly from: number; readonly until: number },
  zone: string
): Effect.Effect<Gaps, QueryError> => {
  const { granularity } = series
  if (granularity === undefined) return Effect.succeed({ notPublished: [], notMeasured: [] })
  const until = publishedUntil(table, series, rows, zone) ?? span.from
  return Effect.map(Calendar.periods(span.from, span.until, granularity, zone), (periods) => {
    const measured = periods.filter(({ end }) => end <= until)
    const pending = periods.filter(({ end }) => end > until)
    const [, ...others] = table.key
    const found = new Map<string, { readonly key: Key; readonly times: Set<number> }>()
    for (let row = 0; row < rows.length; row++) {
      const text = keyText(rows, others, row)
      let one = found.get(text)
      if (one === undefined) {
        const { [table.time]: _, ...key } = keyOf(table, rows, row)
        one = { key, times: new Set() }
        found.set(text, one)
      }
      // A row with a null value is not a gap: `occupancy_pos_mean` is null if nobody came.
      one.times.add(timeOf(rows, table, row))
    }
    const all = found.size === 0 ? [{ key: {}, times: new Set<number>() }] : [...found.values()]
    return {
      notPublished: all.flatMap(({ key }) => runs(key, pending, () => false)),
      notMeasured: all.flatMap(({ key, times }) => runs(key, measured, (at) => times.has(at)))
    }
  })
}

/** Joins periods that follow each other. */
const runs = (
  series: Key,
  periods: ReadonlyArray<{ readonly start: number; readonly end: number }>,
  hasValue: (start: number) => boolean
): ReadonlyArray<Gap> => {
  const gaps: Array<{ from: number; until: number; periods: number }> = []
  for (const { end, start } of periods) {
    if (hasValue(start)) continue
    const last = gaps.at(-1)
    if (last?.until === start) {
      last.until = end
      last.periods++
    } else {
      gaps.push({ from: start, until: end, periods: 1 })
    }
  }
  return gaps.map(({ from, periods, until }) => ({
    series,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    periods
  }))
}
