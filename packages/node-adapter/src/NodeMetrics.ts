/**
 * One layer for a backend, with all parts: client credentials, `undici`, queries and calls.
 */

import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import type { TokenStore } from "@innerspace-metrics/core/TokenStore"
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { isFunction } from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import { transports } from "#transports"
import { BetweenCalls } from "./internal/betweenCalls.js"
import { login } from "./internal/loginKinds.js"
import * as NodeTokenProvider from "./NodeTokenProvider.js"

/**
 * Credentials, API and settings of the calls. White space around the id and the secret is removed,
 * because files and environment variables often end with a line break.
 */
export interface Options extends MetricsClient.Options {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  /** Settings of the token's renewal. */
  readonly token?: TokenProvider.CachedOptions
  /**
   * Where the token is kept between processes, such as `FileTokenStore.make()`. By default the
   * token is not stored, because a library must not write a credential to disk without being told
   * to.
   */
  readonly tokenStore?: TokenStore
}

/** The services that the layers provide. */
export type NodeMetrics =
  | MetricsClient.MetricsClient
  | QueryBuilder.QueryBuilder
  | TokenProvider.TokenProvider

/**
 * A `MetricsClient` for a backend, with the `TokenProvider` and the `QueryBuilder` that it uses.
 *
 * Build it once for the whole app, because each build has its own token and connections.
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
    Effect.map(Effect.zipRight(LayerOptions.check(kinds, options), transports), (transport) => {
      const { clientId, clientSecret, token, tokenStore, ...client } = options
      const tokens = NodeTokenProvider.makeWithTransport(transport.tokens, {
        ...token,
        api: client.api,
        baseUrl: client.baseUrl,
        clientId,
        clientSecret,
        ...(tokenStore === undefined ? {} : { tokenStore })
      })
      return wired(transport.calls, client, Layer.scoped(TokenProvider.TokenProvider, tokens))
    })
  )

/**
 * `layer` for a native application in which a person signs in. The person signs in while the layer
 * is built, unless stored tokens can still be used. To cancel the sign-in, interrupt the build.
 *
 * Fails to build with an `AuthError` if the person does not sign in.
 *
 * @example
 * ```ts
 * import { NodeMetrics, NodeTokenProvider } from "@innerspace-metrics/node-adapter"
 *
 * const MetricsLive = NodeMetrics.layerSignIn(
 *   NodeTokenProvider.browser({
 *     issuer: "https://my-team.eu.auth0.com",
 *     clientId: "my-desktop-app"
 *   }),
 *   { api: "v2" }
 * )
 * ```
 */
export const layerSignIn = (
  signIn: NodeTokenProvider.SignIn,
  options: MetricsClient.Options = {}
): Layer.Layer<NodeMetrics, ConfigurationError | AuthError> =>
  Layer.unwrapScoped(
    Effect.map(
      Effect.zipRight(
        LayerOptions.check({ ...LayerOptions.client, signIn: signInKind }, { ...options, signIn }),
        transports
      ),
      ({ calls }) =>
        wired(
          calls,
          options,
          NodeTokenProvider.layerSignIn(signIn, { api: options.api, baseUrl: options.baseUrl })
        )
    )
  )

const wired = <E>(
  transport: HttpExchange.Transport,
  client: MetricsClient.Options,
  tokens: Layer.Layer<TokenProvider.TokenProvider, E>
) =>
  Layer.unwrapEffect(
    Effect.map(Effect.serviceOption(BetweenCalls), (shared) =>
      MetricsClient.layerWithTransport(transport, client, Option.getOrUndefined(shared)?.ofCalls)
    )
  ).pipe(Layer.provideMerge(Layer.merge(QueryBuilder.layer, tokens)))

const signInKind: LayerOptions.Kinds[string] = [
  (value) => isRecord(value) && isFunction(value["make"]),
  "the result of NodeTokenProvider.deviceCode or NodeTokenProvider.browser",
  {}
]

const kinds: LayerOptions.Kinds = {
  ...login,
  ...LayerOptions.client,
  "token?": [isRecord, "an object", LayerOptions.cached]
}

/**
 * `layer` with options from configuration. By default, it reads the environment variables
 * `INNERSPACE_CLIENT_ID`, `INNERSPACE_CLIENT_SECRET`, `INNERSPACE_API`, `INNERSPACE_BASE_URL` and
 * `INNERSPACE_TOKEN_STORE`. Fails to build with a `ConfigurationError` that names each setting that
 * is missing or malformed.
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
