/**
 * The client with promises, for pages that do not use Effect.
 */
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as BrowserMetrics from "./BrowserMetrics.js"

/**
 * A client for a page or a worker.
 *
 * It connects at the first call. If the options are invalid, calls reject with a
 * `ConfigurationError`. Every other failure is a `MetricsError` too. Close the client when another
 * person signs in and the page is not loaded again.
 *
 * @example
 * ```ts
 * import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
 * import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
 * import { Query } from "@innerspace-metrics/core"
 * import { building_features } from "@innerspace-metrics/core/v1"
 *
 * declare const auth0: BrowserTokenProvider.Auth0Client
 *
 * const metrics = createMetricsClient({ token: BrowserTokenProvider.fromAuth0(auth0) })
 * const rows = await metrics.query(
 *   Query.from(building_features, {
 *     select: ["feature_value"],
 *     where: {
 *       building_id: 71,
 *       feature_name: "weekly_frequency_dist",
 *       granularity: "P1W",
 *       group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *     }
 *   }),
 *   { signal: AbortSignal.timeout(5_000) }
 * )
 * ```
 */
export const createMetricsClient = (
  options: BrowserMetrics.Options
): PromiseClient.PromiseMetricsClient => PromiseClient.make(BrowserMetrics.layer(options))
