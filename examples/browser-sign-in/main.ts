/**
 * A native application on the person's own machine. It opens the system's browser, in which the
 * person signs in.
 */
import { MetricsClient, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { NodeMetrics, NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const settings = Config.all({
  issuer: Config.string("INNERSPACE_AUTH0_DOMAIN"),
  clientId: Config.string("INNERSPACE_AUTH0_NATIVE_CLIENT_ID"),
  audience: Config.string("INNERSPACE_AUTH0_AUDIENCE"),
  baseUrl: Config.string("INNERSPACE_BASE_URL").pipe(Config.withDefault(undefined))
})

const MetricsLive = Layer.unwrapEffect(
  Effect.map(settings, ({ baseUrl, ...options }) =>
    NodeMetrics.layerSignIn(
      NodeTokenProvider.browser(options),
      baseUrl === undefined ? {} : { baseUrl }
    )
  )
)

const program = Effect.gen(function* () {
  const metrics = yield* MetricsClient.MetricsClient
  const rows = yield* metrics.query(
    Query.from(building_metrics, {
      select: ["date_time_start", "metric_value"],
      where: {
        building_id: 72,
        metric_name: "occupancy_max",
        granularity: "P1D",
        group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
        date_time_start: TimeRange.week("2024-W10", "Europe/Berlin")
      }
    })
  )
  yield* Effect.log(`${rows.length} days`)
})

await program.pipe(Effect.provide(MetricsLive), Effect.runPromise)
