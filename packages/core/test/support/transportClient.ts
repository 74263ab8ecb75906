/** Clients over a transport that the test defines, for tests in which all time is virtual. */
import * as Api from "@innerspace-metrics/core/Api"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type {
  AuthError,
  ConfigurationError,
  ResponseError,
  TransportError
} from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"

export const oneToken = TokenProvider.layerStatic({
  value: Redacted.make("token"),
  header: Api.v1.credential
})

/**
 * The function with which the server of a test responds to a request. It may wait by the test's
 * clock.
 */
export type Respond = (
  request: HttpExchange.PostRequest
) => Effect.Effect<HttpExchange.ReceivedAnswer, TransportError | ResponseError>

/**
 * A transport to the server of a test. Like a real transport, it fails if a body exceeds the size
 * limit.
 */
const transportTo = (respond: Respond) =>
  Effect.map(
    Effect.runtime(),
    (runtime): HttpExchange.Transport =>
      (request, _, options, done) => {
        const fiber = Runtime.runFork(runtime)(
          Effect.flatMap(respond(request), (answer) => {
            const collector = HttpExchange.collectBody(answer.status, answer.headers, options)
            const refusal =
              collector.refusal ??
              answer.body
                .map((chunk) => collector.accept(chunk))
                .find((problem) => problem !== undefined)
            return refusal === undefined ? Effect.succeed(answer) : Effect.fail(refusal)
          }).pipe(Effect.either)
        )
        fiber.addObserver((exit) => {
          if (Exit.isSuccess(exit)) done(exit.value)
        })
        return () => fiber.unsafeInterruptAsFork(FiberId.none)
      }
  )

/** A client whose token never changes, unless the test passes a provider. */
export const clientOver = (
  respond: Respond,
  options: MetricsClient.Options,
  tokens: Layer.Layer<TokenProvider.TokenProvider, AuthError | ConfigurationError> = oneToken
) =>
  transportTo(respond).pipe(
    Effect.flatMap((transport) => MetricsClient.makeWithTransport(transport, options)),
    Effect.provide(QueryBuilder.layer),
    Effect.provide(tokens)
  )

/** A response whose body has already arrived. */
export const answer = (
  status: number,
  body: string,
  headers: { readonly [name: string]: string } = {}
): HttpExchange.ReceivedAnswer => ({ status, headers, body: [new TextEncoder().encode(body)] })

/** The response to `typename`. */
export const answered = answer(200, '{"data":{"__typename":"query_root"}}')

/** An operation that costs the server nothing. */
export const typename = {
  document: "query { __typename }",
  schema: Schema.Struct({ __typename: Schema.String })
}
