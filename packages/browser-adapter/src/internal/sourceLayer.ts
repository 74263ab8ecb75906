/** The token provider that a source makes for the API in the options. */
import * as Api from "@innerspace-metrics/core/Api"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Source } from "../BrowserTokenProvider.js"
import { sourceForm } from "./functions.js"

/** Requires options that have been checked. */
export const sourceLayer = (
  token: Source,
  choice: Api.Choice
): Layer.Layer<TokenProvider.TokenProvider, ConfigurationError> =>
  Layer.scoped(
    TokenProvider.TokenProvider,
    Effect.flatMap(Api.choose(choice), (api) => {
      const provider = token(api)
      // If the app passes a callback instead of a source, the result is a promise or a token.
      return Effect.flatMap(
        LayerOptions.check({ token: [Effect.isEffect, sourceForm, {}] }, { token: provider }),
        () => provider
      )
    })
  )
