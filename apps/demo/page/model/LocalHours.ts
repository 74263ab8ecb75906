/**
 * Groups a series of hours into local days. If the clock skips an hour, the day does not contain
 * this hour. If the clock repeats an hour, the day contains it twice.
 */
import type * as Series from "@innerspace-metrics/core/Series"
import * as DateTime from "effect/DateTime"

/** An hour of local time and its value. */
export interface Cell {
  /** The hour of the clock, from 0 to 23. */
  readonly hour: number
  /** 1 for the second occurrence of a repeated hour, otherwise 0. */
  readonly turn: 0 | 1
  readonly bucket: Series.Bucket
}

export interface LocalDay {
  /** A local date such as `2025-06-01`. */
  readonly date: string
  /** The number of hours: 23 or 25 if clocks change. */
  readonly hours: number
  readonly cells: ReadonlyArray<Cell>
}

export const localDays = (series: Series.Series): ReadonlyArray<LocalDay> => {
  const days = new Map<string, Array<Cell>>()
  for (const bucket of series.buckets) {
    const local = DateTime.setZone(bucket.start, series.zone)
    const date = DateTime.formatIsoDate(local)
    const hour = DateTime.getPart(local, "hours")
    const cells = days.get(date) ?? []
    days.set(date, cells)
    cells.push({ hour, turn: cells.at(-1)?.hour === hour ? 1 : 0, bucket })
  }
  return [...days].map(([date, cells]) => ({ date, hours: cells.length, cells }))
}

/** Whether a day contains an hour twice. */
export const isRepeated = (day: LocalDay, hour: number): boolean =>
  day.cells.some((cell) => cell.hour === hour && cell.turn === 1)
