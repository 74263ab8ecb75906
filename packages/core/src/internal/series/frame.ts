/** Makes buckets from options and placed rows. */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Granularity } from "../../Granularity.js"
import { isRecord } from "../../JsonValue.js"
import type { Metric } from "../../Metric.js"
import { QueryError } from "../../MetricsError.js"
import type { Bucket } from "../../Series.js"
import { SeriesError } from "../../SeriesError.js"
import * as TimeRange from "../../TimeRange.js"
import { shorten } from "../shorten.js"
import type { Instant } from "../time/instant.js"
import { instantOf } from "../time/instant.js"
import { gap, measured } from "./bucket.js"
import { type Frame, makeFrame, type Placed } from "./placeRows.js"
import { publishedUntil } from "./publication.js"

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
        // TimeRange.buckets has accepted the zone.
        makeFrame(periods, granularity, DateTime.zoneUnsafeMakeNamed(zone))
      )
    : Effect.fail(
        new SeriesError({
          reason: "InvalidValue",
          problem: `metric is ${shorten(metric)}, which is not a metric`,
          hint: "Pass one of Metric.known, such as Metric.known.occupancy_mean"
        })
      )

/** JavaScript can pass a name as well, which does not say how its values combine. */
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
