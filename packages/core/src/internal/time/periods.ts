/**
 * Finds the periods of a time zone: periods that begin at an instant, and periods that overlap a
 * time span.
 */
import * as DateTime from "effect/DateTime"
import type { Granularity } from "../../Granularity.js"
import type { Interval } from "../../TimeRange.js"
import * as calendar from "./calendar.js"

/** Whether a period begins at an instant. */
export const isStart = (at: number, granularity: Granularity, zone: calendar.Zone): boolean =>
  calendar.boundaries(at - 1, at + 1, granularity, zone).includes(at)

/** A duration in milliseconds that is longer than any period. */
const longest = 32 * calendar.dayMillis

/**
 * The periods that overlap the time from `start` to `end`. The first and the last period are not
 * shortened.
 */
export const covering = (
  start: number,
  end: number,
  granularity: Granularity,
  zone: calendar.Zone
): ReadonlyArray<Interval> => {
  const edges = calendar.boundaries(start - longest, end + longest, granularity, zone)
  return edges.slice(1).flatMap((periodEnd, index) => {
    const periodStart = edges[index] ?? periodEnd
    return periodStart < end && periodEnd > start
      ? [{ start: DateTime.unsafeMake(periodStart), end: DateTime.unsafeMake(periodEnd) }]
      : []
  })
}
