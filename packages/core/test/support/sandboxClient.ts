/** Layers for a sandbox, for a login to this sandbox over fetch, and for clients that use it. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

/** Logs in without an adapter. This shows that a program can get a token in any way. */
const tokens = ({ credential, token, version }: Api.Api) =>
  Layer.unwrapEffect(
    Effect.map(Sandbox.Sandbox, (sandbox) =>
      TokenProvider.layer(
        Effect.tryPromise({
          try: async (): Promise<unknown> => {
            const response = await fetch(sandbox.urls[version] + token.path, {
              method: "POST",
              headers: { "content-type": "application/json" },
              body: JSON.stringify({
                client_id: sandbox.clientId,
                client_secret: Redacted.value(sandbox.clientSecret),
                audience: token.audience
              })
            })
            return token.answer.reduce<unknown>(
              (value, key) => Reflect.get(Object(value), key),
              await response.json()
            )
          },
          catch: () =>
            new AuthError({ reason: "Unreachable", problem: "No token", hint: "See the test" })
        }).pipe(
          Effect.flatMap((value) =>
            AccessToken.make({ value: Redacted.make(String(value)), header: credential })
          )
        )
      )
    )
  )

/** All layers that a client of one generation needs, except for the sandbox. */
export const services = (api: Api.Api) =>
  Layer.mergeAll(tokens(api), QueryBuilder.layer, FetchHttpClient.layer)

/** The layers of a client of v1. */
export const TestLive = services(Api.v1).pipe(Layer.provideMerge(Sandbox.layer()))

/** A client of the sandbox's v1. */
export const client = (options?: MetricsClient.Options) =>
  Effect.flatMap(Sandbox.Sandbox, (sandbox) =>
    MetricsClient.make({ api: Api.withBaseUrl(Api.v1, sandbox.urls.v1), ...options })
  )

/** The sandbox, reset to its initial state. */
export const fresh = Effect.tap(Sandbox.Sandbox, (sandbox) => sandbox.control.reset)

/** The operations that the GraphQL endpoint received. */
export const operations = Effect.flatMap(Sandbox.Sandbox, (sandbox) =>
  Effect.map(sandbox.control.requests, (requests) =>
    requests.flatMap(({ kind, operationName }) => (kind === "graphql" ? [operationName] : []))
  )
)
