/**
 * Computes local dates and periods in an IANA zone. Instants and dates are epoch milliseconds. A
 * calendar date is represented by its midnight in UTC.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import type { Granularity } from "../../Granularity.js"

export const dayMillis = 86_400_000

export type Zone = DateTime.TimeZone.Named

/** Parses a date such as `2024-01-31`. `None` if the date does not exist. */
export const parseDate = (text: string): Option.Option<number> => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return match === null
    ? Option.none()
    : existingDate(Number(match[1]), Number(match[2]), Number(match[3]))
}

/**
 * Parses a month such as `2024-01`. Returns the first day of the month and the first day of the
 * next month.
 */
export const parseMonth = (text: string): Option.Option<readonly [first: number, end: number]> => {
  const match = /^(\d{4})-(\d{2})$/.exec(text)
  return match === null
    ? Option.none()
    : Option.map(existingDate(Number(match[1]), Number(match[2]), 1), (first) => [
        first,
        addMonths(first, 1)
      ])
}

/** Parses a week such as `2024-W01`. Returns its Monday. Week 1 contains 4 January (ISO 8601). */
export const parseWeek = (text: string): Option.Option<number> => {
  const match = /^(\d{4})-W(\d{2})$/.exec(text)
  if (match === null) return Option.none()
  const year = Number(match[1])
  const number = Number(match[2])
  const first = mondayOf(utcMidnight(year, 1, 4))
  const monday = first + (number - 1) * 7 * dayMillis
  return number >= 1 && monday < mondayOf(utcMidnight(year + 1, 1, 4))
    ? Option.some(monday)
    : Option.none()
}

/**
 * Returns a date, or `None` if the date does not exist. `Date` changes 2024-02-30 to 2024-03-01, so
 * the result is compared with the year, month and day.
 */
