import type { Auth0Client } from "@auth0/auth0-spa-js"
import { describe, expectTypeOf, it } from "@effect/vitest"
import { BrowserMetrics, BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import type {
  MetricsClient,
  MetricsError,
  QueryBuilder,
  TokenProvider
} from "@innerspace-metrics/core"
import type { PromiseMetricsClient } from "@innerspace-metrics/core/PromiseClient"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"

declare const auth0: Auth0Client
declare const token: BrowserTokenProvider.Source

describe("types", () => {
  it("sources accept Auth0's own client, and callbacks of both kinds", () => {
    const uses = () => [
      BrowserTokenProvider.fromAuth0(auth0),
      BrowserTokenProvider.fromAuth0({ getTokenSilently: auth0.getTokenSilently }),
      BrowserTokenProvider.fromCallback(async ({ isRefused }) => (isRefused ? undefined : "token")),
      BrowserTokenProvider.fromCallback(() => Effect.fail("no"))
    ]
    expectTypeOf(uses).returns.items.toEqualTypeOf<BrowserTokenProvider.Source>()
  })

  it("layers need no service of the app and only fail with a ConfigurationError", () => {
    expectTypeOf(BrowserMetrics.layer).returns.toEqualTypeOf<
      Layer.Layer<
        MetricsClient.MetricsClient | QueryBuilder.QueryBuilder | TokenProvider.TokenProvider,
        MetricsError.ConfigurationError
      >
    >()
    expectTypeOf(createMetricsClient).returns.toEqualTypeOf<PromiseMetricsClient>()
  })

  it("options have no place for a client secret", () => {
    const secret = { clientSecret: "secret" }
    const refused = () => [
      // @ts-expect-error: a browser keeps no secret
      BrowserMetrics.layer({ token, clientSecret: "secret" }),
      // @ts-expect-error: a browser has no client credentials
      BrowserMetrics.layer({ token, clientId: "id" }),
      // @ts-expect-error: the promise client accepts no secret either
      createMetricsClient({ token, clientSecret: "secret" }),
      // @ts-expect-error: a secret is not a source of tokens
      BrowserMetrics.layer({ token: secret }),
      // @ts-expect-error: a source has no option for a secret
      BrowserTokenProvider.fromAuth0(auth0, { clientSecret: "secret" }),
      // @ts-expect-error: a callback has no option for a secret
      BrowserTokenProvider.fromCallback(async () => "token", { clientSecret: "secret" }),
      // @ts-expect-error: the source of tokens is missing
      BrowserMetrics.layer({}),
      // @ts-expect-error: a token must be text
      BrowserTokenProvider.fromCallback(async () => 71)
    ]
    expectTypeOf(refused).toBeFunction()
  })
})
