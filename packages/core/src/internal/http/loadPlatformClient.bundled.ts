/**
 * Provides exchanges over the app's `HttpClient`. A bundle that uses no `HttpClient` does not
 * contain this code.
 */
import { HttpClient } from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import type { Options } from "../../HttpExchange.js"
import type { ConfigurationError } from "../../MetricsError.js"
import { httpClientExchange, type Receive } from "./platformClient.js"

export const exchangesOverHttpClient: Effect.Effect<
  (options: Options) => Receive,
  ConfigurationError,
  HttpClient
> = /* @__PURE__ */ Effect.map(
  HttpClient,
  (client) => (options) => httpClientExchange(client, options)
)
