/** Makes the buckets of a series from the options and the rows. */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { Granularity } from "../../Granularity.js"
import { isRecord } from "../../JsonValue.js"
import type { Metric } from "../../Metric.js"
import { QueryError } from "../../MetricsError.js"
import type { Bucket } from "../../Series.js"
import { SeriesError } from "../../SeriesError.js"
import * as TimeRange from "../../TimeRange.js"
import { shorten } from "../shorten.js"
import * as calendar from "../time/calendar.js"
import { formatInstant, type Instant, instantOf } from "../time/instant.js"
import { isStart } from "../time/periods.js"
import { gap, measured } from "./bucket.js"

/** The periods of a series, in which rows are placed, with their zone and granularity. */
export interface Frame {
  readonly granularity: Granularity
  readonly zone: calendar.Zone
  readonly periods: ReadonlyArray<TimeRange.Interval>
  readonly start: number
  readonly end: number
  readonly indexByStart: ReadonlyMap<number, number>
}

/**
 * Makes the periods of a range. Fails if the range starts or ends within a period, because a row
 * describes a whole period.
 */
const makeFrame = (
  periods: ReadonlyArray<TimeRange.Interval>,
  granularity: Granularity,
  zone: calendar.Zone
): Either.Either<Frame, SeriesError> => {
  const start = periods[0]?.start.epochMillis ?? 0
  const end = periods[periods.length - 1]?.end.epochMillis ?? 0
  const cut = [start, end].find((at) => !isStart(at, granularity, zone))
  return cut === undefined
    ? Either.right({
        granularity,
        zone,
        periods,
        start,
        end,
        indexByStart: new Map(periods.map((period, index) => [period.start.epochMillis, index]))
      })
    : Either.left(
        new SeriesError({
          reason: "PartialPeriod",
          problem: `The range ${cut === start ? "begins" : "ends"} at ${formatInstant(cut)}, within a period of ${granularity} in ${zone.id}`,
          hint: "Pass a range of whole periods, and the zone of the building"
        })
      )
}

/**
 * The values of the rows, keyed by the index of their period. A value is null if the row has no
 * value.
 */
export type Placed = ReadonlyMap<number, number | null>

export const frameOf = ({
  granularity,
  metric,
  range,
  zone
}: {
  readonly range: TimeRange.TimeRange
  readonly granularity: Granularity
  readonly zone: string
  readonly metric: Metric
}): Effect.Effect<Frame, SeriesError | QueryError> =>
  isMetric(metric)
    ? Effect.flatMap(TimeRange.buckets(range, granularity, zone), (periods) =>
        // `TimeRange.buckets` has already checked the zone.
        makeFrame(periods, granularity, DateTime.zoneUnsafeMakeNamed(zone))
      )
    : Effect.fail(
        new SeriesError({
          reason: "InvalidValue",
          problem: `metric is ${shorten(metric)}, which is not a metric`,
          hint: "Pass one of Metric.known, such as Metric.known.occupancy_mean"
        })
      )

/**
 * Whether a value is a metric. JavaScript callers can also pass the name of a metric, but a name
 * does not contain the rules for combining values.
 */
const isMetric = (metric: unknown): boolean =>
  isRecord(metric) && "overTime" in metric && "overSpace" in metric

export const untilOf = (
  given: Instant | undefined,
  frame: Frame,
  placed: Iterable<Placed>
): Effect.Effect<number, QueryError> =>
  given === undefined
    ? Effect.map(Clock.currentTimeMillis, (now) => publishedUntil(now, frame, placed))
    : Effect.mapError(
        instantOf(given),
        () =>
          new QueryError({
            reason: "InvalidRange",
            problem: `publishedUntil is ${shorten(given)}, which is not an instant`,
            hint: "Pass a DateTime or a valid Date"
          })
      )

/**
 * The instant before which all values have been published. The values of a day are published in the
 * following night, at an hour that is not documented. The days before yesterday have therefore been
 * published. Yesterday counts as published if there is a row of yesterday or of today.
 */
const publishedUntil = (
  now: number,
  { periods, zone }: Frame,
  placed: Iterable<Placed>
): number => {
  const today = Option.getOrElse(calendar.periodStart(now, "P1D", zone, 0), () => now)
  const yesterday = Option.getOrElse(calendar.periodStart(now, "P1D", zone, -1), () => now)
  for (const rows of placed) {
    for (const index of rows.keys()) {
      const end = periods[index]?.end.epochMillis
      if (end !== undefined && end > yesterday) return today
    }
  }
  return yesterday
}

export const bucketsOf = (
  { periods }: Frame,
  placed: Placed,
  until: number,
  isRefused: boolean
): ReadonlyArray<Bucket> =>
  periods.map((period, index) => {
    const value = placed.get(index)
    if (typeof value === "number") return measured(period, value, 1)
    if (value === null) return gap(period, "NotMeasured")
    if (isRefused) return gap(period, "NotPermitted")
    return gap(period, period.end.epochMillis > until ? "NotPublished" : "NotMeasured")
  })
