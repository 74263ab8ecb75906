import * as BrowserMetrics from "@innerspace-metrics/browser-adapter/BrowserMetrics"
import * as BrowserTokenProvider from "@innerspace-metrics/browser-adapter/BrowserTokenProvider"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Effect from "effect/Effect"
import { weekly } from "./query.js"

export const run = (auth0: BrowserTokenProvider.Auth0Client) =>
  Effect.flatMap(MetricsClient.MetricsClient, (client) => client.query(weekly)).pipe(
    Effect.provide(BrowserMetrics.layer({ token: BrowserTokenProvider.fromAuth0(auth0) })),
    Effect.runPromise
  )
