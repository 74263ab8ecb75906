/**
 * The client as promises, for backends that do not use Effect.
 */
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Redacted from "effect/Redacted"
import * as NodeMetrics from "./NodeMetrics.js"

/** `NodeMetrics.Options`, with the client secret as text: it is wrapped at once and never printed. */
export interface Options extends Omit<NodeMetrics.Options, "clientSecret"> {
  readonly clientSecret: string
}

/**
 * A client for a backend. Without options it reads the environment: `INNERSPACE_CLIENT_ID`, `INNERSPACE_CLIENT_SECRET`,
 * `INNERSPACE_API`, `INNERSPACE_BASE_URL` and `INNERSPACE_TOKEN_STORE`.
 *
 * It connects at the first call. Options that cannot be used make calls reject with a `ConfigurationError`; all else that
 * can go wrong is a `MetricsError` as well. Close it, or declare it with `await using`.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_features } from "@innerspace-metrics/core/v1"
 * import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
 *
 * const metrics = createMetricsClient()
 * const rows = await metrics.query(
 *   Query.from(building_features, {
 *     select: ["feature_value"],
 *     where: {
 *       building_id: 71,
 *       granularity: "P1W",
 *       group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *     }
 *   }),
 *   { signal: AbortSignal.timeout(5_000) }
 * )
 * await metrics.close()
 * ```
 */
export const createMetricsClient = (options?: Options): PromiseClient.PromiseMetricsClient =>
  PromiseClient.make(
    options === undefined ? NodeMetrics.layerConfig() : NodeMetrics.layer(redacted(options))
  )

const redacted = (options: Options): NodeMetrics.Options =>
  // Only JavaScript gives anything but an object, and the layer says that it is not one.
  typeof options !== "object" || options === null
    ? options
    : { ...options, clientSecret: Redacted.make(options.clientSecret) }
