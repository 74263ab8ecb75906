/** Exchanges over the app's `HttpClient`. A bundle that does not use one leaves all of this out. */
import { HttpClient } from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import type { Exchange, Options } from "../../HttpExchange.js"
import type { ConfigurationError } from "../../MetricsError.js"
import { httpClientExchange } from "./platformClient.js"

export const exchangesOverHttpClient: Effect.Effect<
  (options: Options) => Exchange,
  ConfigurationError,
  HttpClient
> = /* @__PURE__ */ Effect.map(
  HttpClient,
  (client) => (options) => httpClientExchange(client, options)
)
