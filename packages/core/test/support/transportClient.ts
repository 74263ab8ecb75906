/** Clients over a transport of the test's own, where time has to be virtual from end to end. */
import * as Api from "@innerspace-metrics/core/Api"
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

export type PostTransport = HttpExchange.Transport<HttpExchange.PostRequest>

const oneToken = TokenProvider.layerStatic({
  value: Redacted.make("token"),
  header: Api.v1.credential
})

/** A client with one token, unless it is given a way to others. */
export const clientOver = (
  transport: PostTransport,
  options: MetricsClient.Options,
  tokens: Layer.Layer<TokenProvider.TokenProvider, AuthError> = oneToken
) =>
  MetricsClient.makeWithTransport(transport, options).pipe(
    Effect.provide(QueryBuilder.layer),
    Effect.provide(tokens)
  )

/** An answer whose body is whole at once. */
export const answer = (
  status: number,
  body: string,
  headers: { readonly [name: string]: string } = {}
): HttpExchange.IncomingAnswer => ({
  status,
  headers,
  read: (accept) => accept(new TextEncoder().encode(body))
})

/** What answers `typename`. */
export const answered = answer(200, '{"data":{"__typename":"query_root"}}')

/** An operation that costs the server nothing. */
export const typename = {
  document: "query { __typename }",
  schema: Schema.Struct({ __typename: Schema.String })
}
