/** The days of a month, for the route and for the page. Only the server loads this file. */
import { Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import type { Day } from "../../occupancy/monthOptions"

const metrics = createMetricsClient()

/**
 * Returns the days as JSON, so that a rendered page and a response of the route have the same rows.
 */
export const daysOf = async (
  month: TimeRange.IsoMonth,
  signal?: AbortSignal
): Promise<ReadonlyArray<Day>> => {
  const rows = await metrics.query(
    Query.from(building_metrics, {
      select: ["date_time_start", "metric_value"],
      where: {
        building_id: 71,
        metric_name: "occupancy_max",
        granularity: "P1D",
        group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
        date_time_start: TimeRange.month(month, "America/Chicago")
      },
      orderBy: { date_time_start: "asc" }
    }),
    signal === undefined ? {} : { signal }
  )
  return rows.map((row) => ({ ...row, date_time_start: row.date_time_start.toJSON() }))
}
