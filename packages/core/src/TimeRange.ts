/**
 * Half-open spans of time in UTC, made from instants or from local dates and an IANA time zone.
 *
 * A `TimeRange` is a description: making one never fails. It is turned into instants when a query is built, or by
 * `resolve`, and what is wrong with it is a `QueryError` then.
 */
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { shorten } from "./internal/shorten.js"
import { QueryError } from "./MetricsError.js"

/**
 * Marks a `TimeRange`.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const isTimeRange = (value: object): value is TimeRange.TimeRange => TimeRange.TypeId in value
 * ```
 */
export const TypeId: unique symbol = Symbol.for("@innerspace-metrics/core/TimeRange")

/** Marks a `TimeRange`. */
export type TypeId = typeof TypeId

/**
 * A description of the span from an instant up to, and without, a later one.
 */
export interface TimeRange {
  readonly [TypeId]: TypeId
  readonly source: Source
}

/** What a `TimeRange` was made from. */
export type Source = Data.TaggedEnum<{
  Between: { readonly start: Instant; readonly end: Instant }
  Dates: { readonly first: string; readonly end: string; readonly zone: string }
  Week: { readonly week: string; readonly zone: string }
}>

/** A point in time. Text is not one: it leaves the zone open. */
export type Instant = DateTime.DateTime | globalThis.Date

/** A local date as `2024-01-31` (ISO 8601 calendar date). */
export type LocalDate = `${number}-${number}-${number}`

/** A week as `2024-W01` (ISO 8601 week date): from Monday, and week 1 holds the year's first Thursday. */
export type IsoWeek = `${number}-W${number}`

/** A resolved span: `start` is inside, `end` is not. */
export interface Interval {
  readonly start: DateTime.Utc
  readonly end: DateTime.Utc
}

const Source = Data.taggedEnum<Source>()

const fromSource = (source: Source): TimeRange => ({ [TypeId]: TypeId, source })

/**
 * The span between two instants.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const lastYear = TimeRange.between(new Date("2024-01-01T00:00:00Z"), new Date("2025-01-01T00:00:00Z"))
 * ```
 */
export const between = (start: Instant, end: Instant): TimeRange =>
  fromSource(Source.Between({ start, end }))

/**
 * The span from the local midnight that begins `first` to the local midnight that begins `end`, in an IANA zone. A zone
 * that skips midnight on a date begins it at the first instant after the gap. With clock changes a local day has 23 or 25
 * hours.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const january = TimeRange.dates("2024-01-01", "2024-02-01", "America/Chicago")
 * ```
 */
export const dates = (first: LocalDate, end: LocalDate, zone: string): TimeRange =>
  fromSource(Source.Dates({ first, end, zone }))

/**
 * An ISO week in an IANA zone, from Monday's local midnight to the next Monday's.
 *
 * That the vendor's weeks begin on Monday at the building's local midnight is an assumption, drawn from the one documented
 * example (https://developers.innerspace.io/deprecated-api-2025-05-26/authentication-v1-deprecated).
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * // 2024-01-01T06:00Z up to 2024-01-08T06:00Z
 * const firstWeek = TimeRange.week("2024-W01", "America/Chicago")
 * ```
 */
export const week = (week: IsoWeek, zone: string): TimeRange =>
  fromSource(Source.Week({ week, zone }))

/**
 * Whether a value is a `TimeRange`.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * TimeRange.isTimeRange(TimeRange.week("2024-W01", "Europe/Berlin")) // true
 * ```
 */
export const isTimeRange = (value: unknown): value is TimeRange =>
  typeof value === "object" && value !== null && TypeId in value

/**
 * The instants of a range. Fails with a `QueryError` (`InvalidRange`) for a date, week or zone that does not exist, and
 * for an end that is not after its start.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 * import * as Either from "effect/Either"
 *
 * const hours = Either.map(
 *   TimeRange.resolve(TimeRange.dates("2024-03-10", "2024-03-11", "America/Chicago")),
 *   ({ start, end }) => (end.epochMillis - start.epochMillis) / 3_600_000
 * ) // 23: clocks go forward
 * ```
 */
export const resolve = (range: TimeRange): Either.Either<Interval, QueryError> =>
  Either.flatMap(instants(range.source), ([start, end]) =>
    start.epochMillis < end.epochMillis
      ? Either.right({ start, end })
      : Either.left(
          invalidRange(
            `Time range ends at ${DateTime.formatIso(end)}, which is not after its start ${DateTime.formatIso(start)}`,
            "Put the earlier instant first; the end is exclusive"
          )
        )
  )

