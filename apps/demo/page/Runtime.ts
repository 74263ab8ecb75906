/**
 * The layers of the page, composed once.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import { AuthError, type ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Clients from "./Clients.js"
import type { Session } from "./Session.js"
import type { Settings } from "./Settings.js"
import * as Wire from "./Wire.js"

export const layer = (
  { urls }: Settings,
  { auth0 }: Session
): Layer.Layer<Clients.Features | Clients.Insights, ConfigurationError> => {
  const tokens = TokenProvider.layer(
    Effect.tryPromise({
      try: async () => (await auth0.getTokenSilently()) ?? "",
      catch: () =>
        new AuthError({
          reason: "CredentialsRefused",
          problem: "No session",
          hint: "Sign in again"
        })
    }).pipe(
      Effect.flatMap((value) =>
        AccessToken.make({ value: Redacted.make(value), header: Api.v1.credential })
      )
    )
  )
  return Clients.layer({ v1: urls.v1, v1_5: urls["v1.5"] }).pipe(
    Layer.provide(Layer.merge(FetchHttpClient.layer, tokens)),
    Layer.provideMerge(Wire.layer)
  )
}
