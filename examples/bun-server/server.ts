/**
 * A server for Bun. `bun server.ts` serves the default export, as `Bun.serve` does. The credentials
 * come from the environment, which Bun also reads from a file `.env`.
 */
import { MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"

// Create the client once for the whole server: each client has its own token and connections.
const metrics = createMetricsClient()

const lastWeek = async (request: Request): Promise<Response> => {
  try {
    const rows = await metrics.query(
      Query.from(building_metrics, {
        select: ["date_time_start", "metric_value"],
        where: {
          building_id: 71,
          metric_name: "occupancy_max",
          granularity: "P1D",
          group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
          date_time_start: TimeRange.last(7, "P1D", "America/Chicago")
        },
        orderBy: { date_time_start: "asc" }
      }),
      // If the browser disconnects, the call ends too.
      { signal: request.signal }
    )
    return Response.json(rows)
  } catch (error) {
    if (!MetricsError.isMetricsError(error)) throw error
    console.error(error.message)
    return Response.json({ error: error.reason }, { status: error.isRetryable ? 503 : 502 })
  }
}

export default {
  port: Number(process.env["PORT"] ?? 3000),
  // The time limit of a connection without data, in seconds. A call can take up to its deadline of
  // one minute, and Bun's default is 10 seconds.
  idleTimeout: 120,
  fetch: lastWeek
}
