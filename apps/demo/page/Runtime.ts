/**
 * The layers of the page, composed once. Features come from v1 and insights from v1.5. Both clients
 * use the same token.
 */
import * as BrowserMetrics from "@innerspace-metrics/browser-adapter/BrowserMetrics"
import * as BrowserTokenProvider from "@innerspace-metrics/browser-adapter/BrowserTokenProvider"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Session } from "./Session.js"
import type { Settings } from "./Settings.js"
import * as Wire from "./Wire.js"

/** The client of v1, for `building_features`. */
export class Features extends Context.Tag("innerspace-metrics-demo/Features")<
  Features,
  MetricsClient.MetricsClient
>() {}

/** The client of v1.5, for `BUILDING_INSIGHTS` and the related tables. */
export class Insights extends Context.Tag("innerspace-metrics-demo/Insights")<
  Insights,
  MetricsClient.MetricsClient
>() {}

/** Both clients share one `TokenProvider`, so both use each renewed token. */
export const layer = (
  { urls }: Settings,
  { auth0 }: Session
): Layer.Layer<Features | Insights, ConfigurationError> =>
  Layer.unwrapEffect(
    Effect.map(TokenProvider.TokenProvider, (tokens) => {
      const client = (api: Api.Api) =>
        BrowserMetrics.layer({
          // The page uses deprecated generations on purpose, so the warning would not help a
          // visitor.
          api: Api.withoutDeprecationWarning(api),
          token: () => Effect.succeed(tokens)
        })
      return Layer.merge(
        Layer.effect(Features, MetricsClient.MetricsClient).pipe(
          Layer.provide(client(Api.withBaseUrl(Api.v1, urls.v1)))
        ),
        Layer.effect(Insights, MetricsClient.MetricsClient).pipe(
          Layer.provide(client(Api.withBaseUrl(Api.v1_5, urls["v1.5"])))
        )
      )
    })
  ).pipe(
    Layer.provide(
      BrowserTokenProvider.layer({
        token: BrowserTokenProvider.fromAuth0(auth0),
        api: Api.withBaseUrl(Api.v1_5, urls["v1.5"])
      })
    ),
    Layer.provideMerge(Wire.layer)
  )
