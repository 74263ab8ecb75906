/**
 * Series: one value for each period of a range, or the reason why the period has no value.
 *
 * A series is a readonly object, which is made from the rows of any query. A series can be rolled
 * up to longer periods and combined over spaces (buildings, floors or zones), if its metric allows
 * this.
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Granularity } from "./Granularity.js"
import * as combining from "./internal/series/combine.js"
import { bucketsOf, type Frame, frameOf, type Placed, untilOf } from "./internal/series/frame.js"
import { groupRows, placeRows } from "./internal/series/placeRows.js"
import type { Instant } from "./internal/time/instant.js"
import * as Metric from "./Metric.js"
import type { QueryError } from "./MetricsError.js"
import type { PlainNumber } from "./Plain.js"
import type { SeriesError } from "./SeriesError.js"
import type * as TimeRange from "./TimeRange.js"

/**
 * The values of one metric. Each period has one bucket. The buckets are in the order of time, and
 * each period begins where the previous period ends.
 */
export interface Series<
  out M extends Metric.Metric = Metric.Metric,
  out G extends Granularity = Granularity
> {
  readonly metric: M
  readonly granularity: G
  /** The IANA zone. Days, weeks and months begin at local midnight in this zone. */
  readonly zone: DateTime.TimeZone.Named
  readonly buckets: ReadonlyArray<Bucket>
}

/** One period, including `start` and excluding `end`. */
export type Bucket = Measured | Zero | Gap

/** A period with a value that is not zero. */
interface Measured extends TimeRange.Interval {
  readonly _tag: "Measured"
  readonly value: number
  /**
   * The share of the period that the value covers, above 0 and at most 1. A published value covers
   * the whole period.
   */
  readonly coverage: number
}

/** A period with the measured value zero. */
interface Zero extends TimeRange.Interval {
  readonly _tag: "Zero"
  readonly value: 0
  readonly coverage: number
}

/** A period without a value. */
interface Gap extends TimeRange.Interval {
  readonly _tag: GapReason
  readonly value: null
  readonly coverage: 0
}

/**
 * Why a period has no value.
 *
 * - `NotPublished`: the period ends after `publishedUntil`, so its value has not been published yet
 * - `NotPermitted`: the caller may not read the value
 * - `NotMeasured`: the row is missing or has no value. For a metric that leaves out empty minutes,
 *   the row has no value if nobody was present
 */
export type GapReason = "NotPublished" | "NotPermitted" | "NotMeasured"

/** The values that a column of numbers can have. */
type Numeric = PlainNumber | bigint | BigDecimal.BigDecimal | null

/** Names of the columns that hold an instant. */
type TimeColumn<Row> = {
  [K in keyof Row]: Row[K] extends Instant ? K : never
}[keyof Row] &
  string

/** Names of the columns that hold a number. */
type ValueColumn<Row> = {
  [K in keyof Row]: Row[K] extends Numeric ? K : never
}[keyof Row] &
  string

/** Names of the columns that can distinguish series. */
type KeyColumn<Row> = {
  [K in keyof Row]: Row[K] extends Key ? K : never
}[keyof Row] &
  string

/** The value that distinguishes one series from another. */
type Key = string | number | bigint | boolean | null

/**
 * A type that no value has. The compiler shows it, with the reason `Why`, when it rejects a metric.
 */
interface Refused<Why extends string> {
  readonly refused: Why
}

/** If the value column has the name of a known metric, the option `metric` must be this metric. */
type MetricOf<Value, M extends Metric.Metric> = Value extends keyof Metric.KnownMetrics
  ? Value extends M["name"]
    ? unknown
    : Refused<`${Value} is a different metric from ${M["name"]}`>
  : unknown

/** Options of `fromRows` and `pivot`. */
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
  /** The range of the query. It must consist of whole periods. */
  readonly range: TimeRange.TimeRange
  readonly granularity: G
  /** IANA time zone of the building. */
  readonly zone: string
  /**
   * The instant up to which values have been published. Default: the start of yesterday in the
   * zone, or the start of today if there is a row of yesterday. The default is inferred from
   * "published nightly" (https://developers.innerspace.io/metrics-and-features). The vendor does
   * not document the hour.
   */
  readonly publishedUntil?: Instant
}

