/** The default instant up to which values have been published. */
import * as Option from "effect/Option"
import * as calendar from "../time/calendar.js"
import type { Frame, Placed } from "./placeRows.js"

/**
 * Values are published nightly, at an hour that is not documented. So all days before yesterday
 * have been published, and yesterday has been once a row shows it.
 */
export const publishedUntil = (
  now: number,
  { periods, zone }: Frame,
  placed: Iterable<Placed>
): number => {
  const today = Option.getOrElse(calendar.periodStart(now, "P1D", zone, 0), () => now)
  const yesterday = Option.getOrElse(calendar.periodStart(now, "P1D", zone, -1), () => now)
  for (const rows of placed) {
    for (const index of rows.keys()) {
      const end = periods[index]?.end.epochMillis
      if (end !== undefined && end > yesterday) return today
    }
  }
  return yesterday
}
