/**
 * Time ranges in UTC, made from instants or from local dates and an IANA time zone. A time range
 * includes its start and excludes its end.
 *
 * A `TimeRange` is a description. Creating a `TimeRange` never fails. The range is resolved to
 * instants when a query is built, or by `resolve`. Resolving an invalid range fails with a
 * `QueryError`.
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Granularity from "./Granularity.js"
import { shorten } from "./internal/shorten.js"
import * as calendar from "./internal/time/calendar.js"
import { formatInstant, type Instant, instantOf } from "./internal/time/instant.js"
import { TimeRangeTypeId as TypeId } from "./internal/typeIds.js"
import { QueryError } from "./MetricsError.js"

/**
 * A description of a time range that includes its start and excludes its end.
 */
export interface TimeRange {
  readonly [TypeId]: typeof TypeId
  readonly source: Source
}

/** What a `TimeRange` was made from. */
type Source = Data.TaggedEnum<{
  Between: { readonly start: Instant; readonly end: Instant; readonly zone: string | undefined }
  Dates: { readonly first: string; readonly end: string; readonly zone: string }
  Week: { readonly week: string; readonly zone: string }
  Month: { readonly month: string; readonly zone: string }
  Last: {
    readonly count: number
    readonly granularity: Granularity.Granularity
    readonly zone: string
  }
  Current: { readonly granularity: "P1D" | "P1W" | "P1M"; readonly zone: string }
}>

/** A local date as `2024-01-31` (ISO 8601 calendar date). */
export type LocalDate = `${number}-${number}-${number}`

/** A month as `2024-01` (ISO 8601). */
export type IsoMonth = `${number}-${number}`

/**
 * A week as `2024-W01` (ISO 8601 week date). A week begins on Monday, and week 1 contains the
 * year's first Thursday.
 */
type IsoWeek = `${number}-W${number}`

/** A resolved time range, including `start` and excluding `end`. */
export interface Interval {
  readonly start: DateTime.Utc
  readonly end: DateTime.Utc
}

const Source = Data.taggedEnum<Source>()

const fromSource = (source: Source): TimeRange => ({ [TypeId]: TypeId, source })

/**
 * The range between two instants. For a filter on dates, such as `DATE_PARTITION`, also pass the
 * zone of the dates.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const year2024 = TimeRange.between(
 *   new Date("2024-01-01T00:00:00Z"),
 *   new Date("2025-01-01T00:00:00Z")
 * )
 * ```
 */
export const between = (start: Instant, end: Instant, zone?: string): TimeRange =>
  fromSource(Source.Between({ start, end, zone }))

/**
 * The range from the first instant of the local date `first` to the first instant of the local date
 * `end`, in an IANA zone. The first instant of a date is midnight. If the clocks skip midnight when
 * they go forward, the first instant is the end of the skipped time. A local day on which the
 * clocks change usually has 23 or 25 hours.
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
 * An ISO week in an IANA zone, from local midnight on Monday to local midnight on the next Monday.
 *
 * It is assumed that the vendor's weeks begin on Monday at local midnight in the building's zone.
 * The only documented example has such a week
 * (https://developers.innerspace.io/deprecated-api-2025-05-26/authentication-v1-deprecated).
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
 * A calendar month in an IANA zone.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const march = TimeRange.month("2024-03", "America/Chicago")
 * ```
 */
export const month = (month: IsoMonth, zone: string): TimeRange =>
  fromSource(Source.Month({ month, zone }))

/**
 * The last `count` whole periods before now, in an IANA zone. The current time is read from the
 * `Clock` when the query is built, so an app can keep one such `TimeRange` and use it every day. If
 * this `TimeRange` is resolved twice around midnight, the results can be two different ranges. To
 * read rows and make a series from them, call `resolve` once, and pass `TimeRange.between(start,
 * end)` to the query and to the series.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const lastFourWeeks = TimeRange.last(4, "P1W", "America/Chicago")
 * ```
 */
export const last = (
  count: number,
  granularity: Granularity.Granularity,
  zone: string
): TimeRange => fromSource(Source.Last({ count, granularity, zone }))

