/** Months and periods in the time zone of a dataset. */
import type { Granularity } from "@innerspace-metrics/core/Granularity"
import type { QueryError } from "@innerspace-metrics/core/MetricsError"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"

/** A local calendar month. */
export interface Month {
  /** The year and the month, such as `2024-03`. */
  readonly name: string
  /** Epoch milliseconds. The end is exclusive. */
  readonly start: number
  readonly end: number
}

export const startOfDate = (
  date: TimeRange.LocalDate,
  zone: string
): Either.Either<number, QueryError> =>
  Either.map(
    // Only the start of the range is used, so any later date can be its end.
    TimeRange.resolveAt(TimeRange.dates(date, "9999-12-31", zone), 0),
    ({ start }) => start.epochMillis
  )

export const monthOf = (at: number, zone: string): Month => {
  const { month, year } = DateTime.toParts(DateTime.unsafeMakeZoned(at, { timeZone: zone }))
  return namedMonth(`${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`, zone)
}

/** A month whose name and time zone are known to be valid. */
export const namedMonth = (name: string, zone: string): Month => {
  // The caller got the name from `monthOf`, or checked it with `isMonth`.
  const range = TimeRange.month(name as TimeRange.IsoMonth, zone)
  return Either.match(TimeRange.resolveAt(range, 0), {
    // Not reachable, because the name and the zone are valid. NaN makes a month that contains no
    // instant.
    onLeft: () => ({ name, start: Number.NaN, end: Number.NaN }),
    onRight: ({ end, start }) => ({ name, start: start.epochMillis, end: end.epochMillis })
  })
}

export const isMonth = (name: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(name)

/** The months from one instant to another, both included. */
export const monthsBetween = (from: number, until: number, zone: string): ReadonlyArray<Month> => {
  const months: Array<Month> = []
  for (let month = monthOf(from, zone); month.start <= until; month = monthOf(month.end, zone)) {
    months.push(month)
  }
  return months
}

/**
 * The start of the period that contains an instant, or the instant itself if there is no
 * granularity.
 */
export const startOfPeriod = (
  at: number,
  granularity: Granularity | undefined,
  zone: string
): number =>
  granularity === undefined
    ? at
    : Either.match(TimeRange.resolveAt(TimeRange.last(1, granularity, zone), at), {
        onLeft: () => at,
        onRight: ({ end }) => end.epochMillis
      })

/** The end of the period that begins at an instant. */
export const endOfPeriod = (
  start: number,
  granularity: Granularity | undefined,
  zone: string
): number => {
  switch (granularity) {
    case undefined:
      return start + 1
    case "PT15M":
      return start + 900_000
    case "PT1H":
      return start + 3_600_000
    case "P1D":
      return endOf(TimeRange.today(zone), start)
    case "P1W":
      return endOf(TimeRange.thisWeek(zone), start)
    case "P1M":
      return endOf(TimeRange.thisMonth(zone), start)
  }
}

const endOf = (range: TimeRange.TimeRange, at: number): number =>
  Either.match(TimeRange.resolveAt(range, at), {
    onLeft: () => at + 1,
    onRight: ({ end }) => end.epochMillis
  })

/** The periods that begin and end between two instants. */
export const periods = (
  from: number,
  until: number,
  granularity: Granularity,
  zone: string
): Effect.Effect<ReadonlyArray<{ readonly start: number; readonly end: number }>, QueryError> =>
  from >= until
    ? Effect.succeed([])
    : Effect.map(
        TimeRange.buckets(
          TimeRange.between(DateTime.unsafeMake(from), DateTime.unsafeMake(until)),
          granularity,
          zone
        ),
        (buckets) =>
          buckets
            .map(({ end, start }) => ({ start: start.epochMillis, end: end.epochMillis }))
            .filter(
              ({ end, start }) =>
                startOfPeriod(start, granularity, zone) === start &&
                endOfPeriod(start, granularity, zone) <= end
            )
      )
