/** An `HttpClient` as the means to carry requests. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { IncomingAnswer, PostRequest, Secrets, Transport } from "../HttpExchange.js"
import { TransportError, type TransportReason } from "../MetricsError.js"
import { causeText } from "./causeText.js"
import { hostOf } from "./hostOf.js"
import { strikeOutText } from "./strikeOutText.js"

export const httpClientTransport = (
  client: HttpClient.HttpClient
): Transport<HttpClientRequest.HttpClientRequest> => {
  const scoped = client.pipe(
    HttpClient.withTracerDisabledWhen(() => true),
    HttpClient.withTracerPropagation(false),
    HttpClient.withScope
  )
  return (request, secrets) =>
    withoutRedirects(scoped.execute(request)).pipe(
      Effect.mapBoth({
        onFailure: (error) => requestFailed(error, secrets),
        onSuccess: (response) => incoming(response, secrets)
      }),
      Effect.locallyWith(Headers.currentRedactedNames, (names) => [...names, notPrintable])
    )
}

/**
 * The app's own client may print its requests and answers. Of their headers it can print these alone: what carries a credential, a
 * cookie or an address is none of them, whatever its name.
 */
const notPrintable =
  /^(?!(?:accept|content-(?:encoding|length|type)|date|retry-after|x-ratelimit-(?:limit|remaining|reset)|x-request-id)$)/i

/** The same for the POST of a call. */
export const httpClientPosts = (client: HttpClient.HttpClient): Transport<PostRequest> => {
  const transport = httpClientTransport(client)
  return ({ body, headers, secretHeader, url }, secrets) =>
    transport(
      HttpClientRequest.bodyText(
        HttpClientRequest.post(url, { headers }),
        body,
        headers["content-type"]
      ),
      secrets
    ).pipe(
      // An API can carry its credential under a name that is printable otherwise.
      Effect.locallyWith(Headers.currentRedactedNames, (names) => [...names, secretHeader])
    )
}

/** A `fetch` follows redirects by itself and takes every header but `authorization` along. Other clients do neither. */
const withoutRedirects = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.serviceOption(FetchHttpClient.RequestInit), (init) =>
    Effect.provideService(effect, FetchHttpClient.RequestInit, {
      ...Option.getOrUndefined(init),
      redirect: "manual"
    })
  )

const incoming = (response: HttpClientResponse, secrets: Secrets): IncomingAnswer => {
  const bodyFailed = (error: HttpClientError.HttpClientError) =>
    new TransportError({
      reason: "ConnectionLost",
      problem: `The connection to ${hostOf(response.request.url)} broke before the answer was complete: ${strikeOutText(causeText(error.cause), secrets)}`,
      hint: "Try again; if it stays so, look at what stands between here and the API"
    })
  return {
    status: response.status,
    headers: response.headers,
    read: (accept) =>
      response.stream.pipe(
        // A fetch has no body where it met a redirect that it does not follow.
        Stream.catchAll((error) =>
          error.reason === "EmptyBody" ? Stream.empty : Stream.fail(bodyFailed(error))
        ),
        Stream.runForEach(accept)
      ),
    // A browser expands a body and hides its encoding where the API is of another origin, so its length says nothing.
    ...("location" in globalThis
      ? {}
      : {
          bytes: Effect.mapBoth(response.arrayBuffer, {
            onFailure: bodyFailed,
            onSuccess: (buffer) => new Uint8Array(buffer)
          })
        })
  }
}

const requestFailed = (
  error: HttpClientError.HttpClientError,
  secrets: Secrets
): TransportError => {
  const text = strikeOutText(causeText(error.cause), secrets)
  const { reason, problem, hint } = classify(text)
  return new TransportError({
    reason,
    problem: `${problem} ${hostOf(error.request.url)}: ${text}`,
    hint
  })
}

interface Classification {
  readonly reason: TransportReason
  readonly problem: string
  readonly hint: string
}

/** By the codes of Node's sockets, its TLS and undici; browsers give none and say as little as they can. */
const classify = (text: string): Classification => {
  if (
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT|Proxy response/.test(
      text
    )
  ) {
    return {
      reason: "Unreachable",
      problem: "Cannot connect to",
      hint: "Check the base URL, the network and, where there is one, the proxy"
    }
  }
  if (/CERT|SSL|TLS|UNABLE_TO_VERIFY|SELF_SIGNED/.test(text)) {
    return {
      reason: "Insecure",
      problem: "No trusted TLS connection to",
      hint: "Check the base URL; for a company's own certificate authority set NODE_EXTRA_CA_CERTS"
    }
  }
  return {
    reason: /ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed/.test(text)
      ? "ConnectionLost"
      : "Unreachable",
    problem: "No answer from",
    hint: "Try again; if it stays so, check the base URL and the network"
  }
}
