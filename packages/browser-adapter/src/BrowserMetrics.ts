/**
 * The layer of a page. It provides the client, the query builder and the signed-in person's token.
 */
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import type { TokenProvider } from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as BrowserTokenProvider from "./BrowserTokenProvider.js"
import { fetchTransport } from "./internal/fetchTransport.js"
import { isSource } from "./internal/functions.js"
import * as Page from "./internal/page.js"
import { sourceLayer } from "./internal/sourceLayer.js"

/** The source of tokens, and settings of the calls. */
export interface Options extends MetricsClient.Options {
  readonly token: BrowserTokenProvider.Source
}

/** The services that the layer provides. */
export type BrowserMetrics = MetricsClient.MetricsClient | QueryBuilder.QueryBuilder | TokenProvider

/**
 * A `MetricsClient` for a page or a worker, with the `TokenProvider` and the `QueryBuilder` that it
 * uses.
 *
 * Build it once for the whole app, and build it again if another person signs in and the page is
 * not loaded again. Closing the layer removes its listeners for events of the page. Fails to build
 * with a `ConfigurationError` for an invalid base URL or option.
 *
 * @example
 * ```ts
 * import { BrowserMetrics, BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
 * import { Api } from "@innerspace-metrics/core"
 *
 * declare const auth0: BrowserTokenProvider.Auth0Client
 *
 * const MetricsLive = BrowserMetrics.layer({
 *   token: BrowserTokenProvider.fromAuth0(auth0),
 *   api: Api.v1_5
 * })
 * ```
 */
export const layer = (options: Options): Layer.Layer<BrowserMetrics, ConfigurationError> =>
  Layer.unwrapScoped(
    Effect.map(Effect.zipRight(LayerOptions.check(kinds, options), Page.make), (page) => {
      const { token, ...client } = options
      return MetricsClient.layerWithTransport(fetchTransport(page), client).pipe(
        Layer.provideMerge(Layer.merge(QueryBuilder.layer, sourceLayer(token, client)))
      )
    })
  )

const kinds: LayerOptions.Kinds = { ...LayerOptions.client, token: isSource }
