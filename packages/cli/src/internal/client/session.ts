/** The client of a command, with the login of its settings. */
import type * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { AuthError, type ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import type { NodeMetrics } from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { UsageError } from "../frame/failure.js"
import type { Settings } from "../settings/settings.js"
import { isOfPerson, personOf } from "./person.js"
import { tokenStoreOf } from "./stores.js"

/**
 * Runs an effect with a client, a token provider and a query builder. Tokens come from one of these
 * sources:
 *
 * - With a client secret, tokens are requested when they are needed.
 * - Without a client secret, the token that `innerspace login` has stored is used until it expires.
 * - For a person, the tokens that `innerspace login` has stored are used and renewed.
 *
 * No request is sent before the first call, so mistyped names are reported first.
 */
export const withSession = <A, E>(
  settings: Settings,
  use: Effect.Effect<A, E, NodeMetrics | Scope.Scope>,
  options: ClientOptions = {}
): Effect.Effect<A, E | ConfigurationError | UsageError> =>
  Effect.scoped(Effect.provide(use, layerOf(settings, options))).pipe(
    Effect.zipLeft(warnOfDeprecation(settings))
  )

type ClientOptions = Omit<MetricsClient.Options, "api" | "baseUrl">

const layerOf = (
  settings: Settings,
  options: ClientOptions
): Layer.Layer<NodeMetrics, ConfigurationError | UsageError> => {
  const { clientId, clientSecret } = settings
  // The library's deprecation warning is for programs. The command prints its own warning.
  const api = Api.withoutDeprecationWarning(settings.chosen)
  const id = clientId.value
  if (id === undefined) return withoutLogin(api)
  if (isOfPerson(settings)) return withTokens(api, personOf(settings, id, api), options)
  const secret = clientSecret.value
  return secret === undefined
    ? withKeptToken(settings, api, id, options)
    : Layer.unwrapEffect(
        Effect.map(
          Effect.promise(() => import("@innerspace-metrics/node-adapter/NodeMetrics")),
          (NodeMetrics) =>
            NodeMetrics.layer({
              ...options,
              clientId: id,
              clientSecret: secret,
              api,
              tokenStore: tokenStoreOf(settings)
            })
        )
      )
}

const withKeptToken = (
  settings: Settings,
  api: Api.Api,
  clientId: string,
  options: ClientOptions
): Layer.Layer<NodeMetrics, ConfigurationError> => {
  const { profile } = settings
  const tokens = Effect.flatMap(TokenStore.key(api, clientId), (key) =>
    TokenProvider.cached(
      Effect.fail(
        new AuthError({
          reason: "SignInRequired",
          problem: `There is no valid token of ${clientId} (profile ${profile.value}), and no client secret to get one`,
          hint: "Run innerspace login, or set INNERSPACE_CLIENT_SECRET"
        })
      ),
      { store: TokenStore.place(tokenStoreOf(settings), key) }
    )
  )
  return withTokens(api, tokens, options)
}

const withTokens = <E>(
  api: Api.Api,
  tokens: Effect.Effect<TokenProvider.TokenProvider, E, Scope.Scope>,
  options: ClientOptions
): Layer.Layer<NodeMetrics, E | ConfigurationError> => {
  const http = Layer.unwrapEffect(
    Effect.map(
      Effect.promise(() => import("@innerspace-metrics/node-adapter/UndiciHttpClient")),
      (UndiciHttpClient) => UndiciHttpClient.layer
    )
  )
  return MetricsClient.layer({ ...options, api }).pipe(
    Layer.provideMerge(
      Layer.merge(QueryBuilder.layer, Layer.scoped(TokenProvider.TokenProvider, tokens))
    ),
    Layer.provide(http)
  )
}

/** A client that sends no request. Without a login, requests can be built, but calls fail. */
const withoutLogin = (api: Api.Api): Layer.Layer<NodeMetrics, ConfigurationError> =>
  MetricsClient.layerWithTransport(
    (_request, _secrets, _options, done) => {
      done(Either.left(HttpExchange.noAnswer(api.baseUrl, "not sent", [])))
      return () => {}
    },
    { api }
  ).pipe(
    Layer.provideMerge(
      Layer.merge(
        QueryBuilder.layer,
        Layer.scoped(
          TokenProvider.TokenProvider,
          TokenProvider.cached(
            Effect.fail(
              new AuthError({
                reason: "SignInRequired",
                problem: "There is no client id",
                hint: "Run innerspace login, or set INNERSPACE_CLIENT_ID and INNERSPACE_CLIENT_SECRET"
              })
            )
          )
        )
      )
    )
  )

/**
 * Warns if the generation of the API is deprecated. Runs only after the command has succeeded, so
 * that no warning precedes an error.
 */
const warnOfDeprecation = ({ chosen }: Settings): Effect.Effect<void> => {
  const { baseUrl, deprecation, version } = chosen
  if (deprecation === undefined || Api.isLoopback(new URL(baseUrl))) return Effect.void
  const since = deprecation.since === undefined ? "" : ` since ${deprecation.since}`
  return Effect.logWarning(
    `InnerSpace marks ${version} of its API as deprecated${since}: use --api v2, or set INNERSPACE_DEPRECATION_WARNING=false`
  )
}

/** The stored token for these settings, unless there is none or it has expired. */
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

/** Removes the stored token. Returns whether there was a token. */
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

/** When a token expires, in ISO 8601, or null if the token does not say when. */
export const expiryOf = ({ expiresAt }: AccessToken.AccessToken): string | null =>
  Option.match(expiresAt, {
    onNone: () => null,
    onSome: (at) => new Date(at.epochMillis).toISOString()
  })
