/**
 * A Cloudflare Worker. The requests to the Worker share one client. Each call has its own timers
 * and connections, and only the token is shared. `wrangler secret put` stores the credentials.
 */
import { MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"

interface Env {
  readonly INNERSPACE_CLIENT_ID: string
  readonly INNERSPACE_CLIENT_SECRET: string
  /** The address of a sandbox, in place of the address of the API. */
  readonly INNERSPACE_BASE_URL?: string
}

const clientOf = (env: Env) =>
  createMetricsClient({
    clientId: env.INNERSPACE_CLIENT_ID,
    clientSecret: env.INNERSPACE_CLIENT_SECRET,
    api: "v1",
    ...(env.INNERSPACE_BASE_URL === undefined ? {} : { baseUrl: env.INNERSPACE_BASE_URL })
  })

let metrics: ReturnType<typeof clientOf> | undefined

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    metrics ??= clientOf(env)
    try {
      const rows = await metrics.query(
        Query.from(building_metrics, {
          select: ["date_time_start", "metric_value"],
          where: {
            building_id: 71,
            metric_name: "occupancy_max",
            granularity: "P1D",
            group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
            date_time_start: TimeRange.month("2024-03", "America/Chicago")
          },
          orderBy: { date_time_start: "asc" }
        }),
        { signal: request.signal }
      )
      return Response.json(rows)
    } catch (error) {
      if (!MetricsError.isMetricsError(error)) throw error
      console.error(error.message)
      return Response.json({ error: error.reason }, { status: error.isRetryable ? 503 : 502 })
    }
  }
}
