/**
 * The client as promises, for backends that do not use Effect.
 */

import { isRecord } from "@innerspace-metrics/core/JsonValue"
import type * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Config from "effect/Config"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { makeClient } from "#promiseClient"
import * as NodeMetrics from "./NodeMetrics.js"
import * as NodeTokenProvider from "./NodeTokenProvider.js"

/**
 * `NodeMetrics.Options`, with the client secret as a string, which is wrapped at once and never
 * printed. Without `clientId` and `clientSecret`, these and all other missing options are read from
 * the environment.
 */
export interface Options extends Omit<NodeMetrics.Options, "clientId" | "clientSecret"> {
  readonly clientId?: string
  readonly clientSecret?: string | Redacted.Redacted<string>
}

/**
 * A client for a backend. It reads missing options from the environment variables
 * `INNERSPACE_CLIENT_ID`, `INNERSPACE_CLIENT_SECRET`, `INNERSPACE_API`, `INNERSPACE_BASE_URL` and
 * `INNERSPACE_TOKEN_STORE`. If the options have a client id or a secret, it reads no variable.
 *
 * It connects at the first call. If the options are invalid, calls reject with a
 * `ConfigurationError`. Every other failure is a `MetricsError` too. Close the client, or declare
 * it with `await using`.
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
 * // Another generation, on this machine. The credentials are in the environment.
 * const metrics = createMetricsClient({ api: "v2", baseUrl: "http://localhost:4001" })
 * ```
 */
export const createMetricsClient = (options: Options = {}): PromiseClient.PromiseMetricsClient =>
  makeClient(options, (options) =>
    // Only JavaScript callers can pass anything else than an object, and the layer rejects it.
    !isRecord(options) || "clientId" in options || "clientSecret" in options
      ? NodeMetrics.layer(redacted(options))
      : NodeMetrics.layerConfig(besidesEnvironment(options))
  )

const redacted = (options: Options): NodeMetrics.Options =>
  // The layer rejects options that are missing or not an object.
  (isRecord(options)
    ? { ...options, clientSecret: redactedOf(options["clientSecret"]) }
    : options) as NodeMetrics.Options

const redactedOf = (secret: unknown): unknown =>
  Redacted.isRedacted(secret) ? secret : Redacted.make(secret)

/**
 * The name of an API gives its generation but not its address, so the address can still come from
 * the environment. An `Api` value gives both.
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
