/**
 * Tests types that the compiler must infer, and code that it must reject. The compiler is the test,
 * so running this file proves little.
 */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import type * as Granularity from "@innerspace-metrics/core/Granularity"
import * as Metric from "@innerspace-metrics/core/Metric"
import type { QueryError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as Series from "@innerspace-metrics/core/Series"
import type { SeriesError } from "@innerspace-metrics/core/SeriesError"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features, building_metrics, zone_metrics } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"

const zone = "America/Chicago"

interface Row {
  readonly ZONE_ID: number
  readonly NAME: string
  readonly DATE_TIME_START: DateTime.Utc
  readonly OCCUPANCY_MEAN: number | null
  readonly PEOPLE_COUNT: bigint
  readonly details: { readonly a: 1 }
}

const rows: ReadonlyArray<Row> = []

const { known } = Metric

const options = {
  time: "DATE_TIME_START",
  value: "OCCUPANCY_MEAN",
  range: TimeRange.week("2024-W01", zone),
  zone,
  publishedUntil: DateTime.unsafeMake("2030-01-01T00:00:00Z")
} as const

/** Rows of v1, whose column does not name the metric. */
const longRows: ReadonlyArray<{ readonly at: DateTime.Utc; readonly metric_value: number }> = []

const series = <M extends Metric.Metric, G extends Granularity.Granularity>(
  metric: M,
  granularity: G
): Series.Series<M, G> => {
  const long = { ...options, time: "at", value: "metric_value" } as const
  return Effect.runSync(Series.fromRows(longRows, { ...long, metric, granularity }))
}

const mean = series(known.OCCUPANCY_MEAN, "PT1H")
const positive = series(known.OCCUPANCY_POS_MEAN, "PT1H")
const peak = series(known.OCCUPANCY_MAX, "PT1H")
const people = series(known.PEOPLE_COUNT, "PT1H")
const rooms = series(known.occupancy_mean_room, "PT1H")
const feature = series(known.weekly_frequency_dist, "P1D")
const week = series(known.OCCUPANCY_MEAN, "P1W")
const share = Metric.make("SHARE", {
  unit: "share",
  overTime: "max",
  overSpace: { weightedMean: "capacity" },
  source: "test"
})
const shares = new Map([[11, series(share, "P1D")]])
const unknownMetric: Series.Series<Metric.Metric, "PT1H"> = mean

describe("series that must compile", () => {
  it("series keep their metric and granularity as literals", () => {
    expectTypeOf(mean).toEqualTypeOf<Series.Series<Metric.KnownMetrics["OCCUPANCY_MEAN"], "PT1H">>()
    const fromRows = Series.fromRows(rows, {
      ...options,
      metric: known.OCCUPANCY_MEAN,
      granularity: "P1D"
    })
    expectTypeOf(fromRows).toEqualTypeOf<
      Effect.Effect<
        Series.Series<Metric.KnownMetrics["OCCUPANCY_MEAN"], "P1D">,
        SeriesError | QueryError
      >
    >()
    expectTypeOf(Series.rollUp(mean, "P1W")).toEqualTypeOf<
      Either.Either<Series.Series<Metric.KnownMetrics["OCCUPANCY_MEAN"], "P1W">, SeriesError>
    >()
    assert.strictEqual(mean.metric.name, "OCCUPANCY_MEAN")
  })

  it("pivots are keyed by the column's type", () => {
    const setting = { ...options, metric: known.OCCUPANCY_MEAN, granularity: "PT1H" } as const
    expectTypeOf<Effect.Effect.Success<ReturnType<typeof byId>>>().toEqualTypeOf<
      ReadonlyMap<number, typeof mean>
    >()
    const byId = () => Series.pivot(rows, { ...setting, by: "ZONE_ID", keys: [1] })
    expectTypeOf<Effect.Effect.Success<ReturnType<typeof byName>>>().toEqualTypeOf<
      ReadonlyMap<string, typeof mean>
    >()
    const byName = () => Series.pivot(rows, { ...setting, by: "NAME", notPermitted: ["a"] })
    assert.strictEqual(Effect.runSync(byId()).size + Effect.runSync(byName()).size, 2)
  })

  it("buckets narrow by their tag", () => {
    for (const bucket of mean.buckets) {
      if (bucket._tag === "Measured") expectTypeOf(bucket.value).toEqualTypeOf<number>()
      if (bucket._tag === "Zero") expectTypeOf(bucket.value).toEqualTypeOf<0>()
      if (bucket._tag === "NotPublished") expectTypeOf(bucket.value).toEqualTypeOf<null>()
      if (bucket.value !== null) {
        expectTypeOf(bucket._tag).toEqualTypeOf<"Measured" | "Zero">()
      }
    }
  })

  it("weights are required if the metric needs them, and optional if the metric is not known", () => {
    const minutes = Effect.runSync(Series.occupiedMinutes(mean, positive))
    Series.rollUp(positive, "P1D", minutes)
    Series.rollUp(unknownMetric, "P1D")
    Series.rollUp(unknownMetric, "P1D", minutes)
    Series.combine(shares, new Map([[11, 4]]))
    Series.combine(new Map([["a", unknownMetric]]))
  })

  it("known names of metrics complete, and any other is accepted", () => {
    const select = ["metric_value"] as const
    Query.from(building_metrics, { select, where: { metric_name: "occupancy_mean" } })
    Query.from(building_metrics, { select, where: { metric_name: ["dwell_mean"] } })
    Query.from(zone_metrics, { select, where: { metric_name: { _like: "occupancy%" } } })
    Query.from(BUILDING_INSIGHTS, {
      select: ["PEOPLE_COUNT"],
      where: { DATE_PARTITION: TimeRange.week("2024-W01", zone), PEOPLE_COUNT: { _gt: 10n } }
    })
  })
})

