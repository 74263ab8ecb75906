/** Finds rows that show that a zone has other rules than the runtime knows. */
import { SeriesError } from "../../SeriesError.js"
import { formatInstant } from "../time/instant.js"
import type { Frame } from "./frame.js"

const minute = 60_000

/** Changes of a zone's offset, such as daylight saving time, are at most this long. */
const longestChange = 120 * minute

/**
 * The error of a row whose time is shortly before or after the start of a period of a day or more.
 * Countries change the rules of their zones. A runtime learns new rules with an update of its tz
 * data.
 */
export const otherRules = (
  at: number,
  row: number,
  column: string,
  { granularity, indexByStart, zone }: Frame
): SeriesError | undefined => {
  if (granularity === "PT15M" || granularity === "PT1H") return undefined
  const shift = [...indexByStart.keys()]
    .map((start) => at - start)
    .find((shift) => Math.abs(shift) <= longestChange && shift % (15 * minute) === 0)
  if (shift === undefined) return undefined
  const version = tzVersion()
  return new SeriesError({
    reason: "OtherZoneRules",
    problem: `Row ${row} is at ${formatInstant(at)}, ${Math.abs(shift) / minute} minutes ${shift < 0 ? "before" : "after"} a period of ${granularity} starts in ${zone.id} by this runtime's time zone data${version === undefined ? "" : ` (tz ${version})`}`,
    hint: "If this is the building's zone, its rules have changed: update the runtime. Otherwise pass the building's zone",
    row,
    column
  })
}

/** Node, Deno and Bun may say which version of the IANA data they have. Browsers do not. */
const tzVersion = (): string | undefined => {
  // Core does not import the types of a platform, and in a page, `process` does not exist.
  const { process } = globalThis as {
    readonly process?: { readonly versions?: { readonly tz?: string } }
  }
  return process?.versions?.tz
}
