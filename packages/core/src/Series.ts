/**
 * Series: one value for each period of a range, and for each period without one the reason why.
 *
 * A series is a value. It is made from the rows of any query, and can be rolled up to longer
 * periods and combined over spaces as its metric allows.
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Granularity } from "./Granularity.js"
import * as combining from "./internal/series/combine.js"
import { bucketsOf, type Frame, frameOf, type Placed, untilOf } from "./internal/series/frame.js"
import { groupRows, placeRows } from "./internal/series/placeRows.js"
import * as Metric from "./Metric.js"
import type { QueryError } from "./MetricsError.js"
import type { PlainNumber } from "./Plain.js"
import type { SeriesError } from "./SeriesError.js"
import type * as TimeRange from "./TimeRange.js"

/**
 * The values of one metric, period by period: no gap, no overlap, in order.
 */
export interface Series<
  out M extends Metric.Metric = Metric.Metric,
  out G extends Granularity = Granularity
> {
  readonly metric: M
  readonly granularity: G
  /** Where periods begin at local midnight. */
  readonly zone: DateTime.TimeZone.Named
  readonly buckets: ReadonlyArray<Bucket>
}

/** One period: from `start` up to, and without, `end`. */
export type Bucket = Measured | Zero | Gap

/** A value that is not zero. */
export interface Measured extends TimeRange.Interval {
  readonly _tag: "Measured"
  readonly value: number
  /**
   * How much of the period the value stands for, above 0 and at most 1. Published values stand for
   * all of it.
   */
  readonly coverage: number
}

/** A measured zero. */
export interface Zero extends TimeRange.Interval {
  readonly _tag: "Zero"
  readonly value: 0
  readonly coverage: number
}

/** A period without a value. */
export interface Gap extends TimeRange.Interval {
  readonly _tag: GapReason
  readonly value: null
  readonly coverage: 0
}

/**
 * Why there is no value.
 *
 * - `NotPublished`: the period ends after the last published night
 * - `NotPermitted`: the caller may not see it
 * - `NotMeasured`: there is no row, or a row without a value (for metrics of occupied minutes:
 *   nobody was there)
 */
export type GapReason = "NotPublished" | "NotPermitted" | "NotMeasured"

/** What a column of values can hold. */
type Numeric = PlainNumber | bigint | BigDecimal.BigDecimal | null

/** Names of the columns that hold an instant. */
export type TimeColumn<Row> = {
  [K in keyof Row]: Row[K] extends TimeRange.Instant ? K : never
}[keyof Row] &
  string

/** Names of the columns that hold a number. */
export type ValueColumn<Row> = {
  [K in keyof Row]: Row[K] extends Numeric ? K : never
}[keyof Row] &
  string

/** Names of the columns that tell series apart. */
export type KeyColumn<Row> = {
  [K in keyof Row]: Row[K] extends Key ? K : never
}[keyof Row] &
  string

/** What tells one series from another. */
export type Key = string | number | bigint | boolean | null

/** What the compiler shows where it refuses something that has the right shape. */
export interface Refused<Why extends string> {
  readonly refused: Why
}

/** Nothing more, but where a column is that of a known metric, it must be this one. */
export type MetricOf<Value, M extends Metric.Metric> = Value extends keyof Metric.KnownMetrics
  ? Value extends M["name"]
    ? unknown
    : Refused<`${Value} is another metric than ${M["name"]}`>
  : unknown

/** How rows become a series. */
export interface Options<
  Row,
  Value extends ValueColumn<Row>,
  M extends Metric.Metric,
  G extends Granularity
> {
  /** The column that holds the start of the period. */
  readonly time: TimeColumn<Row>
  /** The column that holds the value. */
  readonly value: Value
  readonly metric: M & MetricOf<Value, M>
  /** The range of the query: whole periods. */
  readonly range: TimeRange.TimeRange
  readonly granularity: G
  /** IANA time zone of the building. */
  readonly zone: string
  /**
   * The instant up to which values have been published. Default: yesterday's local midnight, or
   * today's if a row shows that yesterday has been published. That is drawn from "published
   * nightly" (https://developers.innerspace.io/metrics-and-features); the hour is not documented.
   */
  readonly publishedUntil?: TimeRange.Instant
}