describe("series that must not compile", () => {
  const daily = { ...options, metric: known.OCCUPANCY_MEAN, granularity: "P1D" } as const
  const definition = { unit: "people", overTime: "sum", overSpace: "sum", source: "test" } as const
  // Only the compiler checks these functions. They are not called, because their calls make no
  // sense at run time.
  const refused: ReadonlyArray<() => unknown> = [
    // @ts-expect-error: people would count twice
    () => Series.rollUp(people, "P1D"),
    // @ts-expect-error: a feature is not a number
    () => Series.rollUp(feature, "P1W"),
    // @ts-expect-error: a mean of means needs its occupied minutes
    () => Series.rollUp(positive, "P1D"),
    // @ts-expect-error: weights must have the same granularity
    () => Series.rollUp(positive, "P1D", week),
    // @ts-expect-error: a mean over all minutes is weighted by time
    () => Series.rollUp(mean, "P1D", positive),
    // @ts-expect-error: a month does not consist of weeks
    () => Series.rollUp(week, "P1M"),
    // @ts-expect-error: not a coarser granularity
    () => Series.rollUp(mean, "PT1H"),
    // @ts-expect-error: a finer granularity
    () => Series.rollUp(mean, "PT15M"),
    // @ts-expect-error: P1Y is not a granularity
    () => Series.rollUp(mean, "P1Y"),
    // @ts-expect-error: a sum of peaks is not a peak
    () => Series.combine(new Map([[1, peak]])),
    // @ts-expect-error: occupied minutes of two spaces are different minutes
    () => Series.combine(new Map([[1, positive]])),
    // @ts-expect-error: a person in both spaces would count twice
    () => Series.combine(new Map([[1, people]])),
    // @ts-expect-error: the metric may be about one room or all rooms
    () => Series.combine(new Map([[1, rooms]])),
    // @ts-expect-error: shares need the capacities of their spaces
    () => Series.combine(shares),
    // @ts-expect-error: the capacities have keys of another type
    () => Series.combine(shares, new Map([["11", 4]])),
    // @ts-expect-error: two means over all minutes say nothing of occupied minutes
    () => Series.occupiedMinutes(mean, mean),
    // @ts-expect-error: the two series are in the wrong order
    () => Series.occupiedMinutes(positive, mean),
    // @ts-expect-error: a name is not a time
    () => Series.fromRows(rows, { ...daily, time: "NAME" }),
    // @ts-expect-error: a name is not a value
    () => Series.fromRows(rows, { ...daily, value: "NAME" }),
    // @ts-expect-error: an object is not a value
    () => Series.fromRows(rows, { ...daily, value: "details" }),
    // @ts-expect-error: no such column
    () => Series.fromRows(rows, { ...daily, value: "OCCUPANCY" }),
    // @ts-expect-error: a column of another metric
    () => Series.fromRows(rows, { ...daily, metric: known.OCCUPANCY_MAX }),
    // @ts-expect-error: the name of a metric is not the metric
    () => Series.fromRows(rows, { ...daily, metric: "OCCUPANCY_MEAN" }),
    // @ts-expect-error: not a granularity of the vendor's
    () => Series.fromRows(rows, { ...daily, granularity: "PT5M" }),
    // @ts-expect-error: an object cannot identify a series
    () => Series.pivot(rows, { ...daily, by: "details" }),
    // @ts-expect-error: keys are of the column's type
    () => Series.pivot(rows, { ...daily, by: "ZONE_ID", keys: ["1"] }),
    // @ts-expect-error: no such way to combine
    () => Metric.make("A", { ...definition, overTime: "mean" }),
    // @ts-expect-error: spaces are not weighted by time
    () => Metric.make("A", { ...definition, overSpace: { weightedMean: "duration" } }),
    // @ts-expect-error: a metric that a program defines needs a source
    () => Metric.make("A", { unit: "people", overTime: "sum", overSpace: "sum" }),
    // @ts-expect-error: not a known metric
    () => Metric.known.OCCUPANCY_MODE,
    // @ts-expect-error: a number is not a name
    () => Query.from(building_features, { select: ["feature_value"], where: { feature_name: 1 } })
  ]

  it("thirty-one wrong uses of series do not compile", () => {
    assert.lengthOf(refused, 31)
  })
})