/**
 * Makes a series from the rows of one metric, one group and one space. Accepts rows of a
 * `MetricsClient` and plain rows of a promise client.
 *
 * Fails with a `SeriesError` in these cases:
 *
 * - Two rows are in one period.
 * - A row is outside the range, or not at the start of a period.
 * - The range begins or ends within a period.
 * - A time is not an instant, or a value is not a finite number.
 *
 * Fails with a `QueryError` (`InvalidRange`) in the same cases as `TimeRange.buckets`.
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
     * Whether the API refused the query for this space with `PermissionDenied`. If true, periods
     * without a row are `NotPermitted`.
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
 * Makes one series for each value of a column, such as each zone or each group. The series are in
 * the order of their first rows. Series without rows follow, in the order of `keys` and then of
 * `notPermitted`.
 *
 * Fails in the same cases as `fromRows`, and with a `SeriesError` (`InvalidKey`) for an object in
 * the column.
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
 * // Zone 13 has a series even if it has no rows. Its periods are then gaps.
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
    /** The column that distinguishes the series. */
    readonly by: By
    /** Values of the column that get a series even without a row. */
    readonly keys?: ReadonlyArray<Row[By]>
    /**
     * Values of the column for which the API refused the query with `PermissionDenied`. In their
     * series, periods without a row are `NotPermitted`.
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
 * For each granularity, the granularities to which a series can be rolled up. A period of such a
 * granularity consists of whole periods of the series. Weeks cannot be rolled up to months, because
 * a month does not consist of whole weeks.
 */
interface Coarser {
  readonly PT15M: "PT1H" | "P1D" | "P1W" | "P1M"
  readonly PT1H: "P1D" | "P1W" | "P1M"
  readonly P1D: "P1W" | "P1M"
  readonly P1W: never
  readonly P1M: never
}

/** Rejects a metric that cannot be combined over time, if the metric is known at compile time. */
type CombinableOverTime<M extends Metric.Metric> = [M["overTime"]] extends ["never"]
  ? Refused<`${M["name"]} cannot be combined over time: query the coarser granularity`>
  : unknown

/** Rejects a metric that cannot be combined over space, if the metric is known at compile time. */
type CombinableOverSpace<M extends Metric.Metric> = [M["overSpace"]] extends ["never"]
  ? Refused<`${M["name"]} cannot be combined over space: query the larger space`>
  : unknown

/**
 * The weights that a roll-up needs. Metrics that leave out empty minutes need the occupied minutes.
 */
type TimeWeights<M extends Metric.Metric, G extends Granularity> = Weights<
  M["overTime"],
  Metric.WeightedMean<"occupiedMinutes">,
  Series<Metric.Metric, G>
>

/**
 * The weights that a combination of spaces needs. Means that are weighted by capacity need the
 * capacities of the spaces.
 */
type SpaceWeights<M extends Metric.Metric, K> = Weights<
  M["overSpace"],
  Metric.WeightedMean<"capacity">,
  ReadonlyMap<K, number>
>

/**
 * Weights are required if the metric needs weights. They are optional if the compiler does not know
 * whether the metric needs weights. Otherwise they are rejected.
 */
type Weights<How, Weighted, Given> = [How] extends [Weighted]
  ? readonly [weights: Given]
  : Weighted extends How
    ? readonly [weights?: Given]
    : readonly []

/**
 * Rolls a series up to longer periods, as the metric allows: means are weighted by time, and the
 * peak of a long period is the largest peak of its shorter periods. Each bucket is a whole period,
 * and its coverage is the share of the period that was measured. A period without any value is a
 * gap.
 *
 * Metrics that leave out empty minutes require a series of weights (see `occupiedMinutes`). The
 * compiler rejects a roll-up of a metric that cannot be combined over time, a roll-up without the
 * weights that the metric requires, and a roll-up of weeks to months.
 *
 * If the compiler does not know the metric, such a roll-up fails with a `SeriesError`
 * (`NotCombinable`, `NotCoarser`). Weights that do not match fail with `InvalidWeight` or
 * `DifferentBuckets`.
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
 * Combines the series of several spaces, as the metric allows. The spaces must not overlap: combine
 * the floors of a building, but not a floor and its rooms. The coverage of a bucket is the mean of
 * the coverages of the spaces.
 *
 * The compiler rejects a metric that cannot be combined over space. For example, the sum of peaks
 * is not a peak, and a sum of people counts includes a person on two floors twice. If the compiler
 * does not know the metric, the call fails with a `SeriesError` (`NotCombinable`). Series and
 * weights that do not match fail with `DifferentBuckets`, `InvalidWeight` or `NoSeries`.
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

/** Minutes in which somebody was present. */
type OccupiedMinutes = Metric.Metric<"occupied_minutes", "sum", "never">

const occupied_minutes: OccupiedMinutes = Metric.make("occupied_minutes", {
  unit: "minutes",
  overTime: "sum",
  overSpace: "never",
  source: "the mean over all minutes, divided by that over occupied minutes"
})

/**
 * Computes the minutes in which somebody was present, from two means of the same space: the mean
 * over all minutes and the mean over occupied minutes. The result is a series of weights, which a
 * roll-up of the mean over occupied minutes needs.
 *
 * Fails with a `SeriesError` (`DifferentBuckets`) if the two series do not have the same periods.
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
