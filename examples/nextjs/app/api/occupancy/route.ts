/**
 * A route handler of Next.js: `app/api/occupancy/route.ts`. It is a function from a `Request` to a
 * `Response`, so other frameworks can use the same file.
 */
import { MetricsError, type TimeRange } from "@innerspace-metrics/core"
import { daysOf } from "./days"

// On Node, all calls share the client's connections. On the edge runtime, each call has its own
// connection.
export const runtime = "nodejs"

const isMonth = (text: string | null): text is TimeRange.IsoMonth =>
  text !== null && /^\d{4}-\d{2}$/.test(text)

export const GET = async (request: Request): Promise<Response> => {
  const month = new URL(request.url).searchParams.get("month")
  if (!isMonth(month)) {
    return Response.json({ error: "Pass a month, such as ?month=2024-03" }, { status: 400 })
  }
  try {
    const days = await daysOf(month, request.signal)
    // Values change once a night, so the browser may keep the response for an hour. Next.js does
    // not cache the route, because the request has a query string.
    return Response.json(days, { headers: { "cache-control": "private, max-age=3600" } })
  } catch (error) {
    if (!MetricsError.isMetricsError(error)) throw error
    console.error(error.message)
    const status = error._tag === "QueryError" ? 400 : error.isRetryable ? 503 : 502
    return Response.json({ error: error.reason }, { status })
  }
}
