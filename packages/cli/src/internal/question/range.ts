/** `--range`: words and dates as a `TimeRange`. */
import type { Granularity } from "@innerspace-metrics/core/Granularity"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Effect from "effect/Effect"
import { UsageError } from "../frame/failure.js"
import { nearest } from "../program/nearest.js"

/** Words to suggest for a mistyped range. */
const rangeWords = [
  "today",
  "yesterday",
  "this-week",
  "this-month",
  "last-week",
  "last-month",
  "last-7-days",
  "last-30-days",
  "last-4-weeks",
  "last-12-months"
]

const periods: { readonly [word: string]: Granularity } = {
  hour: "PT1H",
  day: "P1D",
  week: "P1W",
  month: "P1M"
}

/** Whether the range needs a time zone. Only a range between two instants needs none. */
export const needsZone = (given: string): boolean => {
  const [start = "", end = ""] = given.split("..")
  return !(isInstant(start) && isInstant(end))
}

/** Reads a range. `zone` is the time zone of its dates. */
export const readRange = (
  given: string,
  zone: string
): Effect.Effect<TimeRange.TimeRange, UsageError> => {
  const range = rangeOf(given.trim(), zone)
  if (range === undefined) {
    const near = nearest(given, rangeWords)
    return Effect.fail(
      new UsageError(
        `--range is ${JSON.stringify(given)}`,
        near === undefined
          ? "Pass a date, week or month, such as 2024-03-05, 2024-W10 or 2024-03, two dates as 2024-03-01..2024-04-01, or a word such as yesterday or last-7-days"
          : `Did you mean ${near}?`
      )
    )
  }
  // `resolve` is called only because it fails for dates and time zones that do not exist.
  return Effect.as(
    Effect.mapError(
      TimeRange.resolve(range),
      ({ hint, problem }) => new UsageError(`--range is ${JSON.stringify(given)}: ${problem}`, hint)
    ),
    range
  )
}

const rangeOf = (given: string, zone: string): TimeRange.TimeRange | undefined => {
  switch (given) {
    case "today":
      return TimeRange.today(zone)
    case "yesterday":
      return TimeRange.last(1, "P1D", zone)
    case "this-week":
      return TimeRange.thisWeek(zone)
    case "this-month":
      return TimeRange.thisMonth(zone)
    case "last-week":
      return TimeRange.last(1, "P1W", zone)
    case "last-month":
      return TimeRange.last(1, "P1M", zone)
  }
  const last = /^last-(\d{1,5})-(hour|day|week|month)s?$/.exec(given)
  const period = periods[last?.[2] ?? ""]
  if (last !== null && period !== undefined) return TimeRange.last(Number(last[1]), period, zone)
  if (isWeek(given)) return TimeRange.week(given, zone)
  if (isMonth(given)) return TimeRange.month(given, zone)
  if (isDate(given)) return dayOf(given, zone)
  if (/^\d{4}$/.test(given))
    return TimeRange.dates(`${Number(given)}-01-01`, `${Number(given) + 1}-01-01`, zone)
  const [start = "", end = "", ...more] = given.split("..")
  if (more.length > 0) return undefined
  if (isDate(start) && isDate(end)) return TimeRange.dates(start, end, zone)
  if (isInstant(start) && isInstant(end)) {
    return TimeRange.between(new Date(start), new Date(end), zone)
  }
  return undefined
}

const isWeek = (text: string): text is `${number}-W${number}` => /^\d{4}-W\d\d$/.test(text)

const isMonth = (text: string): text is TimeRange.IsoMonth => /^\d{4}-\d\d$/.test(text)

export const isDate = (text: string): text is TimeRange.LocalDate => /^\d{4}-\d\d-\d\d$/.test(text)

/**
 * Whether a text is a time of RFC 3339 with an offset. A time without an offset would be a local
 * time of this machine.
 */
export const isInstant = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) &&
  !Number.isNaN(Date.parse(text))

/** The range of one local day. `TimeRange` reports a date that does not exist. */
export const dayOf = (date: TimeRange.LocalDate, zone: string): TimeRange.TimeRange => {
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000)
  const end = Number.isNaN(next.getTime()) ? date : next.toISOString().slice(0, 10)
  return TimeRange.dates(date, isDate(end) ? end : date, zone)
}
