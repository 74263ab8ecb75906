/**
 * One HTTP request and its whole answer: what calls and token requests have in common.
 *
 * For those who write a token source of their own on `HttpClient`; calls need nothing from here.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { causeText } from "./internal/causeText.js"
import { parseJson } from "./internal/parseJson.js"
import { readRetryAfter } from "./internal/readRetryAfter.js"
import type { JsonValue } from "./JsonValue.js"
import { ResponseError, TransportError, type TransportReason } from "./MetricsError.js"

/** An answer with its body, whatever its status. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Headers.Headers
  readonly body: string
  /** When its body was complete, in epoch milliseconds by the Clock. */
  readonly receivedAt: number
}

/** Values that must not be printed. */
export type Secrets = ReadonlyArray<Redacted.Redacted<string>>

/** Limits of an exchange. */
export interface Options {
  /** How long it may take, the body included. */
  readonly timeout: Duration.DurationInput
  /** How long the body may be, in bytes, after any content encoding was undone. */
  readonly maxBodySize: number
}

/**
 * A function that sends a request and reads the whole answer.
 *
 * Interrupting it, or its timeout, aborts the request. No redirect is followed. Requests carry no trace headers and make no spans of their own: the
 * platform's would hold their headers. What an error says has the given secrets struck out.
 *
 * Fails with a `TransportError` where no complete answer arrives, and with a `ResponseError` (`TooLarge`) where the body is
 * longer than the limit.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 * import * as HttpClient from "@effect/platform/HttpClient"
 * import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
 * import * as Effect from "effect/Effect"
 *
 * const status = Effect.gen(function* () {
 *   const client = yield* HttpClient.HttpClient
 *   const send = HttpExchange.make(client, { timeout: "5 seconds", maxBodySize: 1024 })
 *   return (yield* send(HttpClientRequest.get("https://api.innerspace.io"), [])).status
 * })
 * ```
 */
export const make = (
  client: HttpClient.HttpClient,
  options: Options
): ((
  request: HttpClientRequest,
  secrets: Secrets
) => Effect.Effect<Answer, TransportError | ResponseError>) => {
  const scoped = client.pipe(
    HttpClient.withTracerDisabledWhen(() => true),
    HttpClient.withTracerPropagation(false),
    HttpClient.withScope
  )
  const timeout = Duration.decode(options.timeout)
  return (request, secrets) =>
    withoutRedirects(scoped.execute(request)).pipe(
      Effect.mapError((error) => requestFailed(error, secrets)),
      Effect.flatMap((response) =>
        Effect.zipWith(
          readBody(response, options.maxBodySize, secrets),
          Clock.currentTimeMillis,
          (body, receivedAt) => ({
            status: response.status,
            headers: response.headers,
            body,
            receivedAt
          })
        )
      ),
      Effect.scoped,
      Effect.timeoutFail({
        duration: timeout,
        onTimeout: () =>
          new TransportError({
            reason: "Timeout",
            problem: `No complete answer from ${hostOf(request)} within ${Duration.format(timeout)}`,
            hint: "Ask for less at a time, or raise the timeout"
          })
      })
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

/**
 * The body as JSON; none where it is something else.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 * import * as Option from "effect/Option"
 *
 * const isJson = (answer: HttpExchange.Answer) => Option.isSome(HttpExchange.json(answer))
 * ```
 */
export const json = (answer: Answer): Option.Option<JsonValue> =>
  Either.getRight(parseJson(answer.body))

/**
 * How long the answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), else
 * `x-ratelimit-reset`, which Auth0 sends as epoch seconds and others as seconds from now.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * const mustWait = (answer: HttpExchange.Answer) => HttpExchange.retryAfter(answer) !== undefined
 * ```
 */
export const retryAfter = (answer: Answer): Duration.Duration | undefined =>
  readRetryAfter(answer.headers, answer.receivedAt)

/**
 * The first 200 characters of the body, on one line, secrets struck out.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * const show = (answer: HttpExchange.Answer, secrets: HttpExchange.Secrets) =>
 *   `HTTP ${answer.status}: ${HttpExchange.excerpt(answer, secrets)}`
 * ```
 */
export const excerpt = (answer: Answer, secrets: Secrets): string =>
  // Cut after striking out: half a token at the cut would not be recognised.
  strikeOut(answer.body, secrets).replace(/\s+/g, " ").trim().slice(0, 200)

/**
 * Text from outside without the secrets, in any spelling that a form or JSON gives them: a server may send back what it was
 * sent.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 * import * as Redacted from "effect/Redacted"
 *
 * HttpExchange.strikeOut("no client with secret s3cret", [Redacted.make("s3cret")]) // "no client with secret <redacted>"
 * ```
 */
export const strikeOut = (text: string, secrets: Secrets): string =>
  secrets
    .flatMap((secret) => spellings(Redacted.value(secret)))
    .filter((spelling) => spelling !== "")
    .reduce((rest, spelling) => rest.replaceAll(spelling, "<redacted>"), text)

const spellings = (secret: string): ReadonlyArray<string> => [
  secret,
  new URLSearchParams({ "": secret }).toString().slice(1),
  JSON.stringify(secret).slice(1, -1)
]

const readBody = (
  response: HttpClientResponse,
  maxBodySize: number,
  secrets: Secrets
): Effect.Effect<string, TransportError | ResponseError> => {
  const tooLarge = (size: string) =>
    Effect.fail(
      new ResponseError({
        reason: "TooLarge",
        problem: `The answer's body has ${size} bytes, more than the limit of ${maxBodySize}`,
        hint: "Ask for fewer rows or columns, or raise maxBodySize",
        status: response.status,
        excerpt: ""
      })
    )
  const bodyFailed = (error: HttpClientError.HttpClientError) =>
    new TransportError({
      reason: "ConnectionLost",
      problem: `The connection to ${hostOf(response.request)} broke before the answer was complete: ${strikeOut(causeText(error.cause), secrets)}`,
      hint: "Try again; if it stays so, look at what stands between here and the API"
    })
  const declared = response.headers["content-length"]
  if (declared !== undefined && Number(declared) > maxBodySize) return tooLarge(declared)
  // HTTP ends a body at its declared length, so only an encoded one can still grow.
  if (declared !== undefined && response.headers["content-encoding"] === undefined) {
    return Effect.mapError(response.text, bodyFailed)
  }
  return Effect.suspend(() => {
    const decoder = new TextDecoder()
    let size = 0
    let body = ""
    return response.stream.pipe(
      Stream.mapError(bodyFailed),
      Stream.runForEach((bytes) => {
        size += bytes.length
        if (size > maxBodySize) return tooLarge(`at least ${size}`)
        body += decoder.decode(bytes, { stream: true })
        return Effect.void
      }),
      Effect.map(() => body + decoder.decode())
    )
  })
}

const requestFailed = (
  error: HttpClientError.HttpClientError,
  secrets: Secrets
): TransportError => {
  const text = strikeOut(causeText(error.cause), secrets)
  const { reason, problem, hint } = classify(text)
  return new TransportError({
    reason,
    problem: `${problem} ${hostOf(error.request)}: ${text}`,
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
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT/.test(text)) {
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

const hostOf = (request: HttpClientRequest): string =>
  URL.canParse(request.url) ? new URL(request.url).host : "the API"
