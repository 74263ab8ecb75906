import * as BrowserTokenProvider from "@innerspace-metrics/browser-adapter/BrowserTokenProvider"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import { weekly } from "./query.js"

export const run = (auth0: BrowserTokenProvider.Auth0Client) =>
  createMetricsClient({ token: BrowserTokenProvider.fromAuth0(auth0) }).query(weekly)
