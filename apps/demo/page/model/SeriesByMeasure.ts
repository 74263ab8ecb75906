/** Converts rows with both measures to series: one for each measure and key. */
import type { Granularity } from "@innerspace-metrics/core/Granularity"
import * as Metric from "@innerspace-metrics/core/Metric"
import type { QueryError } from "@innerspace-metrics/core/MetricsError"
import * as Series from "@innerspace-metrics/core/Series"
import type { SeriesError } from "@innerspace-metrics/core/SeriesError"
import type * as TimeRange from "@innerspace-metrics/core/TimeRange"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Place } from "./Place.js"
import type { Measure } from "./Selection.js"

/** A row with both measures. */
export interface MeasuredRow {
  /** The id of the floor or space. */
  readonly key: number
  readonly DATE_TIME_START: DateTime.Utc
  readonly OCCUPANCY_MAX: number | null
  readonly OCCUPANCY_MEAN: number | null
}

/** Options for making series from the rows of a panel. */
export interface Options {
  readonly keys: ReadonlyArray<number>
  readonly range: TimeRange.TimeRange
  readonly granularity: Granularity
  readonly place: Place
}

export type SeriesByMeasure = Readonly<Record<Measure, ReadonlyMap<number, Series.Series>>>

/** Makes one series for each key, even if the key has no row. */
export const pivot = (
  rows: ReadonlyArray<MeasuredRow>,
  { keys, range, granularity, place }: Options
): Effect.Effect<SeriesByMeasure, SeriesError | QueryError> => {
  const options = {
    by: "key",
    keys,
    time: "DATE_TIME_START",
    range,
    granularity,
    zone: place.building.zone,
    publishedUntil: place.freshness.until
  } as const
  return Effect.all({
    OCCUPANCY_MAX: Series.pivot(rows, {
      ...options,
      value: "OCCUPANCY_MAX",
      metric: Metric.known.OCCUPANCY_MAX
    }),
    OCCUPANCY_MEAN: Series.pivot(rows, {
      ...options,
      value: "OCCUPANCY_MEAN",
      metric: Metric.known.OCCUPANCY_MEAN
    })
  })
}
