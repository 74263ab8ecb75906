/** A page of a Next.js app that only people who are signed in can see. */
import { MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { sessions } from "../auth/sessions"

export const runtime = "nodejs"

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

const signIn = () =>
  new Response(null, { status: 303, headers: { location: "/auth/login?returnTo=/week" } })

export const GET = async (request: Request): Promise<Response> => {
  const session = await sessions.session(request)
  if (session === undefined) return signIn()
  try {
    const rows = await session.metrics.query(week, { signal: request.signal })
    return new Response(
      `<h1>Most people at once</h1>
<ol>${rows.map((row) => `<li>${row.metric_value ?? "not measured"}</li>`).join("")}</ol>
<form method="post" action="/auth/logout"><button>Sign out</button></form>`,
      { headers: { "content-type": "text/html", "cache-control": "private, no-store" } }
    )
  } catch (error) {
    if (!MetricsError.isMetricsError(error)) throw error
    // The provider has ended the session.
    if (error.reason === "SignInRequired") return signIn()
    console.error(error.message)
    return Response.json({ error: error.reason }, { status: error.isRetryable ? 503 : 502 })
  }
}
