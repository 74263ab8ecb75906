/** Makes clients of the sandbox, and the queries that the tests send. */
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import { building_features } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

/** The sandbox of the test file, reset to its initial state. */
export const freshSandbox: Effect.Effect<Sandbox.Service, never, Sandbox.Sandbox> = Effect.tap(
  Sandbox.Sandbox,
  (sandbox) => sandbox.control.reset
)

export const apiOf = (sandbox: Sandbox.Service, version: Api.Api["version"] = "v1"): Api.Api =>
  Api.withBaseUrl({ v1: Api.v1, "v1.5": Api.v1_5, v2: Api.v2 }[version], sandbox.urls[version])

/** The options of a client of the sandbox's v1. */
export const optionsFor = (sandbox: Sandbox.Service): NodeMetrics.Options => ({
  clientId: sandbox.clientId,
  clientSecret: sandbox.clientSecret,
  api: apiOf(sandbox)
})

export interface Client {
  readonly metrics: MetricsClient.MetricsClient
  readonly tokens: TokenProvider.TokenProvider
}

/** A client with its own connections and token, closed with the scope. */
export const connect = (
  sandbox: Sandbox.Service,
  options: Partial<NodeMetrics.Options> = {}
): Effect.Effect<Client, ConfigurationError, Scope.Scope> =>
  Effect.map(Layer.build(NodeMetrics.layer({ ...optionsFor(sandbox), ...options })), (context) => ({
    metrics: Context.get(context, MetricsClient.MetricsClient),
    tokens: Context.get(context, TokenProvider.TokenProvider)
  }))

/** Retries without a wait, so that a test of retries does not wait. */
export const atOnce = (attempts: number): RetryPolicy.RetryPolicy =>
  RetryPolicy.make({ attempts, baseDelay: 0 })

/** The query that the vendor documents for v1. The sandbox returns one row. */
export const documented = Query.as(
  Query.from(building_features, {
    select: ["feature_value", "date_time_start"],
    where: {
      building_id: 71,
      feature_name: "weekly_frequency_dist",
      granularity: "P1W",
      group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
      date_time_start: TimeRange.week("2024-W01", "America/Chicago")
    },
    operationName: "sample_graphql"
  }),
  "data"
)

/** A query of v1.5 and v2 with one row. */
export const insights = Query.from(BUILDING_INSIGHTS, {
  select: ["DATE_TIME_START", "OCCUPANCY_MEAN"],
  where: { BUILDING_ID: 71, GRANULARITY: "PT1H" },
  orderBy: { DATE_TIME_START: "asc" },
  limit: 1
})

/** The number of token requests and of GraphQL operations since the last reset. */
export const counts = (
  sandbox: Sandbox.Service
): Effect.Effect<{ readonly token: number; readonly graphql: number }> =>
  Effect.map(sandbox.control.requests, (requests) => ({
    token: requests.filter(({ kind }) => kind === "token").length,
    graphql: requests.filter(({ kind }) => kind === "graphql").length
  }))