/**
 * The current local day in an IANA zone, from its first instant to the first instant of the next
 * day. A day on which the clocks change usually has 23 or 25 hours. The current time is read from
 * the `Clock` when the query is built.
 *
 * The values of a day are published in the following night. A query therefore finds no rows of
 * today, except in `zone_occupancy`, which is updated in real time. In a `Series`, the periods of
 * today are `NotPublished`. For days that are over, use `last`, such as `last(1, "P1D", zone)`.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const occupancyOfToday = { zone_id: 71101, date_time_start: TimeRange.today("America/Chicago") }
 * ```
 */
export const today = (zone: string): TimeRange =>
  fromSource(Source.Current({ granularity: "P1D", zone }))

/**
 * The current ISO week in an IANA zone, from local midnight on Monday to local midnight on the next
 * Monday. The current time is read from the `Clock` when the query is built.
 *
 * Rows of quarter hours, hours and days exist up to yesterday, so a query for them on a Monday, the
 * first day of the week, finds no rows. The row of the week itself (`P1W`) is published after the
 * last day of the week. For whole weeks, use `last(1, "P1W", zone)`.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const daysOfThisWeek = {
 *   GRANULARITY: "P1D",
 *   DATE_TIME_START: TimeRange.thisWeek("America/Chicago")
 * }
 * ```
 */
export const thisWeek = (zone: string): TimeRange =>
  fromSource(Source.Current({ granularity: "P1W", zone }))

/**
 * The current calendar month in an IANA zone. The current time is read from the `Clock` when the
 * query is built.
 *
 * Rows of quarter hours, hours and days exist up to yesterday. Weeks that are over have rows as
 * well. The row of the month itself (`P1M`) is published after the last day of the month. For whole
 * months, use `last(1, "P1M", zone)`.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const daysOfThisMonth = {
 *   GRANULARITY: "P1D",
 *   DATE_PARTITION: TimeRange.thisMonth("America/Chicago")
 * }
 * ```
 */
export const thisMonth = (zone: string): TimeRange =>
  fromSource(Source.Current({ granularity: "P1M", zone }))

/**
 * Resolves a range to instants. Fails with a `QueryError` (`InvalidRange`) for a date, week, month,
 * count or zone that is not valid, and for a range that does not end after its start.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const hours = Effect.map(
 *   TimeRange.resolve(TimeRange.dates("2024-03-10", "2024-03-11", "America/Chicago")),
 *   ({ start, end }) => (end.epochMillis - start.epochMillis) / 3_600_000
 * ) // 23: clocks go forward
 * ```
 */
export const resolve = (range: TimeRange): Effect.Effect<Interval, QueryError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => resolveAt(range, now))

/**
 * `resolve` with a given current time, in epoch milliseconds, as an `Either`. Only `last`, `today`,
 * `thisWeek` and `thisMonth` depend on the current time.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const interval = TimeRange.resolveAt(TimeRange.last(1, "P1D", "UTC"), Date.UTC(2024, 0, 2, 12))
 * ```
 */
export const resolveAt = (range: TimeRange, now: number): Either.Either<Interval, QueryError> =>
  Either.flatMap(instants(range.source, now), ([start, end]) =>
    start < end
      ? Either.right({ start: DateTime.unsafeMake(start), end: DateTime.unsafeMake(end) })
      : Either.left(
          invalidRange(
            `Time range ends at ${formatInstant(end)}, which is not after its start ${formatInstant(start)}`,
            "Put the earlier instant first; the end is exclusive"
          )
        )
  )

/**
 * Divides a range into periods of a granularity, in an IANA zone. The periods are in order and have
 * no gaps or overlaps. If the range begins or ends within a period, this period is shortened.
 *
 * Days, weeks and months begin with the first instant of their first date. Hours and quarter hours
 * begin when the wall clock shows a full hour or quarter hour, so an hour in which the clocks
 * change by half an hour is longer.
 *
 * Fails with a `QueryError` (`InvalidRange`) in the same cases as `resolve`, for a zone or
 * granularity that does not exist, and for more than a million periods.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const march = TimeRange.month("2024-03", "America/Chicago")
 * const days = TimeRange.buckets(march, "P1D", "America/Chicago")
 * const count = Effect.map(days, (days) => days.length) // 31
 * ```
 */