/**
 * The series of rows of one metric, one group and one space: rows of a `MetricsClient`, or plain
 * ones of a promise client.
 *
 * Fails with a `SeriesError` for two rows of one period, for a row outside of the range or not at
 * the start of a period, for a range that cuts a period, and for cells that are no instant or no
 * finite number; with a `QueryError` (`InvalidRange`) as `TimeRange.buckets` does.
 *
 * @example
 * ```ts
 * import { Metric, MetricsClient, Query, Series, TimeRange } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import * as Effect from "effect/Effect"
 *
 * const zone = "America/Chicago"
 * const range = TimeRange.month("2024-03", zone)
 *
 * const hours = Effect.gen(function* () {
 *   const metrics = yield* MetricsClient.MetricsClient
 *   const rows = yield* metrics.query(
 *     Query.from(building_metrics, {
 *       select: ["date_time_start", "metric_value"],
 *       where: {
 *         building_id: 71,
 *         metric_name: "occupancy_mean",
 *         granularity: "PT1H",
 *         group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
 *         date_time_start: range
 *       }
 *     })
 *   )
 *   return yield* Series.fromRows(rows, {
 *     time: "date_time_start",
 *     value: "metric_value",
 *     metric: Metric.known.occupancy_mean,
 *     range,
 *     granularity: "PT1H",
 *     zone
 *   })
 * })
 * ```
 */
export const fromRows = <
  Row,
  const Value extends ValueColumn<Row>,
  M extends Metric.Metric,
  G extends Granularity
>(
  rows: ReadonlyArray<Row>,
  options: Options<Row, Value, M, G> & {
    /**
     * The caller was refused this space, with `PermissionDenied`: periods without a row are
     * `NotPermitted`.
     */
    readonly notPermitted?: boolean
  }
): Effect.Effect<Series<M, G>, SeriesError | QueryError> =>
  Effect.gen(function* () {
    const frame = yield* frameOf(options)
    const placed = yield* placeRows(rows.entries(), options.time, options.value, frame)
    const until = yield* untilOf(options.publishedUntil, frame, [placed])
    const buckets = bucketsOf(frame, placed, until, options.notPermitted ?? false)
    return { ...aboutSeries(options, frame), buckets }
  })

/**
 * One series for each value of a column: for each zone, for each group. In the order of their first
 * rows, then of `keys` and `notPermitted`.
 *
 * Fails as `fromRows` does, and with a `SeriesError` (`InvalidKey`) for an object in the column.
 *
 * @example
 * ```ts
 * import { Metric, Series, TimeRange } from "@innerspace-metrics/core"
 * import type * as DateTime from "effect/DateTime"
 *
 * interface Row {
 *   readonly ZONE_ID: number
 *   readonly DATE_TIME_START: DateTime.Utc
 *   readonly OCCUPANCY_MEAN: number | null
 * }
 *
 * // Zone 13 has a series as well, if only of gaps.
 * const byZone = (rows: ReadonlyArray<Row>) =>
 *   Series.pivot(rows, {
 *     by: "ZONE_ID",
 *     keys: [11, 12, 13],
 *     time: "DATE_TIME_START",
 *     value: "OCCUPANCY_MEAN",
 *     metric: Metric.known.OCCUPANCY_MEAN,
 *     range: TimeRange.month("2025-05", "America/Chicago"),
 *     granularity: "P1D",
 *     zone: "America/Chicago"
 *   })
 * ```
 */
export const pivot = <
  Row,
  const Value extends ValueColumn<Row>,
  M extends Metric.Metric,
  G extends Granularity,
  By extends KeyColumn<Row>
