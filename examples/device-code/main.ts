/**
 * A native application without a browser, such as a command over SSH. The person enters a code on
 * any other device. With a token store, the next run needs no code.
 */
import { MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"

const {
  INNERSPACE_AUTH0_AUDIENCE = "",
  INNERSPACE_AUTH0_DOMAIN = "",
  INNERSPACE_AUTH0_NATIVE_CLIENT_ID = "",
  INNERSPACE_BASE_URL
} = process.env

await using metrics = createMetricsClient({
  ...(INNERSPACE_BASE_URL === undefined ? {} : { baseUrl: INNERSPACE_BASE_URL }),
  signIn: NodeTokenProvider.deviceCode({
    issuer: INNERSPACE_AUTH0_DOMAIN,
    clientId: INNERSPACE_AUTH0_NATIVE_CLIENT_ID,
    audience: INNERSPACE_AUTH0_AUDIENCE,
    onCode: ({ userCode, verificationUri }) =>
      console.error(`Open ${verificationUri} and enter ${userCode}`)
  })
})

const week = Query.from(building_metrics, {
  select: ["date_time_start", "metric_value"],
  where: {
    building_id: 72,
    metric_name: "occupancy_max",
    granularity: "P1D",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.week("2024-W10", "Europe/Berlin")
  },
  orderBy: { date_time_start: "asc" }
})

try {
  for (const { date_time_start, metric_value } of await metrics.query(week)) {
    console.log(date_time_start.toISOString(), metric_value ?? "not measured")
  }
} catch (error) {
  if (!MetricsError.isMetricsError(error)) throw error
  console.error(error.message)
  process.exitCode = 1
}
