/**
 * Writes the hours of a month as CSV to the standard output, row by row, and the progress to the
 * standard error.
 */

import { pipeline } from "node:stream/promises"
import { Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"

const hours = Query.from(building_metrics, {
  select: ["date_time_start", "group_id", "metric_value"],
  where: {
    building_id: 71,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.month("2024-03", "America/Chicago")
  }
})

/**
 * Formats a field by RFC 4180. An empty field means that the hour was not measured, and 0 means
 * that nobody came.
 */
const field = (value: string | number | null): string => {
  const text = value === null ? "" : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

await using metrics = createMetricsClient()

async function* lines() {
  yield "date_time_start,group_id,metric_value\r\n"
  const rows = metrics.stream(hours, {
    onProgress: ({ done, total }) => void process.stderr.write(`\r${done} of ${total} windows`)
  })
  for await (const { date_time_start, group_id, metric_value } of rows) {
    yield `${[date_time_start.toISOString(), group_id, metric_value].map(field).join(",")}\r\n`
  }
  process.stderr.write("\n")
}

await pipeline(lines, process.stdout, { end: false })
