import * as DateTime from "effect/DateTime"

const hour = 3_600_000

/** A local day of one zone. It lasts 23 or 25 hours when clocks change. */
export interface Day {
  /** Local date, `YYYY-MM-DD`. */
  readonly date: string
  /** Monday is 0. */
  readonly weekday: number
  /** Local midnight, in milliseconds since the epoch. */
  readonly start: number
  readonly hours: ReadonlyArray<Hour>
  /** When its night is published: at 02:00 of the next local day. */
  readonly publishedAt: number
  /** Local midnight of the Monday of its week. */
  readonly weekStart: number
  /** Local midnight of the first of its month. */
  readonly monthStart: number
}

export interface Hour {
  readonly start: number
  /** What the clock on the wall shows. */
  readonly localHour: number
}

/** The local days from `first`, a Monday and the first of a month, up to, but not including, `end`. */
export const days = (zone: string, first: string, end: string): ReadonlyArray<Day> => {
  const timeZone = DateTime.zoneUnsafeMakeNamed(zone)
  const dates = datesBetween(first, end)
  const boundaries = [...dates, end]
  const starts = boundaries.map((date) => localTime(date, "00:00", timeZone))
  return dates.map((date, index) => {
    const start = starts[index] ?? 0
    const next = starts[index + 1] ?? start
    const weekday = weekdayOf(date)
    return {
      date,
      weekday,
      start,
      hours: hoursOf(start, next),
      publishedAt: localTime(boundaries[index + 1] ?? end, "02:00", timeZone),
      weekStart: starts[index - weekday] ?? start,
      monthStart: starts[index + 1 - Number(date.slice(8))] ?? start
    }
  })
}

const datesBetween = (first: string, end: string): ReadonlyArray<string> => {
  const dates: Array<string> = []
  const until = Date.parse(`${end}T00:00:00Z`)
  for (let at = Date.parse(`${first}T00:00:00Z`); at < until; at += 24 * hour) {
    dates.push(new Date(at).toISOString().slice(0, 10))
  }
  return dates
}

const localTime = (date: string, time: string, timeZone: DateTime.TimeZone): number =>
  DateTime.toEpochMillis(
    DateTime.unsafeMakeZoned(`${date}T${time}:00Z`, { timeZone, adjustForTimeZone: true })
  )

const weekdayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7

/** In these zones clocks change in the third hour of the day, so an odd day skips or repeats the hour after 01:00. */
const hoursOf = (start: number, next: number): ReadonlyArray<Hour> => {
  const count = Math.round((next - start) / hour)
  return Array.from({ length: count }, (_, index) => ({
    start: start + index * hour,
    localHour: index < 2 ? index : index + 24 - count
  }))
}

/** Days in groups that share a key, in order: `weekOf` and `monthOf` are such keys. */
export const groupDays = (
  all: ReadonlyArray<Day>,
  key: (day: Day) => string
): ReadonlyArray<ReadonlyArray<Day>> => {
  const groups = new Map<string, Array<Day>>()
  for (const day of all) {
    const group = groups.get(key(day))
    if (group === undefined) groups.set(key(day), [day])
    else group.push(day)
  }
  return [...groups.values()]
}

/** The Monday that a day's week starts on. */
export const weekOf = (day: Day): string =>
  new Date(Date.parse(`${day.date}T00:00:00Z`) - day.weekday * 24 * hour).toISOString().slice(0, 10)

export const monthOf = (day: Day): string => day.date.slice(0, 7)
