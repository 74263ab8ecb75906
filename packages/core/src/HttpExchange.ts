/**
 * One HTTP request and its whole answer: what calls and token requests have in common.
 *
 * For those who write a token source of their own on `HttpClient`; calls need nothing from here.
 */
import type { HttpClient } from "@effect/platform/HttpClient"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { hostOf } from "./internal/hostOf.js"
import { httpClientTransport } from "./internal/httpClientTransport.js"
import { parseJson } from "./internal/parseJson.js"
import { readRetryAfter } from "./internal/readRetryAfter.js"
import { strikeOutText } from "./internal/strikeOutText.js"
import type { JsonValue } from "./JsonValue.js"
import { ResponseError, TransportError } from "./MetricsError.js"

/** An answer with its body, whatever its status. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** As UTF-8, with U+FFFD in place of what is none. */
  readonly body: string
  /** Whether the body is UTF-8. What is not, is no JSON either (RFC 8259, section 8.1). */
  readonly isUtf8: boolean
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
 * Sends a request and reads the whole answer.
 *
 * Interrupting it, or its timeout, aborts the request. No redirect is followed.
 *
 * Fails with a `TransportError` where no complete answer arrives, and with a `ResponseError` (`TooLarge`) where the body is
 * longer than the limit. What an error says has the given secrets struck out.
 */
export type Exchange<Request> = (
  request: Request,
  secrets: Secrets
) => Effect.Effect<Answer, TransportError | ResponseError>

/** A POST of a text: all that a call needs. */
export interface PostRequest {
  readonly url: string
  /** The content type among them. Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** Which of the headers must not be printed. */
  readonly secretHeader: string
  readonly body: string
}

/** An answer whose body is still to be read. */
export interface IncomingAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** The body, once: `accept` gets its bytes as they come, and ends the reading by failing. */
  readonly read: <E>(
    accept: (bytes: Uint8Array) => Effect.Effect<void, E>
  ) => Effect.Effect<void, TransportError | E>
  /** The whole body at once, in place of `read`, where the transport sees every `content-encoding`. */
  readonly bytes?: Effect.Effect<Uint8Array, TransportError>
}

/**
 * What carries requests: an `HttpClient`, or an adapter's own means.
 *
 * It follows no redirect, and closing the scope or interrupting it aborts the request. Of its error, the text that comes from
 * outside has the given secrets struck out.
 */
export type Transport<Request> = (
  request: Request,
  secrets: Secrets
) => Effect.Effect<IncomingAnswer, TransportError, Scope.Scope>

/**
 * An exchange over an `HttpClient`.
 *
 * Requests carry no trace headers and make no spans of their own: the platform's would hold their headers.
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
export const make = (client: HttpClient, options: Options): Exchange<HttpClientRequest> =>
  makeWithTransport(httpClientTransport(client), options)

/**
 * An exchange over any transport.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * const exchangeOver = (transport: HttpExchange.Transport<HttpExchange.PostRequest>) =>
 *   HttpExchange.makeWithTransport(transport, { timeout: "5 seconds", maxBodySize: 1024 })
 * ```
 */
export const makeWithTransport = <Request extends { readonly url: string }>(
  transport: Transport<Request>,
  options: Options
): Exchange<Request> => {
  const timeout = Duration.decode(options.timeout)
  return (request, secrets) =>
    transport(request, secrets).pipe(
      Effect.flatMap((incoming) =>
        Effect.zipWith(
          readBody(incoming, options.maxBodySize),
          Clock.currentTimeMillis,
          (bytes, receivedAt) => ({
            status: incoming.status,
            headers: incoming.headers,
            ...decodeUtf8(bytes),
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
            problem: `No complete answer from ${hostOf(request.url)} within ${Duration.format(timeout)}`,
            hint: "Ask for less at a time, or raise the timeout"
          })
      })
    )
}

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
  answer.isUtf8 ? Either.getRight(parseJson(answer.body)) : Option.none()

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
export const strikeOut = (text: string, secrets: Secrets): string => strikeOutText(text, secrets)

const readBody = (
  incoming: IncomingAnswer,
  maxBodySize: number
): Effect.Effect<Uint8Array, TransportError | ResponseError> => {
  const tooLarge = (size: string) =>
    Effect.fail(
      new ResponseError({
        reason: "TooLarge",
        problem: `The answer's body has ${size} bytes, more than the limit of ${maxBodySize}`,
        hint: "Ask for fewer rows or columns, or raise maxBodySize",
        status: incoming.status,
        excerpt: ""
      })
    )
  const declared = incoming.headers["content-length"]
  if (declared !== undefined && Number(declared) > maxBodySize) return tooLarge(declared)
  // HTTP ends a body at its declared length, so only an encoded one can still grow.
  if (
    declared !== undefined &&
    incoming.headers["content-encoding"] === undefined &&
    incoming.bytes !== undefined
  ) {
    return incoming.bytes
  }
  return Effect.suspend(() => {
    const pieces: Array<Uint8Array> = []
    let size = 0
    return Effect.map(
      incoming.read((piece) => {
        size += piece.length
        if (size > maxBodySize) return tooLarge(`at least ${size}`)
        pieces.push(piece)
        return Effect.void
      }),
      () => join(pieces, size)
    )
  })
}

const join = (pieces: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const whole = new Uint8Array(size)
  let end = 0
  for (const piece of pieces) {
    whole.set(piece, end)
    end += piece.length
  }
  return whole
}

const decodeUtf8 = (bytes: Uint8Array): Pick<Answer, "body" | "isUtf8"> => {
  const strict = Either.try(() => strictDecoder.decode(bytes))
  return Either.isRight(strict)
    ? { body: strict.right, isUtf8: true }
    : { body: lenientDecoder.decode(bytes), isUtf8: false }
}

// Whole bodies only, so a decoder keeps nothing from one to the next.
const strictDecoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true })
const lenientDecoder = /* @__PURE__ */ new TextDecoder()
