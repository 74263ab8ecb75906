/** An exchange over an `HttpClient`. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Options, PostRequest, ReceivedAnswer, Secrets } from "../../HttpExchange.js"
import type { ResponseError, TransportError } from "../../MetricsError.js"
import { collectBody } from "./body.js"
import { brokenOff, noAnswer } from "./failures.js"

/** Sends a request and receives the whole response. */
export type Receive = (
  request: PostRequest,
  secrets: Secrets
) => Effect.Effect<ReceivedAnswer, TransportError | ResponseError>

export const httpClientExchange = (client: HttpClient.HttpClient, options: Options): Receive => {
  const scoped = client.pipe(
    HttpClient.withTracerDisabledWhen(() => true),
    HttpClient.withTracerPropagation(false),
    HttpClient.withScope
  )
  return ({ body, headers, secretHeader, url }, secrets) =>
    withoutRedirects(
      scoped.execute(
        HttpClientRequest.bodyText(
          HttpClientRequest.post(url, { headers }),
          body,
          headers["content-type"]
        )
      )
    ).pipe(
      Effect.mapError((error) => noAnswer(url, error.cause, secrets)),
      Effect.flatMap((response) => received(response, url, secrets, options)),
      Effect.scoped,
      Effect.locallyWith(Headers.currentRedactedNames, (names) => [
        ...names,
        notPrintable,
        // The header that carries the token must not be printed, even if its name is one of the
        // printable names.
        ...(secretHeader === undefined ? [] : [secretHeader])
      ])
    )
}

/**
 * The names of the headers that must not be printed: all names except those listed here. The app's
 * own `HttpClient` can print its requests and responses. None of the listed headers carries a
 * credential, a cookie or an address.
 */
const notPrintable =
  /^(?!(?:accept|content-(?:encoding|length|type)|date|retry-after|x-ratelimit-(?:limit|remaining|reset)|x-request-id)$)/i

/**
 * Keeps `fetch` from following redirects. `fetch` would send every header except `authorization` to
 * the new address. The other HTTP clients do not follow redirects.
 */
const withoutRedirects = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.serviceOption(FetchHttpClient.RequestInit), (init) =>
    Effect.provideService(effect, FetchHttpClient.RequestInit, {
      ...Option.getOrUndefined(init),
      redirect: "manual"
    })
  )

const received = (
  { headers, status, stream }: HttpClientResponse,
  url: string,
  secrets: Secrets,
  options: Options
): Effect.Effect<ReceivedAnswer, TransportError | ResponseError> => {
  const collector = collectBody(status, headers, options)
  if (collector.refusal !== undefined) return Effect.fail(collector.refusal)
  return stream.pipe(
    Stream.catchAll((error) =>
      // For a redirect that `fetch` does not follow, `fetch` returns a response without a body.
      error.reason === "EmptyBody"
        ? Stream.empty
        : Stream.fail(brokenOff(url, error.cause, secrets))
    ),
    Stream.runForEach((bytes) => {
      const refusal = collector.accept(bytes)
      return refusal === undefined ? Effect.void : Effect.fail(refusal)
    }),
    // If the effect is interrupted, the finalizer of the stream may wait for bytes that never
    // arrive. `disconnect` does not wait for this finalizer. The scope closes next, which aborts
    // the request.
    Effect.disconnect,
    Effect.map(() => ({ status, headers, body: collector.chunks }))
  )
}
