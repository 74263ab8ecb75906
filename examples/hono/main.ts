/**
 * A Hono server with Effect. One runtime holds the client. An aborted request interrupts its fiber.
 */
import { serve } from "@hono/node-server"
import { MetricsClient, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { Hono } from "hono"

const runtime = ManagedRuntime.make(NodeMetrics.layerConfig())

const latest = (building_id: number) =>
  Effect.gen(function* () {
    const metrics = yield* MetricsClient.MetricsClient
    return yield* metrics.query(
      Query.from(building_metrics, {
        select: ["date_time_start", "metric_value"],
        where: {
          building_id,
          metric_name: "occupancy_mean",
          granularity: "PT1H",
          group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
          date_time_start: TimeRange.dates("2024-03-04", "2024-03-05", "America/Chicago")
        },
        orderBy: { date_time_start: "asc" }
      })
    )
  })

const app = new Hono()

app.get("/buildings/:id/latest", (context) =>
  runtime.runPromise(
    latest(Number(context.req.param("id"))).pipe(
      Effect.map((rows) => context.json(rows)),
      Effect.catchTag("QueryError", (error) =>
        Effect.succeed(context.json({ error: error.problem }, 400))
      ),
      Effect.catchAll((error) => {
        if (error.retryAfter !== undefined) {
          context.header("Retry-After", String(Math.ceil(Duration.toSeconds(error.retryAfter))))
        }
        return Effect.as(
          Effect.logError(error.message),
          context.json({ error: error.reason }, error.isRetryable ? 503 : 502)
        )
      })
    ),
    { signal: context.req.raw.signal }
  )
)

const server = serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 3000) }, ({ port }) =>
  console.log(`http://localhost:${port}/buildings/71/latest`)
)

process.once("SIGTERM", () => {
  server.close(() => void runtime.dispose())
})