export const buckets = (
  range: TimeRange,
  granularity: Granularity.Granularity,
  zone: string
): Effect.Effect<ReadonlyArray<Interval>, QueryError> =>
  Effect.flatMap(Effect.all([resolve(range), namedZone(zone)]), ([{ start, end }, zone]) =>
    Granularity.isGranularity(granularity) &&
    (end.epochMillis - start.epochMillis) / shortestMillis[granularity] <= maxPieces
      ? Effect.succeed(
          intervalsBetween([
            start.epochMillis,
            ...calendar.boundaries(start.epochMillis, end.epochMillis, granularity, zone),
            end.epochMillis
          ])
        )
      : Effect.fail(
          invalidRange(
            `The time range cannot be divided into periods of ${shorten(granularity)}`,
            `Pass one of ${Granularity.all.join(", ")}, and a range of at most ${maxPieces} periods`
          )
        )
  )

/** The shortest length of each period. */
const shortestMillis = {
  PT15M: 900_000,
  PT1H: 3_600_000,
  P1D: 23 * 3_600_000,
  P1W: 167 * 3_600_000,
  P1M: 671 * 3_600_000
}

/**
 * Splits a range into pieces of the given duration, in order. The last piece may be shorter.
 *
 * Fails with a `QueryError` (`InvalidRange`) in the same cases as `resolve`, for a duration below a
 * millisecond, and for more than a million pieces.
 *
 * @example
 * ```ts
 * import { TimeRange } from "@innerspace-metrics/core"
 *
 * const pieces = TimeRange.split(TimeRange.month("2024-03", "America/Chicago"), "7 days")
 * ```
 */
export const split = (
  range: TimeRange,
  size: Duration.DurationInput
): Effect.Effect<ReadonlyArray<Interval>, QueryError> =>
  Effect.flatMap(resolve(range), ({ start, end }) => {
    const step = Option.match(Duration.decodeUnknown(size), {
      onNone: () => Number.NaN,
      onSome: Duration.toMillis
    })
    const count = Math.ceil((end.epochMillis - start.epochMillis) / step)
    if (!(step >= 1) || count > maxPieces) {
      return Effect.fail(
        invalidRange(
          `A time range cannot be split into pieces of ${shorten(size)}`,
          `Pass a duration of at least a millisecond, such as "7 days", that gives at most ${maxPieces} pieces`
        )
      )
    }
    const edges = [start.epochMillis]
    for (let at = start.epochMillis + step; at < end.epochMillis; at += step) edges.push(at)
    return Effect.succeed(intervalsBetween([...edges, end.epochMillis]))
  })

/**
 * A million quarter hours are 28 years. If there are more pieces, the caller has probably used a
 * wrong unit.
 */
const maxPieces = 1_000_000

const intervalsBetween = (edges: ReadonlyArray<number>): ReadonlyArray<Interval> =>
  edges.slice(1).map((end, index) => ({
    // The start of each interval is the edge before its end.
    start: DateTime.unsafeMake(edges[index] ?? end),
    end: DateTime.unsafeMake(end)
  }))

const instants = (
  source: Source,
  now: number
): Either.Either<readonly [start: number, end: number], QueryError> => {
  switch (source._tag) {
    case "Between": {
      const ends = () => Either.all([instant(source.start, "start"), instant(source.end, "end")])
      // The first lookup of a zone took 15 to 30 ms of CPU time on Node 20, because the runtime
      // then loads its rules of time zones. Two instants alone need no zone.
      // JavaScript callers can also pass null.
      const zone = source.zone ?? undefined
      return zone === undefined ? ends() : Either.flatMap(namedZone(zone), ends)
    }
    case "Dates":
      return Either.flatMap(
        Either.all([namedZone(source.zone), calendarDate(source.first), calendarDate(source.end)]),
        ([zone, first, end]) => Either.all([startOfDate(first, zone), startOfDate(end, zone)])
      )
    case "Week":
      return Either.flatMap(
        Either.all([namedZone(source.zone), isoWeek(source.week)]),
        ([zone, monday]) =>
          Either.all([
            startOfDate(monday, zone),
            startOfDate(monday + 7 * calendar.dayMillis, zone)
          ])
      )
    case "Month":
      return Either.flatMap(
        Either.all([namedZone(source.zone), isoMonth(source.month)]),
        ([zone, [first, end]]) => Either.all([startOfDate(first, zone), startOfDate(end, zone)])
      )
    case "Last":
      return Number.isSafeInteger(source.count) &&
        source.count > 0 &&
        Granularity.isGranularity(source.granularity)
        ? periods(source, now, -source.count, 0)
        : Either.left(
            invalidRange(
              `The last ${shorten(source.count)} periods of ${shorten(source.granularity)} are not a time range`,
              `Pass a whole number above 0 and one of ${Granularity.all.join(", ")}`
            )
          )
    case "Current":
      return periods(source, now, 0, 1)
  }
}

