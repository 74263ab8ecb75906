/**
 * The two clients of the page: features come from v1, insights from v1.5. Both take the same token.
 */
import type { HttpClient } from "@effect/platform/HttpClient"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import type { TokenProvider } from "@innerspace-metrics/core/TokenProvider"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"

/** Asks v1: `building_features`. */
export class Features extends Context.Tag("innerspace-metrics-demo/Features")<
  Features,
  MetricsClient.MetricsClientService
>() {}

/** Asks v1.5: `BUILDING_INSIGHTS` and its kin. */
export class Insights extends Context.Tag("innerspace-metrics-demo/Insights")<
  Insights,
  MetricsClient.MetricsClientService
>() {}

/** Where the two generations are. */
export interface BaseUrls {
  readonly v1: string
  readonly v1_5: string
}

export const layer = (
  urls: BaseUrls
): Layer.Layer<Features | Insights, ConfigurationError, HttpClient | TokenProvider> =>
  Layer.mergeAll(
    Layer.effect(Features, MetricsClient.make({ api: Api.withBaseUrl(Api.v1, urls.v1) })),
    Layer.effect(Insights, MetricsClient.make({ api: Api.withBaseUrl(Api.v1_5, urls.v1_5) }))
  ).pipe(Layer.provide(QueryBuilder.layer))
