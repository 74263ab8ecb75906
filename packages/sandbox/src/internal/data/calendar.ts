import * as DateTime from "effect/DateTime"

const hour = 3_600_000

/** A local day of one time zone. It lasts 23 or 25 hours when clocks change. */
export interface Day {
  /** Local date, `YYYY-MM-DD`. */
  readonly date: string
  /** The day of the week. Monday is 0. */
  readonly weekday: number
  /** Local midnight, in milliseconds since the epoch. */
  readonly start: number
  readonly hours: ReadonlyArray<Hour>
  /** When the rows of the day are published: at 02:00 of the next local day. */
  readonly publishedAt: number
  readonly week: Period
  readonly month: Period
}

/** A week or a month of one time zone. */
export interface Period {
  /** The local date of its first day. */
  readonly first: string
  /** Local midnight of its first day. */
  readonly start: number
  /** When the rows of its last day are published. */
  readonly publishedAt: number
}

export interface Hour {
  readonly start: number
  /** The hour in local time. */
  readonly localHour: number
}

/** The local days from `first` up to, but not including, `end`. */
export const days = (zone: string, first: string, end: string): ReadonlyArray<Day> => {
  const timeZone = DateTime.zoneUnsafeMakeNamed(zone)
  const dates: Array<string> = []
  for (let date = first; date < end; date = addDays(date, 1)) dates.push(date)
  const starts = [...dates, end].map((date) => localTime(date, "00:00", timeZone))
  const periods = new Map<string, Period>()
  const period = (name: string, first: string, end: string): Period => {
    const found = periods.get(name) ?? {
      first,
      start: localTime(first, "00:00", timeZone),
      publishedAt: localTime(end, "02:00", timeZone)
    }
    periods.set(name, found)
    return found
  }
  return dates.map((date, index) => {
    const start = starts[index] ?? 0
    const weekday = weekdayOf(date)
    const monday = addDays(date, -weekday)
    const month = monthOf(date)
    return {
      date,
      weekday,
      start,
      hours: hoursOf(start, starts[index + 1] ?? start),
      publishedAt: localTime(addDays(date, 1), "02:00", timeZone),
      week: period(monday, monday, addDays(monday, 7)),
      month: period(month, firstOf(month), firstOf(nextMonth(month)))
    }
  })
}

export const addDays = (date: string, count: number): string =>
  isoDate(Date.parse(`${date}T00:00:00Z`) + count * 24 * hour)

/** The date of an instant in UTC. */
export const isoDate = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

/** Whether a text is an existing date, `YYYY-MM-DD`. */
export const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  // If the month has no such day, the Date is invalid or has another date.
  new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true

/** The month of a date, such as `2024-01`. */
export const monthOf = (date: string): string => date.slice(0, 7)

export const firstOf = (month: string): string => `${month}-01`

export const nextMonth = (month: string): string => monthOf(addDays(firstOf(month), 31))

/** The first Monday on or after a date. */
export const mondayFrom = (date: string): string => addDays(date, (7 - weekdayOf(date)) % 7)

/** Splits consecutive days into groups of seven, beginning with the first day. */
export const inWeeks = (days: ReadonlyArray<Day>): ReadonlyArray<ReadonlyArray<Day>> =>
  Array.from({ length: Math.ceil(days.length / 7) }, (_, week) =>
    days.slice(week * 7, week * 7 + 7)
  )

const localTime = (date: string, time: string, timeZone: DateTime.TimeZone): number =>
  DateTime.toEpochMillis(
    DateTime.unsafeMakeZoned(`${date}T${time}:00Z`, { timeZone, adjustForTimeZone: true })
  )

const weekdayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7

/**
 * The hours of a local day. A day of 23 hours has no hour 2, and a day of 25 hours has hour 1
 * twice. In Berlin, hour 2 occurs twice instead, but hardly anybody is present at these hours.
 */
const hoursOf = (start: number, next: number): ReadonlyArray<Hour> => {
  const count = Math.round((next - start) / hour)
  return Array.from({ length: count }, (_, index) => ({
    start: start + index * hour,
    localHour: index < 2 ? index : index + 24 - count
  }))
}
