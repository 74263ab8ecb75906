/**
 * A series of hours as the days that people in the building live through: with the hour that clocks
 * skip, and with both of the hours that they repeat.
 */
import type * as Series from "@innerspace-metrics/core/Series"
import * as DateTime from "effect/DateTime"

/** What an hour of the clock on the wall holds. */
export interface Cell {
  /** 0 to 23. */
  readonly hour: number
  /** 0, and 1 for the second of two hours of the same name. */
  readonly turn: 0 | 1
  readonly bucket: Series.Bucket
}

export interface LocalDay {
  /** As `2025-06-01`. */
  readonly date: string
  /** 23 or 25 where clocks change. */
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

/** Whether an hour of a day is there twice. */
export const isRepeated = (day: LocalDay, hour: number): boolean =>
  day.cells.some((cell) => cell.hour === hour && cell.turn === 1)
