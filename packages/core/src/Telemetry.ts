/**
 * Counters of token requests, retries, replays (requests that were sent again with a new token) and
 * merged queries. Without a metrics exporter, each counter costs only an addition.
 *
 * Spans need no module: they go to the `Tracer` that the app provides.
 */
import * as Metric from "effect/Metric"

/**
 * Attempts to get an access token: `innerspace.client.token.requests`.
 *
 * @example
 * ```ts
 * import { Telemetry } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 * import * as Metric from "effect/Metric"
 *
 * const count = Effect.map(Metric.value(Telemetry.tokenRequests), (state) => state.count)
 * ```
 */
export const tokenRequests: Metric.Metric.Counter<number> = Metric.counter(
  "innerspace.client.token.requests",
  { description: "Attempts to get an access token", incremental: true }
)

/**
 * Attempts of a call after its first attempt: `innerspace.client.retries`.
 *
 * @example
 * ```ts
 * import { Telemetry } from "@innerspace-metrics/core"
 * import * as Metric from "effect/Metric"
 *
 * const retries = Metric.value(Telemetry.retries)
 * ```
 */
export const retries: Metric.Metric.Counter<number> = Metric.counter("innerspace.client.retries", {
  description: "Attempts after the first of a call",
  incremental: true
})

/**
 * Calls that were not retried because the client's retry budget was used up:
 * `innerspace.client.retries.refused`. While this counter grows, most calls fail.
 *
 * @example
 * ```ts
 * import { Telemetry } from "@innerspace-metrics/core"
 * import * as Metric from "effect/Metric"
 *
 * const refused = Metric.value(Telemetry.retriesRefused)
 * ```
 */
export const retriesRefused: Metric.Metric.Counter<number> = Metric.counter(
  "innerspace.client.retries.refused",
  {
    description: "Calls not retried because the retry budget was used up",
    incremental: true
  }
)

/**
 * Requests that were sent again with a new token after the API refused the old token:
 * `innerspace.client.replays`.
 *
 * @example
 * ```ts
 * import { Telemetry } from "@innerspace-metrics/core"
 * import * as Metric from "effect/Metric"
 *
 * const replays = Metric.value(Telemetry.replays)
 * ```
 */
export const replays: Metric.Metric.Counter<number> = Metric.counter("innerspace.client.replays", {
  description: "Requests sent again with a new token after the API rejected the old one",
  incremental: true
})

/**
 * Queries that were sent in the request of another query: `innerspace.client.queries.merged`.
 * `Effect.all(..., { batching: true })` merges queries in this way. Five queries in one request
 * count as four.
 *
 * @example
 * ```ts
 * import { Telemetry } from "@innerspace-metrics/core"
 * import * as Metric from "effect/Metric"
 *
 * const saved = Metric.value(Telemetry.mergedQueries)
 * ```
 */
export const mergedQueries: Metric.Metric.Counter<number> = Metric.counter(
  "innerspace.client.queries.merged",
  { description: "Queries merged into the request of another query", incremental: true }
)
