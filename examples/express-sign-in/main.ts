/**
 * An Express app in which people sign in. Their tokens stay on the server, and each person sees
 * only the permitted data.
 */
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { createWebSessions } from "@innerspace-metrics/node-adapter/promise"
import express, { type ErrorRequestHandler } from "express"

const {
  APP_URL,
  INNERSPACE_AUTH0_AUDIENCE = "",
  INNERSPACE_AUTH0_DOMAIN = "",
  INNERSPACE_AUTH0_WEB_CLIENT_ID = "",
  INNERSPACE_AUTH0_WEB_CLIENT_SECRET = "",
  INNERSPACE_BASE_URL,
  // In production, set COOKIE_SECRET to one secret for all processes of the app.
  COOKIE_SECRET = crypto.randomUUID(),
  PORT = "3000"
} = process.env

const app = express()
const server = app.listen(Number(PORT))
await once(server, "listening")
// The server listens on a port, so its address is an object and not a path.
const { port } = server.address() as AddressInfo
const appUrl = APP_URL ?? `http://localhost:${port}`

const sessions = createWebSessions({
  issuer: INNERSPACE_AUTH0_DOMAIN,
  clientId: INNERSPACE_AUTH0_WEB_CLIENT_ID,
  clientSecret: INNERSPACE_AUTH0_WEB_CLIENT_SECRET,
  audience: INNERSPACE_AUTH0_AUDIENCE,
  cookieSecret: COOKIE_SECRET,
  appUrl,
  ...(INNERSPACE_BASE_URL === undefined ? {} : { baseUrl: INNERSPACE_BASE_URL })
})

// Serves /login, /callback and /logout.
app.use(sessions.handler)

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

app.get("/", async (request, response) => {
  const session = await sessions.session(request)
  if (session === undefined) return response.redirect("/login?returnTo=/")
  const rows = await session.metrics.query(week)
  response.send(`<h1>Most people at once</h1>
<ol>${rows.map((row) => `<li>${row.metric_value ?? "not measured"}</li>`).join("")}</ol>
<form method="post" action="/logout"><button>Sign out</button></form>`)
})

const onError: ErrorRequestHandler = (error, _request, response, next) => {
  if (!MetricsError.isMetricsError(error) || response.headersSent) return next(error)
  // The provider has ended the session.
  if (error.reason === "SignInRequired") return response.redirect("/login?returnTo=/")
  console.error(error.message)
  response.status(error.isRetryable ? 503 : 502).json({ error: error.reason })
}
app.use(onError)

console.log(`${appUrl}/`)

process.once("SIGTERM", () => {
  server.close(() => void sessions.close())
  server.closeAllConnections()
})
