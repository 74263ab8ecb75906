/**
 * Everything wired for a backend: client credentials, `undici`, queries and calls.
 */

import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import type { TokenStore } from "@innerspace-metrics/core/TokenStore"
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { login } from "./internal/loginKinds.js"
import { environmentDispatcher } from "./internal/proxies.js"
import { inTurn } from "./internal/turns.js"
import { undiciTransport } from "./internal/undiciTransport.js"
import * as NodeTokenProvider from "./NodeTokenProvider.js"

/**
 * Who logs in, where, and how calls are made. Blanks and line breaks around the id and the secret
 * are left out, as a file or a variable of the environment often ends in one.
 */
export interface Options extends MetricsClient.Options {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  /** How the token is renewed. */
  readonly token?: TokenProvider.CachedOptions
  /**
   * Where the token outlives this process, such as `FileTokenStore.make()`. Default: nowhere, for a
   * library does not write a credential to a disk that nobody told it to use.
   */
  readonly tokenStore?: TokenStore
}

/** What the wired layers provide. */
export type NodeMetrics =
  | MetricsClient.MetricsClient
  | QueryBuilder.QueryBuilder
  | TokenProvider.TokenProvider

/**
 * A `MetricsClient` for a backend, with the `TokenProvider` and the `QueryBuilder` that it uses.
 *
 * Build it once for the whole app: each build has a token and connections of its own.
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 * import { NodeMetrics } from "@innerspace-metrics/node-adapter"
 * import * as Redacted from "effect/Redacted"
 *
 * const MetricsLive = NodeMetrics.layer({
 *   clientId: "my-backend",
 *   clientSecret: Redacted.make("from a vault"),
 *   api: Api.v2
 * })
 * ```
 */
export const layer = (options: Options): Layer.Layer<NodeMetrics, ConfigurationError> =>
  Layer.unwrapScoped(
    Effect.map(
      Effect.zipRight(
        LayerOptions.check(kinds, options),
        environmentDispatcher(callConnections + tokenConnections)
      ),
      (dispatcher) => {
        const { clientId, clientSecret, token, tokenStore, ...client } = options
        const transport = undiciTransport(inTurn(dispatcher, callConnections))
        const tokens = NodeTokenProvider.makeWithTransport(
          undiciTransport(inTurn(dispatcher, Number.POSITIVE_INFINITY)),
          {
            ...token,
            api: client.api,
            baseUrl: client.baseUrl,
            clientId,
            clientSecret,
            ...(tokenStore === undefined ? {} : { tokenStore })
          }
        )
        return MetricsClient.layerWithTransport(transport, client).pipe(
          Layer.provideMerge(
            Layer.merge(QueryBuilder.layer, Layer.scoped(TokenProvider.TokenProvider, tokens))
          )
        )
      }
    )
  )

/** Connections to a host that calls may use at once. */
const callConnections = 64

/**
 * Connections that calls leave free: where all of them wait for their turn, a token is renewed at
 * once.
 */
const tokenConnections = 2

const kinds: LayerOptions.Kinds = {
  ...login,
  ...LayerOptions.client,
  "token?": [isRecord, "an object", LayerOptions.cached]
}

/**
 * `layer` with its options from configuration, by default the environment: `INNERSPACE_CLIENT_ID`,
 * `INNERSPACE_CLIENT_SECRET`, `INNERSPACE_API`, `INNERSPACE_BASE_URL` and `INNERSPACE_TOKEN_STORE`.
 * Fails to build with a `ConfigurationError` that names each setting that is missing or malformed.
 *
 * @example
 * ```ts
 * import { NodeMetrics } from "@innerspace-metrics/node-adapter"
 *
 * const MetricsLive = NodeMetrics.layerConfig()
 * ```
 */
export const layerConfig = (
  options: Config.Config<Options> = NodeTokenProvider.config
): Layer.Layer<NodeMetrics, ConfigurationError> =>
  Layer.unwrapEffect(Effect.map(LayerOptions.fromConfig(options), layer))