const instants = (
  source: Source
): Either.Either<readonly [DateTime.Utc, DateTime.Utc], QueryError> => {
  switch (source._tag) {
    case "Between":
      return Either.all([instant(source.start, "start"), instant(source.end, "end")])
    case "Dates":
      return Either.flatMap(namedZone(source.zone), (zone) =>
        Either.all([
          Either.flatMap(calendarDate(source.first), (date) => midnight(date, zone)),
          Either.flatMap(calendarDate(source.end), (date) => midnight(date, zone))
        ])
      )
    case "Week":
      return Either.flatMap(namedZone(source.zone), (zone) =>
        Either.flatMap(monday(source.week), (date) =>
          Either.all([midnight(date, zone), midnight(date + 7 * dayMillis, zone)])
        )
      )
  }
}

const dayMillis = 86_400_000

const instant = (value: Instant, end: string): Either.Either<DateTime.Utc, QueryError> =>
  Option.match(DateTime.make(value), {
    onNone: () =>
      Either.left(
        invalidRange(
          `The ${end} of the time range is not an instant: ${shorten(value)}`,
          "Give a DateTime or a valid Date"
        )
      ),
    onSome: (dateTime) => Either.right(DateTime.toUtc(dateTime))
  })

const namedZone = (id: string): Either.Either<DateTime.TimeZone.Named, QueryError> =>
  Either.fromOption(DateTime.zoneMakeNamed(id), () =>
    invalidRange(
      `${shorten(id)} is not a time zone that this runtime knows`,
      "Use a name of the IANA time zone database, such as America/Chicago"
    )
  )

/** A calendar date as the epoch milliseconds of its midnight in UTC. */
const calendarDate = (text: string): Either.Either<number, QueryError> => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match !== null) {
    const millis = utcMidnight(Number(match[1]), Number(match[2]), Number(match[3]))
    // A date that does not exist (2024-02-30) rolls over and so reads back differently.
    if (new globalThis.Date(millis).toISOString().startsWith(text)) return Either.right(millis)
  }
  return Either.left(
    invalidRange(
      `${shorten(text)} is not a calendar date`,
      "Write dates as YYYY-MM-DD, for example 2024-01-31"
    )
  )
}

const monday = (text: string): Either.Either<number, QueryError> => {
  const match = /^(\d{4})-W(\d{2})$/.exec(text)
  if (match !== null) {
    const year = Number(match[1])
    const number = Number(match[2])
    const first = mondayOfFirstWeek(year)
    const weeks = (mondayOfFirstWeek(year + 1) - first) / (7 * dayMillis)
    if (number >= 1 && number <= weeks) {
      return Either.right(first + (number - 1) * 7 * dayMillis)
    }
  }
  return Either.left(
    invalidRange(
      `${shorten(text)} is not an ISO week`,
      "Write weeks as YYYY-Www, from W01 to W52 or W53, for example 2024-W01"
    )
  )
}

/** The week that holds 4 January is week 1. */
const mondayOfFirstWeek = (year: number): number => {
  const fourth = utcMidnight(year, 1, 4)
  const daysSinceMonday = (new globalThis.Date(fourth).getUTCDay() + 6) % 7
  return fourth - daysSinceMonday * dayMillis
}

const utcMidnight = (year: number, month: number, day: number): number => {
  const date = new globalThis.Date(0)
  // Unlike Date.UTC, this does not read the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime()
}

const midnight = (
  date: number,
  zone: DateTime.TimeZone.Named
): Either.Either<DateTime.Utc, QueryError> =>
  Option.match(
    DateTime.makeZoned(date, {
      timeZone: zone,
      adjustForTimeZone: true,
      disambiguation: "compatible"
    }),
    {
      onNone: () =>
        Either.left(
          invalidRange(
            `${new globalThis.Date(date).toISOString().slice(0, 10)} has no midnight in ${zone.id}`,
            "Give the instants with TimeRange.between"
          )
        ),
      onSome: (zoned) => Either.right(DateTime.toUtc(zoned))
    }
  )

const invalidRange = (problem: string, hint: string): QueryError =>
  new QueryError({ reason: "InvalidRange", problem, hint })
