/**
 * Prints the spans and counters of the client. To send them to your backend, use an OTLP exporter
 * instead.
 */
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { MetricsClient, Query } from "@innerspace-metrics/core"
import { building_features, building_metrics } from "@innerspace-metrics/core/v1"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import { ConsoleMetricExporter, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics"
import { ConsoleSpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"

const Telemetry = NodeSdk.layer(() => ({
  resource: { serviceName: "occupancy-report" },
  spanProcessor: new SimpleSpanProcessor(new ConsoleSpanExporter()),
  metricReader: new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })
}))

const report = Effect.gen(function* () {
  const metrics = yield* MetricsClient.MetricsClient
  // Two queries are sent in one request.
  return yield* Effect.all(
    [
      metrics.query(
        Query.from(building_metrics, {
          select: ["metric_value"],
          where: {
            building_id: 71,
            metric_name: "occupancy_mean",
            granularity: "P1D",
            group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
          },
          limit: 7
        })
      ),
      metrics.query(
        Query.from(building_features, {
          select: ["feature_value"],
          where: { building_id: 71 },
          limit: 1
        })
      )
    ],
    { batching: true }
  )
}).pipe(Effect.withSpan("report"))

await report.pipe(
  Effect.provide(NodeMetrics.layerConfig()),
  Effect.provide(Telemetry),
  Effect.runPromise
)
