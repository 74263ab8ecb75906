/**
 * Finds rows whose times show that the rules of a time zone differ from the rules that the runtime
 * knows.
 */
import { SeriesError } from "../../SeriesError.js"
import { formatInstant } from "../time/instant.js"
import type { Frame } from "./frame.js"

const minute = 60_000

/** The largest change of a zone's offset, such as the change for daylight saving time. */
const longestChange = 120 * minute

/**
 * The error of a row whose time is up to two hours before or after the start of a day, week or
 * month. A country can change the rules of its zone. A runtime has the new rules only after an
 * update of its time zone data.
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

/**
 * The version of the runtime's time zone data. Node, Deno and Bun can have this field. Browsers do
 * not have it.
 */
const tzVersion = (): string | undefined => {
  // The core package does not import the types of Node. In a browser, `process` does not exist.
  const { process } = globalThis as {
    readonly process?: { readonly versions?: { readonly tz?: string } }
  }
  return process?.versions?.tz
}