>(
  rows: ReadonlyArray<Row>,
  options: Options<Row, Value, M, G> & {
    /** The column that tells the series apart. */
    readonly by: By
    /** Values of the column that get a series even without a row. */
    readonly keys?: ReadonlyArray<Row[By]>
    /**
     * Those that the caller was refused, with `PermissionDenied`: their periods without a row are
     * `NotPermitted`.
     */
    readonly notPermitted?: ReadonlyArray<Row[By]>
  }
): Effect.Effect<ReadonlyMap<Row[By], Series<M, G>>, SeriesError | QueryError> =>
  Effect.gen(function* () {
    const frame = yield* frameOf(options)
    const rowsByKey = yield* groupRows(rows, options.by)
    const notPermitted = new Set(options.notPermitted)
    for (const key of [...(options.keys ?? []), ...notPermitted]) {
      if (!rowsByKey.has(key)) rowsByKey.set(key, [])
    }
    const placedByKey = new Map<Row[By], Placed>()
    for (const [key, rows] of rowsByKey) {
      placedByKey.set(key, yield* placeRows(rows, options.time, options.value, frame))
    }
    const until = yield* untilOf(options.publishedUntil, frame, placedByKey.values())
    const series = new Map<Row[By], Series<M, G>>()
    for (const [key, placed] of placedByKey) {
      const buckets = bucketsOf(frame, placed, until, notPermitted.has(key))
      series.set(key, { ...aboutSeries(options, frame), buckets })
    }
    return series
  })

const aboutSeries = <M extends Metric.Metric, G extends Granularity>(
  { metric, granularity }: { readonly metric: M; readonly granularity: G },
  { zone }: Frame
) => ({ metric, granularity, zone })

/**
 * The granularities whose periods consist of whole periods of another. A month does not consist of
 * weeks.
 */
export interface Coarser {
  readonly PT15M: "PT1H" | "P1D" | "P1W" | "P1M"
  readonly PT1H: "P1D" | "P1W" | "P1M"
  readonly P1D: "P1W" | "P1M"
  readonly P1W: never
  readonly P1M: never
}

/** Nothing more where a metric can be combined over time, or is not known before run time. */
export type CombinableOverTime<M extends Metric.Metric> = [M["overTime"]] extends ["never"]
  ? Refused<`${M["name"]} cannot be combined over time: ask the API for the coarser granularity`>
  : unknown

/** Nothing more where a metric can be combined over space, or is not known before run time. */
export type CombinableOverSpace<M extends Metric.Metric> = [M["overSpace"]] extends ["never"]
  ? Refused<`${M["name"]} cannot be combined over space: ask the API for the larger space`>
  : unknown

/**
 * The weights that a roll-up needs: the occupied minutes, for metrics that leave empty minutes out.
 */
export type TimeWeights<M extends Metric.Metric, G extends Granularity> = Weights<
  M["overTime"],
  Metric.WeightedMean<"occupiedMinutes">,
  Series<Metric.Metric, G>
>

/** The weights that a combination of spaces needs: their capacities, for means that count them. */
export type SpaceWeights<M extends Metric.Metric, K> = Weights<
  M["overSpace"],
  Metric.WeightedMean<"capacity">,
  ReadonlyMap<K, number>
>

/**
 * Weights are asked for where they are needed, can be given where they may be, and have no place
 * elsewhere.
 */
type Weights<How, Weighted, Given> = [How] extends [Weighted]
  ? readonly [weights: Given]
  : Weighted extends How
    ? readonly [weights?: Given]
    : readonly []

/**
 * The series of longer periods, combined as the metric allows: means weighted by time, peaks as the
 * largest of peaks. A bucket is a whole period, and its coverage says how much of it was measured;
 * one without any value is a gap.
 *
 * Metrics of occupied minutes take a series of weights (see `occupiedMinutes`). What makes no sense
 * does not compile: a metric that cannot be combined over time, a mean without the weights it
 * needs, months of weeks.
 *
 * Where the metric is not known to the compiler, fails with a `SeriesError` (`NotCombinable`,
 * `NotCoarser`); with `InvalidWeight` and `DifferentBuckets` for weights that do not fit.
 *
 * @example
 * ```ts
 * import { Metric, Series } from "@innerspace-metrics/core"
 *
 * type Hours = Series.Series<typeof Metric.known.OCCUPANCY_MEAN, "PT1H">
 *
 * const days = (hours: Hours) => Series.rollUp(hours, "P1D")
 * ```
 */
