/**
 * The queries of the app as a service. Other code of the app uses only this service, and does not
 * need to know tables and columns.
 */
import { MetricsClient, type MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

export interface Day {
  readonly start: DateTime.Utc
  /** The largest number of people, or null if nothing was measured. */
  readonly peak: number | null
}

export class Occupancy extends Context.Tag("Occupancy")<
  Occupancy,
  {
    readonly days: (
      building: number,
      month: TimeRange.IsoMonth
    ) => Effect.Effect<ReadonlyArray<Day>, MetricsError.CallError>
  }
>() {}

export const peaks = (building_id: number, month: TimeRange.IsoMonth) =>
  Query.from(building_metrics, {
    select: ["date_time_start", "metric_value"],
    where: {
      building_id,
      metric_name: "occupancy_max",
      granularity: "P1D",
      group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
      date_time_start: TimeRange.month(month, "America/Chicago")
    },
    orderBy: { date_time_start: "asc" }
  })

export const layer = Layer.effect(
  Occupancy,
  Effect.map(MetricsClient.MetricsClient, (metrics) => ({
    days: (building: number, month: TimeRange.IsoMonth) =>
      Effect.map(metrics.query(peaks(building, month)), (rows) =>
        rows.map(({ date_time_start, metric_value }) => ({
          start: date_time_start,
          peak: metric_value
        }))
      )
  }))
)
