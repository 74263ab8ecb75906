/** Up to when values have been published, where nobody says so. */
import * as Option from "effect/Option"
import * as calendar from "../time/calendar.js"
import type { Frame, Placed } from "./placeRows.js"

/**
 * Values are published nightly, at an hour that is not documented: so all days before yesterday
 * are, and yesterday is once a row shows it.
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
