/**
 * The client and the sessions of a web app with promises, for programs that do not use Effect.
 */

import { isRecord } from "@innerspace-metrics/core/JsonValue"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Config from "effect/Config"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { makeClient } from "#promiseClient"
import * as sessions from "#sessions"
import * as NodeMetrics from "./NodeMetrics.js"
import * as NodeTokenProvider from "./NodeTokenProvider.js"
import type * as WebSessions from "./WebSessions.js"

/**
 * `NodeMetrics.Options`. The client secret may also be a string, which is redacted at once and
 * never printed. If both `clientId` and `clientSecret` are missing, all missing options are read
 * from the environment.
 */
export interface Options extends Omit<NodeMetrics.Options, "clientId" | "clientSecret"> {
  readonly clientId?: string
  readonly clientSecret?: string | Redacted.Redacted<string>
  /**
   * How a person signs in, instead of client credentials: the result of
   * `NodeTokenProvider.deviceCode` or `NodeTokenProvider.browser`. The person signs in at the first
   * call, unless stored tokens can still be used. `close` cancels the sign-in. With this option, no
   * other option is read from the environment.
   */
  readonly signIn?: NodeTokenProvider.SignIn
}

/**
 * A client for a backend. If the options have neither a client id nor a client secret, the client
 * reads all missing options from the environment variables `INNERSPACE_CLIENT_ID`,
 * `INNERSPACE_CLIENT_SECRET`, `INNERSPACE_API`, `INNERSPACE_BASE_URL` and `INNERSPACE_TOKEN_STORE`.
 * Otherwise, it reads none of these variables.
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
  makeClient(options, layerOf)

const layerOf = (
  options: Options
): Layer.Layer<NodeMetrics.NodeMetrics, ConfigurationError | AuthError> => {
  // Only JavaScript callers can pass anything other than an object, and the layer rejects it.
  if (!isRecord(options)) return NodeMetrics.layer(redacted(options))
  const { signIn, ...client }: Options = options
  if (signIn !== undefined) return NodeMetrics.layerSignIn(signIn, client)
  return "clientId" in options || "clientSecret" in options
    ? NodeMetrics.layer(redacted(options))
    : NodeMetrics.layerConfig(besidesEnvironment(options))
}

const redacted = (options: Options): NodeMetrics.Options =>
  // The layer rejects options that are missing or not an object.
  (isRecord(options)
    ? { ...options, clientSecret: redactedOf(options["clientSecret"]) }
    : options) as NodeMetrics.Options

const redactedOf = (secret: unknown): unknown =>
  Redacted.isRedacted(secret) ? secret : Redacted.make(secret)

/**
 * Completes the options from the environment. If `api` is only the name of a generation, the
 * address can still come from the environment. An `Api` value has its own address.
 */
const besidesEnvironment = (options: Options): Config.Config<NodeMetrics.Options> =>
  Config.map(
    Config.all({
      environment: NodeTokenProvider.config,
      baseUrl: Config.option(Config.nonEmptyString("INNERSPACE_BASE_URL"))
    }),
    ({ baseUrl, environment }) => {
      const { clientId: _id, clientSecret: _secret, signIn: _signIn, ...given } = options
      return {
        ...environment,
        ...(typeof options.api === "string" && Option.isSome(baseUrl)
          ? { baseUrl: baseUrl.value }
          : {}),
        ...given
      }
    }
  )

/**
 * `WebSessions.Options`. The secrets may also be strings, which are redacted at once and never
 * printed.
 */
export interface WebSessionsOptions
  extends Omit<WebSessions.Options, "clientSecret" | "cookieSecret"> {
  readonly clientSecret: string | Redacted.Redacted<string>
  readonly cookieSecret: string | Redacted.Redacted<string>
}

/** A person who is signed in. */
export type PromiseSession = sessions.PromiseSession

/** Sessions of a web app's users, as promises. */
export type PromiseWebSessions = sessions.PromiseWebSessions

/**
 * Sessions of the people who use a web app, for Express, Hono, Next.js and others. Create them once
 * for the whole app. See `WebSessions` for the options, and for the paths that the sessions serve.
 *
 * If the options are invalid, all functions reject with a `ConfigurationError`.
 *
 * @example
 * ```ts
 * import { createWebSessions } from "@innerspace-metrics/node-adapter/promise"
 *
 * const sessions = createWebSessions({
 *   issuer: "https://my-team.eu.auth0.com",
 *   clientId: "my-web-app",
 *   clientSecret: "from a vault",
 *   cookieSecret: "from a vault too, at least 32 characters",
 *   appUrl: "https://reports.example.com",
 *   api: "v2"
 * })
 *
 * export const GET = async (request: Request): Promise<Response> =>
 *   (await sessions.handle(request)) ?? Response.json({}, { status: 404 })
 * ```
 */
export const createWebSessions = (options: WebSessionsOptions): PromiseWebSessions =>
  sessions.make(
    // The layer rejects options that are missing or not an object.
    (isRecord(options)
      ? {
          ...options,
          clientSecret: redactedOf(options["clientSecret"]),
          cookieSecret: redactedOf(options["cookieSecret"])
        }
      : options) as WebSessions.Options
  )
