/** Groups hours in UTC into the local days of a time zone. */
import * as DateTime from "effect/DateTime"

/** The value of the hour that starts at an instant. */
export interface HourlyValue {
  readonly start: DateTime.Utc
  readonly value: number | null
}

/** A local day and the values of its hours. */
export interface LocalDay {
  /** Local midnight. */
  readonly midnight: DateTime.Zoned
  /** The number of hours in the day: 23 or 25 when clocks change. */
  readonly length: number
  /**
   * The values by local hour, 0 to 23. The value is undefined if the hour has no value or the clock
   * skips the hour. If the clock repeats the hour, the value is the mean of the two hours.
   */
  readonly hours: ReadonlyArray<number | undefined>
}

/**
 * Groups hours into local days, from the day of the first hour to the day of the last hour. The
 * hours must be in the order of time.
 */
export const localDays = (
  hours: ReadonlyArray<HourlyValue>,
  zone: DateTime.TimeZone
): ReadonlyArray<LocalDay> => {
  const values = valuesByLocalHour(hours, zone)
  const first = hours.at(0)
  const last = hours.at(-1)
  if (first === undefined || last === undefined) return []
  const days: Array<LocalDay> = []
  let midnight = DateTime.startOf(DateTime.setZone(first.start, zone), "day")
  while (midnight.epochMillis <= last.start.epochMillis) {
    const next = DateTime.add(midnight, { days: 1 })
    days.push({
      midnight,
      length: DateTime.distance(midnight, next) / 3_600_000,
      hours: clock.map((hour) => mean(values.get(key(midnight, hour)) ?? []))
    })
    midnight = next
  }
  return days
}

/** The hours of a clock. */
export const clock: ReadonlyArray<number> = Array.from({ length: 24 }, (_, hour) => hour)

const valuesByLocalHour = (
  hours: ReadonlyArray<HourlyValue>,
  zone: DateTime.TimeZone
): ReadonlyMap<string, ReadonlyArray<number>> => {
  const values = new Map<string, ReadonlyArray<number>>()
  for (const { start, value } of hours) {
    if (value === null) continue
    const local = DateTime.setZone(start, zone)
    const at = key(local, DateTime.getPart(local, "hours"))
    values.set(at, [...(values.get(at) ?? []), value])
  }
  return values
}

const key = (day: DateTime.Zoned, hour: number): string => `${DateTime.formatIsoDate(day)} ${hour}`

const mean = (values: ReadonlyArray<number>): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
