/**
 * An Express server with one client for all requests. An aborted request cancels its call, and
 * errors become status codes.
 */
import { MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import * as Duration from "effect/Duration"
import express, { type ErrorRequestHandler } from "express"

// Create the client once for the whole server: each client has its own token and connections.
const metrics = createMetricsClient()

const isMonth = (text: unknown): text is TimeRange.IsoMonth =>
  typeof text === "string" && /^\d{4}-\d{2}$/.test(text)

const app = express()

app.get("/buildings/:id/occupancy", async (request, response) => {
  const { month } = request.query
  if (!isMonth(month)) {
    response.status(400).json({ error: "Pass a month, such as ?month=2024-03" })
    return
  }
  const left = new AbortController()
  response.on("close", () => left.abort())
  const rows = await metrics.query(
    Query.from(building_metrics, {
      select: ["date_time_start", "metric_value"],
      where: {
        building_id: Number(request.params.id),
        metric_name: "occupancy_mean",
        granularity: "P1D",
        group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
        date_time_start: TimeRange.month(month, "America/Chicago")
      },
      orderBy: { date_time_start: "asc" }
    }),
    { signal: left.signal }
  )
  response.json(rows)
})

/**
 * The status code of an error: 400 for a mistake of the caller, 503 for a transient failure, 502
 * for a failure that we must fix.
 */
const statusOf = (error: MetricsError.MetricsError): number => {
  if (error._tag === "QueryError") return 400
  return error.isRetryable ? 503 : 502
}

const onError: ErrorRequestHandler = (error, _request, response, next) => {
  if (!MetricsError.isMetricsError(error) || response.headersSent) return next(error)
  console.error(error.message)
  if (error.retryAfter !== undefined) {
    response.set("Retry-After", String(Math.ceil(Duration.toSeconds(error.retryAfter))))
  }
  response.status(statusOf(error)).json({ error: error.reason })
}
app.use(onError)

const server = app.listen(Number(process.env["PORT"] ?? 3000), () => {
  const address = server.address()
  const port = typeof address === "object" ? address?.port : address
  console.log(`http://localhost:${port}/buildings/71/occupancy?month=2024-03`)
})

process.once("SIGTERM", () => {
  server.close(() => void metrics.close())
  server.closeAllConnections()
})
