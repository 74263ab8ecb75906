/**
 * The client as promises, for backends that do not use Effect.
 */

import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Config from "effect/Config"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as NodeMetrics from "./NodeMetrics.js"
import * as NodeTokenProvider from "./NodeTokenProvider.js"

/**
 * `NodeMetrics.Options`, with the client secret as text: it is wrapped at once and never printed.
 * Without `clientId` and `clientSecret`, the environment has them, and whatever else is left out.
 */
export interface Options extends Omit<NodeMetrics.Options, "clientId" | "clientSecret"> {
  readonly clientId?: string
  readonly clientSecret?: string | Redacted.Redacted<string>
}

/**
 * A client for a backend. What is not among the options it reads from the environment:
 * `INNERSPACE_CLIENT_ID`, `INNERSPACE_CLIENT_SECRET`,
 * `INNERSPACE_API`, `INNERSPACE_BASE_URL` and `INNERSPACE_TOKEN_STORE`. Options with a client id or
 * a secret stand for themselves: then nothing is read.
 *
 * It connects at the first call. Options that cannot be used make calls reject with a
 * `ConfigurationError`; all else that can go wrong is a `MetricsError` as well. Close it, or
 * declare it with `await using`.
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
 *       feature_name: "weekly_frequency_dist",
 *       granularity: "P1W",
 *       group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *     }
 *   }),
 *   { signal: AbortSignal.timeout(5_000) }
 * )
 * await metrics.close()
 * ```
 *
 * @example
 * ```ts
 * import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
 *
 * // Another generation, on this machine; the credentials are in the environment.
 * const metrics = createMetricsClient({ api: "v2", baseUrl: "http://localhost:4001" })
 * ```
 */
export const createMetricsClient = (options: Options = {}): PromiseClient.PromiseMetricsClient =>
  PromiseClient.make(
    // Only JavaScript gives anything but an object, and the layer says that it is not one.
    !isRecord(options) || "clientId" in options || "clientSecret" in options
      ? NodeMetrics.layer(redacted(options))
      : NodeMetrics.layerConfig(besidesEnvironment(options))
  )

const redacted = (options: Options): NodeMetrics.Options =>
  // What is missing, or is not an object, is for the layer to say.
  (isRecord(options)
    ? { ...options, clientSecret: redactedOf(options["clientSecret"]) }
    : options) as NodeMetrics.Options

const redactedOf = (secret: unknown): unknown =>
  Redacted.isRedacted(secret) ? secret : Redacted.make(secret)

/**
 * A name says which generation and not where: that can still be in the environment. A value says
 * both.
 */
const besidesEnvironment = (options: Options): Config.Config<NodeMetrics.Options> =>
  Config.map(
    Config.all({
      environment: NodeTokenProvider.config,
      baseUrl: Config.option(Config.nonEmptyString("INNERSPACE_BASE_URL"))
    }),
    ({ baseUrl, environment }) => {
      const { clientId: _id, clientSecret: _secret, ...given } = options
      return {
        ...environment,
        ...(typeof options.api === "string" && Option.isSome(baseUrl)
          ? { baseUrl: baseUrl.value }
          : {}),
        ...given
      }
    }
  )
