/** Formats numbers, times and gaps as text. */
import type * as Series from "@innerspace-metrics/core/Series"
import * as DateTime from "effect/DateTime"
import type { Measure } from "./Selection.js"

const locale = "en-GB"

/**
 * A format for local dates, which have no time zone. It is created once, because creating a format
 * takes far longer than using it.
 */
const dateFormat = (options: Intl.DateTimeFormatOptions): ((date: string) => string) => {
  const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options })
  return (date) => format.format(DateTime.unsafeMake(`${date}T00:00:00Z`).epochMillis)
}

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })

/** A number of people as text. Only averages below 10 have a decimal. */
export const people = (value: number, measure: Measure): string =>
  measure === "OCCUPANCY_MEAN" && value < 10 ? tenths.format(value) : whole.format(value)

export const count = (value: number): string => whole.format(value)

/** A number of people with the number of seats, such as `38 of 120 seats`. */
export const ofSeats = (value: number, capacity: number | null, measure: Measure): string =>
  capacity === null
    ? `${people(value, measure)} people`
    : `${people(value, measure)} of ${whole.format(capacity)} seats`

export const percent = (part: number, base: number): string =>
  base === 0 ? "0%" : `${whole.format((100 * part) / base)}%`

export const gapWords: Readonly<Record<Series.GapReason, string>> = {
  NotMeasured: "not measured",
  NotPublished: "not yet published",
  NotPermitted: "not permitted"
}

/** The value of a bucket as text. */
export const bucketWords = (bucket: Series.Bucket, measure: Measure): string => {
  switch (bucket._tag) {
    case "Measured":
      return `${people(bucket.value, measure)} people`
    case "Zero":
      return "nobody (measured zero)"
    default:
      return gapWords[bucket._tag]
  }
}

/** A local date such as `Tue, 10 Jun 2025`. */
export const day = dateFormat({ weekday: "short", day: "numeric", month: "short", year: "numeric" })

/** A weekday and its date, such as `Tue 10`. */
export const weekdayOfMonth = dateFormat({ weekday: "short", day: "numeric" })

/** A weekday, such as `Tue`. */
export const weekday = dateFormat({ weekday: "short" })

/** A date without its year, such as `10 Jun`. */
export const dayOfMonth = dateFormat({ day: "numeric", month: "short" })

/** The month of a date, such as `Jun`. */
export const month = dateFormat({ month: "short" })

/** An hour of the clock such as `14:00`. */
export const hour = (value: number): string => `${String(value).padStart(2, "0")}:00`

/** A period of a series in the building's time, such as `Tue 10 Jun, 14:00`. */
export const period = (bucket: Series.Bucket, series: Series.Series): string => {
  const start = DateTime.setZone(bucket.start, series.zone)
  const date = { weekday: "short", day: "numeric", month: "short" } as const
  switch (series.granularity) {
    case "PT15M":
    case "PT1H":
      return DateTime.format(start, { locale, ...date, hour: "2-digit", minute: "2-digit" })
    case "P1D":
      return DateTime.format(start, { locale, ...date })
    case "P1W":
      return `week of ${DateTime.format(start, { locale, day: "numeric", month: "short" })}`
    case "P1M":
      return DateTime.format(start, { locale, month: "long", year: "numeric" })
  }
}