/**
 * The time from the start of period `from` to the start of period `to`. Period 0 is the current
 * period.
 */
const periods = (
  { granularity, zone }: Pick<Data.TaggedEnum.Value<Source, "Last">, "granularity" | "zone">,
  now: number,
  from: number,
  to: number
): Either.Either<readonly [start: number, end: number], QueryError> =>
  Either.flatMap(namedZone(zone), (zone) =>
    Either.fromOption(
      Option.all([
        calendar.periodStart(now, granularity, zone, from),
        calendar.periodStart(now, granularity, zone, to)
      ]),
      () => outOfRange(`A range of ${to - from} periods of ${granularity}`)
    )
  )

/**
 * Converts an instant to epoch milliseconds. JavaScript callers can also pass strings and numbers,
 * which are rejected. The zone of a string and the unit of a number could only be guessed, and
 * after a wrong guess, a query would return rows of another time.
 */
const instant = (value: unknown, end: string): Either.Either<number, QueryError> =>
  Either.fromOption(instantOf(value), () =>
    invalidRange(
      `The ${end} of the time range is not an instant: ${shorten(value)}`,
      "Pass a DateTime or a valid Date; for local dates use TimeRange.dates, and for a Temporal.Instant new Date(instant.epochMilliseconds)"
    )
  )

/**
 * The name of a zone with its area, such as `America/Chicago`, or UTC. The runtime knows
 * abbreviations too, but several zones share an abbreviation. The runtime reads BST as Bangladesh,
 * CST as Chicago, and EST as a zone whose clocks never change.
 */
const fullName = /^(?!systemv)[a-z_]+\/|^utc$/i

const namedZone = (id: unknown): Either.Either<calendar.Zone, QueryError> =>
  Either.fromOption(
    typeof id === "string" && fullName.test(id) ? DateTime.zoneMakeNamed(id) : Option.none(),
    () =>
      invalidRange(
        `${shorten(id)} is not the full name of a time zone that this runtime knows`,
        "Use UTC or a name of the IANA database, such as America/Chicago"
      )
  )

const calendarDate = (text: unknown): Either.Either<number, QueryError> =>
  Either.fromOption(Option.flatMap(textOption(text), calendar.parseDate), () =>
    invalidRange(
      `${shorten(text)} is not a calendar date`,
      "Write dates as YYYY-MM-DD, for example 2024-01-31"
    )
  )

const textOption = (value: unknown): Option.Option<string> =>
  typeof value === "string" ? Option.some(value) : Option.none()

const isoMonth = (
  text: unknown
): Either.Either<readonly [first: number, end: number], QueryError> =>
  Either.fromOption(Option.flatMap(textOption(text), calendar.parseMonth), () =>
    invalidRange(`${shorten(text)} is not a month`, "Write months as YYYY-MM, for example 2024-03")
  )

const isoWeek = (text: unknown): Either.Either<number, QueryError> =>
  Either.fromOption(Option.flatMap(textOption(text), calendar.parseWeek), () =>
    invalidRange(
      `${shorten(text)} is not an ISO week`,
      "Write weeks as YYYY-Www, from W01 to W52 or W53, for example 2024-W01"
    )
  )

const startOfDate = (date: number, zone: calendar.Zone): Either.Either<number, QueryError> =>
  Either.fromOption(calendar.startOfDate(date, zone), () =>
    outOfRange(`The start of ${calendar.formatDate(date)} in ${zone.id}`)
  )

const outOfRange = (what: string): QueryError =>
  invalidRange(`${what} cannot be computed`, "Use TimeRange.between with instants")

const invalidRange = (problem: string, hint: string): QueryError =>
  new QueryError({ reason: "InvalidRange", problem, hint })