const existingDate = (year: number, month: number, day: number): Option.Option<number> => {
  const date = new Date(utcMidnight(year, month, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? Option.some(date.getTime())
    : Option.none()
}

const utcMidnight = (year: number, month: number, day: number): number => {
  const date = new Date(0)
  // Unlike Date.UTC, this does not read the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime()
}

const mondayOf = (date: number): number => date - ((new Date(date).getUTCDay() + 6) % 7) * dayMillis

const firstOfMonth = (date: number): number => {
  const first = new Date(date)
  first.setUTCDate(1)
  return first.getTime()
}

const addMonths = (first: number, count: number): number => {
  const date = new Date(first)
  date.setUTCMonth(date.getUTCMonth() + count)
  return date.getTime()
}

/** Formats a date, such as `2024-01-31`. */
export const formatDate = (date: number): string => new Date(date).toISOString().slice(0, 10)

/** The local date at an instant. */
export const dateAt = (instant: number, zone: Zone): number => {
  const wall = instant + offsetAt(instant, zone)
  return wall - mod(wall, dayMillis)
}

/**
 * The first instant of a date, which is usually midnight. If clocks go back over midnight, the date
 * has two midnights, and the result is the first one. If clocks go forward over midnight, the
 * result is the end of the skipped time. `None` if a JavaScript `Date` cannot hold the instant.
 */
export const startOfDate = (date: number, zone: Zone): Option.Option<number> => {
  const known = knownStarts.get(zone.id) ?? new Map<number, Option.Option<number>>()
  knownStarts.set(zone.id, known)
  const found = known.get(date)
  if (found !== undefined) return found
  const start = Option.map(
    DateTime.makeZoned(date, {
      timeZone: zone,
      adjustForTimeZone: true,
      disambiguation: "compatible"
    }),
    DateTime.toEpochMillis
  )
  if (known.size >= maxKnownStarts) known.clear()
  known.set(date, start)
  return start
}

/**
 * Caches the starts of dates, by zone. Without the cache, finding a start takes most of the time of
 * building a query, because the offset is read from formatted text. The rules of a zone do not
 * change while a program runs.
 */
const knownStarts = new Map<string, Map<number, Option.Option<number>>>()

/** The maximum number of cached dates of a zone: more than ten years. */
const maxKnownStarts = 4_096

/** The difference between the local time of a zone and UTC at an instant. */
const offsetAt = (instant: number, zone: Zone): number =>
  DateTime.zonedOffset(DateTime.unsafeMakeZoned(instant, { timeZone: zone }))

const mod = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor

/** The start of the period that is `moved` periods after the period of an instant. */
export const periodStart = (
  instant: number,
  granularity: Granularity,
  zone: Zone,
  moved: number
): Option.Option<number> => {
  const date = dateAt(instant, zone)
  switch (granularity) {
    case "P1D":
      return startOfDate(date + moved * dayMillis, zone)
    case "P1W":
      return startOfDate(mondayOf(date) + moved * 7 * dayMillis, zone)
    case "P1M":
      return startOfDate(addMonths(firstOfMonth(date), moved), zone)
    case "PT15M":
    case "PT1H": {
      const step = stepMillis[granularity]
      return Option.some(instant - mod(instant + offsetAt(instant, zone), step) + moved * step)
    }
  }
}

const stepMillis = { PT15M: 15 * 60_000, PT1H: 60 * 60_000 }

/**
 * The instants after `start` and before `end` at which a period begins, in order. A day, week or
 * month begins at the start of its first date. Hours and quarter hours begin when the wall clock
 * shows a full hour or quarter hour, and also at the start of each date.
 */
export const boundaries = (
  start: number,
  end: number,
  granularity: Granularity,
  zone: Zone
): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let date = dateAt(start, zone); ; date = nextDate(date, granularity)) {
    const first = Option.getOrElse(startOfDate(date, zone), () => end)
    const last = Option.getOrElse(startOfDate(nextDate(date, granularity), zone), () => end)
    const within =
      granularity === "PT15M" || granularity === "PT1H"
        ? wallClockSteps(first, last, stepMillis[granularity], zone)
        : []
    for (const instant of isFirstOf(date, granularity) ? [first, ...within] : within) {
      // If a zone has skipped a date, this date and the next date begin at the same instant.
      if (instant > start && instant < end && instant !== found[found.length - 1])
        found.push(instant)
    }
    if (last >= end) return found
  }
}

const isFirstOf = (date: number, granularity: Granularity): boolean =>
  granularity === "P1W"
    ? date === mondayOf(date)
    : granularity === "P1M"
      ? date === firstOfMonth(date)
      : true

/**
 * The next date at which a period may begin. For weeks and months, this is the start of the next
 * week or month.
 */
const nextDate = (date: number, granularity: Granularity): number =>
  granularity === "P1W"
    ? mondayOf(date) + 7 * dayMillis
    : granularity === "P1M"
      ? addMonths(firstOfMonth(date), 1)
      : date + dayMillis

/** The instants after the start of a day at which the wall clock shows a multiple of the step. */
const wallClockSteps = (
  first: number,
  end: number,
  step: number,
  zone: Zone
): ReadonlyArray<number> => {
  const steps: Array<number> = []
  const offset = offsetAt(first, zone)
  const change =
    offset === offsetAt(end - 1, zone) ? end : firstInstantOfOtherOffset(first, end, zone)
  const push = (from: number, to: number, offset: number) => {
    for (let at = from + mod(-(from + offset), step); at < to; at += step) steps.push(at)
  }
  push(first + 1, change, offset)
  if (change < end) push(change, end, offsetAt(change, zone))
  return steps
}

/** Finds the change of clocks by binary search, because a day has at most one change. */
const firstInstantOfOtherOffset = (first: number, end: number, zone: Zone): number => {
  const offset = offsetAt(first, zone)
  let before = first
  let after = end
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle, zone) === offset) before = middle
    else after = middle
  }
  return after
}
