/**
 * A route handler of Next.js: `app/api/occupancy/route.ts`. It is a function from a `Request` to a
 * `Response`, so other frameworks can use the same file.
 */
import { MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"

// On Node, all calls share the client's connections. On the edge runtime, each call has its own.
export const runtime = "nodejs"

const metrics = createMetricsClient()

const isMonth = (text: string | null): text is TimeRange.IsoMonth =>
  text !== null && /^\d{4}-\d{2}$/.test(text)

export const GET = async (request: Request): Promise<Response> => {
  const month = new URL(request.url).searchParams.get("month")
  if (!isMonth(month)) {
    return Response.json({ error: "Pass a month, such as ?month=2024-03" }, { status: 400 })
  }
  try {
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
      { signal: request.signal }
    )
    // Values change once a night. Because of the query string, Next.js does not cache the route.
    return Response.json(rows, { headers: { "cache-control": "private, max-age=3600" } })
  } catch (error) {
    if (!MetricsError.isMetricsError(error)) throw error
    console.error(error.message)
    const status = error._tag === "QueryError" ? 400 : error.isRetryable ? 503 : 502
    return Response.json({ error: error.reason }, { status })
  }
}
