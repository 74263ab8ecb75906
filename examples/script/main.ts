/** The smallest useful program. It prints twelve weeks of one building, and does not use Effect. */
import { MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_features } from "@innerspace-metrics/core/v1"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"

const weeks = Query.from(building_features, {
  select: ["date_time_start", "feature_value"],
  where: {
    building_id: 71,
    feature_name: "weekly_frequency_dist",
    granularity: "P1W",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.dates("2024-01-01", "2024-03-25", "America/Chicago")
  },
  orderBy: { date_time_start: "asc" }
})

await using metrics = createMetricsClient()
try {
  for (const { date_time_start, feature_value } of await metrics.query(weeks)) {
    console.log(date_time_start.toJSON(), JSON.stringify(feature_value))
  }
} catch (error) {
  if (!MetricsError.isMetricsError(error)) throw error
  console.error(error.message)
  process.exitCode = 1
}
