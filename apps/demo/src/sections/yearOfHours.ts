/**
 * Reads every zone of the building by hour, for a year. The section first shows the plan of the
 * stream. It then adds up the rows of the stream, one sum per zone.
 */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { zone_metrics } from "@innerspace-metrics/core/v1"
import { ZONE_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Backend } from "../Backend.js"
import { buildingId, everybody, timeZone, zoneIds } from "../building.js"
import { table } from "../pictures/table.js"
import { showProgress } from "../progress.js"
import { NothingToShow } from "../section.js"

const year = TimeRange.dates("2024-01-01", "2025-01-01", timeZone)

const hours = Query.from(zone_metrics, {
  operationName: "year_of_hours",
  select: ["zone_id", "metric_value"],
  where: {
    zone_id: zoneIds,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: everybody.v1,
    date_time_start: year
  }
})

const insights = (version: "v1.5" | "v2") =>
  Query.from(ZONE_INSIGHTS, {
    operationName: "year_of_hours",
    select: ["ZONE_ID", "OCCUPANCY_MEAN"],
    where: {
      BUILDING_ID: buildingId,
      ZONE_ID: zoneIds,
      GROUP_ID: everybody[version],
      GRANULARITY: "PT1H",
      DATE_TIME_START: year
    }
  })

/**
 * An hour of a zone. The generations of the API have different names for the columns of such a row.
 */
interface Hour {
  readonly zone: number
  readonly value: number | null
}

const options: Streaming.Options = { window: "14 days", pageSize: 5_000 }

export const yearOfHours = Effect.gen(function* () {
  const { api } = yield* Backend
  const metrics = yield* MetricsClient.MetricsClient
  const plan = yield* api.version === "v1"
    ? metrics.plan(hours, options)
    : metrics.plan(insights(api.version), options)
  yield* Console.log(
    `Plan (nothing sent yet): ${plan.windows.length} windows, at most ${plan.rowsAtMost?.toLocaleString("en") ?? "?"} rows in ${plan.requestsAtLeast} to ${plan.requestsAtMost ?? "?"}\nrequests.`
  )
  const withProgress = { ...options, onProgress: yield* showProgress }
  const zones = yield* sumByZone(
    api.version === "v1"
      ? Stream.map(
          metrics.stream(hours, withProgress),
          (row): Hour => ({ zone: row.zone_id, value: row.metric_value })
        )
      : Stream.map(
          metrics.stream(insights(api.version), withProgress),
          (row): Hour => ({ zone: row.ZONE_ID, value: row.OCCUPANCY_MEAN })
        )
  )
  if (zones.size === 0) {
    return yield* new NothingToShow({ message: "The response has no rows." })
  }
  yield* Console.log(
    table(
      [
        { heading: "zone" },
        { heading: "hours", align: "right" },
        { heading: "people, mean of all hours", align: "right" },
        { heading: "of the fullest hour", align: "right" }
      ],
      Array.from(zones, ([zone, { count, largest, sum }]) => [
        String(zone),
        count.toLocaleString("en"),
        (sum / Math.max(count, 1)).toFixed(2),
        largest.toFixed(2)
      ])
    )
  )
})

interface Sum {
  count: number
  sum: number
  largest: number
}

/**
 * Adds up the rows of each zone. Keeps only the sums, so memory does not grow with the number of
 * rows.
 */
const sumByZone = (
  hours: Stream.Stream<Hour, CallError>
): Effect.Effect<ReadonlyMap<number, Readonly<Sum>>, CallError> =>
  Stream.runFold(hours, new Map<number, Sum>(), (zones, { value, zone }) => {
    if (value === null) return zones
    const sum = zones.get(zone) ?? { count: 0, sum: 0, largest: 0 }
    sum.count++
    sum.sum += value
    sum.largest = Math.max(sum.largest, value)
    return zones.set(zone, sum)
  })
