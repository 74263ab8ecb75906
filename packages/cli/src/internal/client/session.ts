/** The client of a command, logged in as its settings say. */
import type * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as FileTokenStore from "@innerspace-metrics/node-adapter/FileTokenStore"
import type { NodeMetrics } from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Settings } from "../settings/settings.js"

export const tokenStoreOf = ({ tokenStore }: Pick<Settings, "tokenStore">): TokenStore.TokenStore =>
  FileTokenStore.make({ directory: tokenStore.value })

/**
 * A client, a token provider and a query builder. With a client secret, tokens are requested when
 * they are needed. Without one, the token that `innerspace login` has kept is used until it
 * expires.
 *
 * A login of another kind (a device, a browser) is one more case here and in `login`.
 */
export const sessionLayer = (
  settings: Settings,
  options: Omit<MetricsClient.Options, "api" | "baseUrl"> = {}
): Layer.Layer<NodeMetrics, ConfigurationError> => {
  const { chosen, clientId, clientSecret } = settings
  const id = clientId.value
  if (id === undefined) return Layer.fail(noClientId)
  const secret = clientSecret.value
  if (secret !== undefined) {
    return Layer.unwrapEffect(
      Effect.map(
        Effect.promise(() => import("@innerspace-metrics/node-adapter/NodeMetrics")),
        (NodeMetrics) =>
          NodeMetrics.layer({
            ...options,
            clientId: id,
            clientSecret: secret,
            api: chosen,
            tokenStore: tokenStoreOf(settings)
          })
      )
    )
  }
  const tokens = Effect.gen(function* () {
    const key = yield* TokenStore.key(chosen, id)
    return yield* TokenProvider.cached(Effect.fail(loginRequired(settings)), {
      store: TokenStore.place(tokenStoreOf(settings), key)
    })
  })
  const http = Layer.unwrapEffect(
    Effect.map(
      Effect.promise(() => import("@innerspace-metrics/node-adapter/UndiciHttpClient")),
      (UndiciHttpClient) => UndiciHttpClient.layer
    )
  )
  return MetricsClient.layer({ ...options, api: chosen }).pipe(
    Layer.provideMerge(
      Layer.merge(QueryBuilder.layer, Layer.scoped(TokenProvider.TokenProvider, tokens))
    ),
    Layer.provide(http)
  )
}

/** For what is built and not sent. A call fails as without a login. */
export const offlineLayer = (settings: Settings): Layer.Layer<NodeMetrics, ConfigurationError> =>
  MetricsClient.layerWithTransport(
    (_request, _secrets, _options, done) => {
      done(Either.left(HttpExchange.noAnswer(settings.chosen.baseUrl, "not sent", [])))
      return () => {}
    },
    { api: settings.chosen }
  ).pipe(
    Layer.provideMerge(
      Layer.merge(
        QueryBuilder.layer,
        Layer.scoped(
          TokenProvider.TokenProvider,
          TokenProvider.cached(Effect.fail(loginRequired(settings)))
        )
      )
    )
  )

const noClientId = new ConfigurationError({
  reason: "MissingCredentials",
  problem: "There is no client id",
  hint: "Run innerspace login, or set INNERSPACE_CLIENT_ID and INNERSPACE_CLIENT_SECRET"
})

const loginRequired = ({ clientId, profile }: Settings): AuthError =>
  new AuthError({
    reason: "SignInRequired",
    problem: `There is no valid token${clientId.value === undefined ? "" : ` of ${clientId.value}`} (profile ${profile.value}), and no client secret to get one`,
    hint: "Run innerspace login, or set INNERSPACE_CLIENT_SECRET"
  })

/** The token of the store, if one is kept for these settings and has not expired. */
export const keptToken = (
  settings: Settings
): Effect.Effect<
  Option.Option<AccessToken.AccessToken>,
  ConfigurationError | TokenStore.TokenStoreError
> =>
  settings.clientId.value === undefined
    ? Effect.succeed(Option.none())
    : Effect.flatMap(TokenStore.key(settings.chosen, settings.clientId.value), (key) =>
        tokenStoreOf(settings).get(key)
      )

/** Removes the kept token. Returns whether there was one. */
export const forgetToken = (
  settings: Settings
): Effect.Effect<boolean, ConfigurationError | TokenStore.TokenStoreError> =>
  Effect.gen(function* () {
    const id = settings.clientId.value
    if (id === undefined) return false
    const key = yield* TokenStore.key(settings.chosen, id)
    const store = tokenStoreOf(settings)
    const token = yield* store.get(key)
    if (Option.isNone(token)) return false
    yield* store.remove(key, token.value)
    return true
  })

export const isExpired = (token: AccessToken.AccessToken, now: number): boolean =>
  Option.match(token.expiresAt, {
    onNone: () => false,
    onSome: (at) => at.epochMillis <= now
  })

/** ISO 8601, or null if the token does not say when it expires. */
export const expiryOf = ({ expiresAt }: AccessToken.AccessToken): string | null =>
  Option.match(expiresAt, {
    onNone: () => null,
    onSome: (at) => new Date(at.epochMillis).toISOString()
  })