export const rollUp = <M extends Metric.Metric, G extends Granularity, To extends Coarser[G]>(
  series: Series<M, G> & CombinableOverTime<M>,
  granularity: To,
  ...weights: TimeWeights<M, NoInfer<G>>
): Either.Either<Series<M, To>, SeriesError> =>
  Either.map(combining.overTime(series, granularity, weights[0]), (buckets) => ({
    metric: series.metric,
    granularity,
    zone: series.zone,
    buckets
  }))

/**
 * The series of several spaces together, combined as the metric allows. The spaces must not
 * overlap: floors of a building, not a floor and its rooms. The coverage of a bucket is the mean of
 * the spaces' coverages.
 *
 * A metric that cannot be combined over space does not compile: peaks do not add up, and people who
 * went from one floor to another would count twice. Where the metric is not known to the compiler,
 * fails with a `SeriesError` (`NotCombinable`); with `DifferentBuckets`, `InvalidWeight` and
 * `NoSeries` for series and weights that do not fit.
 *
 * @example
 * ```ts
 * import { Metric, Series } from "@innerspace-metrics/core"
 *
 * type Floors = ReadonlyMap<number, Series.Series<typeof Metric.known.OCCUPANCY_MEAN, "P1D">>
 *
 * const building = (floors: Floors) => Series.combine(floors)
 * ```
 */
export const combine = <K, M extends Metric.Metric, G extends Granularity>(
  spaces: ReadonlyMap<K, Series<M, G>> & CombinableOverSpace<M>,
  ...weights: SpaceWeights<M, NoInfer<K>>
): Either.Either<Series<M, G>, SeriesError> => combining.overSpace(spaces, weights[0])

/** Minutes in which somebody was there. */
export type OccupiedMinutes = Metric.Metric<"occupied_minutes", "sum", "never">

const occupied_minutes: OccupiedMinutes = Metric.make("occupied_minutes", {
  unit: "minutes",
  overTime: "sum",
  overSpace: "never",
  source: "the mean over all minutes, divided by that over occupied minutes"
})

/**
 * In how many minutes somebody was there, from two means of the same space: over all minutes and
 * over occupied ones. The weights with which the second can be rolled up.
 *
 * Fails with a `SeriesError` (`DifferentBuckets`) where the two are not of the same periods.
 *
 * @example
 * ```ts
 * import { Metric, Series } from "@innerspace-metrics/core"
 * import * as Either from "effect/Either"
 *
 * type Hours<Name extends keyof Metric.KnownMetrics> =
 *   Series.Series<Metric.KnownMetrics[Name], "PT1H">
 *
 * const days = (mean: Hours<"OCCUPANCY_MEAN">, positiveMean: Hours<"OCCUPANCY_POS_MEAN">) =>
 *   Either.flatMap(Series.occupiedMinutes(mean, positiveMean), (minutes) =>
 *     Series.rollUp(positiveMean, "P1D", minutes)
 *   )
 * ```
 */
export const occupiedMinutes = <G extends Granularity>(
  mean: Series<Metric.Metric<string, Metric.WeightedMean<"duration">>, G>,
  positiveMean: Series<Metric.Metric<string, Metric.WeightedMean<"occupiedMinutes">>, G>
): Either.Either<Series<OccupiedMinutes, G>, SeriesError> =>
  Either.map(combining.occupiedMinutes(mean, positiveMean), (buckets) => ({
    metric: occupied_minutes,
    granularity: mean.granularity,
    zone: mean.zone,
    buckets
  }))
