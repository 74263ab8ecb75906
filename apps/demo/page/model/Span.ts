/** A span is the time that the page shows: a week, a month, a quarter or a year of local dates. */
import type { Granularity } from "@innerspace-metrics/core/Granularity"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

export type Unit = "week" | "month" | "quarter" | "year"

export const units: ReadonlyArray<Unit> = ["week", "month", "quarter", "year"]

/** A span of local dates in the building's time zone. `end` is excluded. */
export interface Span {
  readonly unit: Unit
  /** The form in the URL: `2025-W26`, `2025-06`, `2025-Q2`, `2025`. */
  readonly key: string
  readonly label: string
  readonly first: TimeRange.LocalDate
  readonly end: TimeRange.LocalDate
}

/** A date as midnight in UTC. In UTC all days have 24 hours, so arithmetic with days is simple. */
type CalendarDate = DateTime.Utc

const steps: Readonly<Record<Unit, Partial<DateTime.DateTime.PartsForMath>>> = {
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 }
}

/** The span of a unit (week, month, quarter or year) that contains a local date. */
export const containing = (unit: Unit, date: string): Span =>
  fromFirst(unit, startOf(unit, DateTime.unsafeMake(`${date}T00:00:00Z`)))

/** The span that is `count` spans later. A negative `count` means earlier. */
export const shift = (span: Span, count: number): Span => {
  const step = steps[span.unit]
  const first = DateTime.unsafeMake(`${span.first}T00:00:00Z`)
  const scaled = Object.fromEntries(
    Object.entries(step).map(([unit, amount]) => [unit, amount * count])
  )
  return fromFirst(span.unit, DateTime.add(first, scaled))
}

/** The span with a key from a URL, or none if the key is not valid. */
export const parse = (key: string): Option.Option<Span> => {
  const [, year = "", rest = ""] = /^(\d{4})(?:-(W\d\d|Q[1-4]|\d\d))?$/.exec(key) ?? []
  if (year === "") return Option.none()
  const month = (number: number) => `${year}-${String(number).padStart(2, "0")}-01`
  const found = rest.startsWith("W")
    ? // In every year, January 4 is in week 1 (ISO 8601).
      shift(containing("week", `${year}-01-04`), Number(rest.slice(1)) - 1)
    : rest.startsWith("Q")
      ? containing("quarter", month(Number(rest.slice(1)) * 3))
      : rest === ""
        ? containing("year", month(1))
        : Number(rest) >= 1 && Number(rest) <= 12
          ? containing("month", month(Number(rest)))
          : undefined
  return Option.filter(Option.fromNullable(found), (span) => span.key === key)
}

/** The span in a building's time zone. */
export const range = (span: Span, zone: string): TimeRange.TimeRange =>
  TimeRange.dates(span.first, span.end, zone)

/** The whole weeks that overlap a span. */
export const wholeWeeks = (span: Span): Pick<Span, "first" | "end"> => {
  const last = DateTime.subtract(DateTime.unsafeMake(`${span.end}T00:00:00Z`), { days: 1 })
  return {
    first: containing("week", span.first).first,
    end: containing("week", DateTime.formatIsoDateUtc(last)).end
  }
}

/** The granularities that give a readable line, for each unit of the span. */
export const granularities: Readonly<Record<Unit, ReadonlyArray<Granularity>>> = {
  week: ["PT15M", "PT1H", "P1D"],
  month: ["PT1H", "P1D", "P1W"],
  quarter: ["P1D", "P1W", "P1M"],
  year: ["P1D", "P1W", "P1M"]
}

const startOf = (unit: Unit, date: CalendarDate): CalendarDate => {
  if (unit === "week") return DateTime.startOf(date, "week", { weekStartsOn: 1 })
  if (unit === "year") return DateTime.startOf(date, "year")
  const month = DateTime.startOf(date, "month")
  const sinceQuarter = (DateTime.getPartUtc(date, "month") - 1) % 3
  return unit === "month" ? month : DateTime.subtract(month, { months: sinceQuarter })
}

const fromFirst = (unit: Unit, first: CalendarDate): Span => {
  const end = DateTime.add(first, steps[unit])
  const last = DateTime.subtract(end, { days: 1 })
  return { unit, first: localDate(first), end: localDate(end), ...named(unit, first, last) }
}

const named = (
  unit: Unit,
  first: CalendarDate,
  last: CalendarDate
): Pick<Span, "key" | "label"> => {
  const year = DateTime.getPartUtc(first, "year")
  switch (unit) {
    case "week": {
      // A week belongs to the year that contains its Thursday.
      const thursday = DateTime.add(first, { days: 3 })
      const ofYear = DateTime.getPartUtc(thursday, "year")
      const days = DateTime.distance(DateTime.startOf(thursday, "year"), thursday) / 86_400_000
      const number = Math.floor(days / 7) + 1
      return {
        key: `${ofYear}-W${String(number).padStart(2, "0")}`,
        label: `Week ${number}, ${formatDays(first, last)}`
      }
    }
    case "month":
      return {
        key: DateTime.formatIsoDateUtc(first).slice(0, 7),
        label: format(first, { month: "long", year: "numeric" })
      }
    case "quarter": {
      const quarter = Math.ceil(DateTime.getPartUtc(first, "month") / 3)
      return {
        key: `${year}-Q${quarter}`,
        label: `Quarter ${quarter}, ${format(first, { month: "short" })} to ${format(last, { month: "short", year: "numeric" })}`
      }
    }
    case "year":
      return { key: String(year), label: String(year) }
  }
}

const formatDays = (first: CalendarDate, last: CalendarDate): string =>
  `${format(first, { day: "numeric", month: "short" })} to ${format(last, { day: "numeric", month: "short", year: "numeric" })}`

const format = (date: CalendarDate, options: Intl.DateTimeFormatOptions): string =>
  DateTime.formatUtc(date, { locale: "en-GB", ...options })

const localDate = (date: CalendarDate): TimeRange.LocalDate =>
  // An ISO date has the form of a LocalDate: three numbers with dashes between them.
  DateTime.formatIsoDateUtc(date) as TimeRange.LocalDate
