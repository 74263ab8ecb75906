/**
 * One HTTP request and its complete response. Calls and token requests consist of such exchanges.
 *
 * Use this module in code that implements its own token source, or that sends requests without an
 * `HttpClient`. Code that only makes calls does not need this module.
 */
import type { HttpClient } from "@effect/platform/HttpClient"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { exchangesOverHttpClient } from "#exchangesOverHttpClient"
import * as bodyLimit from "./internal/http/body.js"
import { toAnswer } from "./internal/http/body.js"
import * as transportFailures from "./internal/http/failures.js"
import * as waits from "./internal/http/retryAfter.js"
import { checkOptions } from "./internal/options/check.js"
import { isAboveZero } from "./internal/options/kinds.js"
import { parseJson } from "./internal/parseJson.js"
import { excerptOf, lineOf } from "./internal/redact/beginning.js"
import { strikeOutText } from "./internal/redact/text.js"
import type { JsonValue } from "./JsonValue.js"
import type { ConfigurationError, ResponseError, TransportError } from "./MetricsError.js"

/** A POST request with a text body. Calls and token requests need no other kind of request. */
export interface PostRequest {
  readonly url: string
  /** The headers, including `content-type`. Names are in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** Name of the header whose value must not be printed. */
  readonly secretHeader?: string
  readonly body: string
}

/** A response as it was received. */
export interface ReceivedAnswer {
  readonly status: number
  /** The headers, with names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** The complete body in chunks, after decoding any content encoding. */
  readonly body: ReadonlyArray<Uint8Array>
}

/** A response of any status, with its body as text. */
export interface Answer {
  readonly status: number
  /** The headers, with names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /**
   * The body, decoded as UTF-8. If the body is not valid UTF-8, invalid bytes become U+FFFD and the
   * text ends after the first 64 KiB.
   */
  readonly body: string
  /** Whether the body is valid UTF-8. JSON must be valid UTF-8 (RFC 8259, section 8.1). */
  readonly isUtf8: boolean
  /** When the body was complete, in epoch milliseconds of the `Clock`. */
  readonly receivedAt: number
}

/** Values that must not be printed. */
export type Secrets = ReadonlyArray<Redacted.Redacted<string>>

/**
 * Limits of an exchange. The duration is not an option here, because the caller limits the
 * duration.
 */
export interface Options {
  /** Maximum length of the body in bytes, after decoding any content encoding. */
  readonly maxBodySize: number
}

/**
 * A function that sends requests instead of an `HttpClient`. An adapter can implement it without
 * fibers.
 *
 * The transport starts the request, and calls `done` once, with the complete response or an error.
 * It does not follow redirects. It returns a function that aborts the request. After an abort, the
 * transport need not call `done`.
 *
 * If all connections are in use, the transport calls `onWait` and waits. When the transport then
 * sends the request, it calls the function that `onWait` returned. During this wait, the timeout of
 * the attempt is paused. The deadline of the call is not paused.
 *
 * The error is a `TransportError` if no complete response arrives (see `noAnswer` and `brokenOff`),
 * or a `ResponseError` (`TooLarge`) if the body is longer than the limit (see `collectBody`). The
 * transport must redact the given secrets in the texts of errors.
 */
export type Transport = (
  request: PostRequest,
  secrets: Secrets,
  options: Options,
  done: (result: Either.Either<ReceivedAnswer, TransportError | ResponseError>) => void,
  onWait?: () => () => void
) => () => void

/**
 * Sends a request and reads the complete response. Interrupting the effect aborts the request.
 * Redirects are not followed.
 *
 * Fails with a `TransportError` if no complete response arrives, and with a `ResponseError`
 * (`TooLarge`) if the body is longer than the limit. The given secrets are redacted in the texts of
 * errors.
 */
export type Exchange = (
  request: PostRequest,
  secrets: Secrets
) => Effect.Effect<Answer, TransportError | ResponseError>

/**
 * Creates an exchange over the app's `HttpClient`.
 *
 * The exchange creates no spans and sends no trace headers, because a span of `@effect/platform`
 * contains the request headers.
 *
 * In Node, the effect loads `@effect/platform` first. Fails with a `ConfigurationError`:
 * `UnsupportedRuntime` if `@effect/platform` cannot be loaded, `InvalidOption` if `maxBodySize` is
 * not a number above 0.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const status = Effect.gen(function* () {
 *   const send = yield* HttpExchange.make({ maxBodySize: 1024 })
 *   const headers = { "content-type": "application/json" }
 *   return (yield* send({ url: "https://broker.example/token", headers, body: "{}" }, [])).status
 * })
 * ```
 */
export const make = (options: Options): Effect.Effect<Exchange, ConfigurationError, HttpClient> =>
  Effect.zipRight(
    checkOptions({ maxBodySize: isAboveZero }, options),
    Effect.map(exchangesOverHttpClient, (exchangeWith): Exchange => {
      const receive = exchangeWith(options)
      return (request, secrets) =>
        Effect.flatMap(receive(request, secrets), (received) =>
          Effect.clockWith((clock) => Effect.succeed(toAnswer(received, clock)))
        )
    })
  )

/**
 * Creates an exchange over a transport.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * const exchangeOver = (transport: HttpExchange.Transport) =>
 *   HttpExchange.makeWithTransport(transport, { maxBodySize: 1024 })
 * ```
 */
export const makeWithTransport =
  (transport: Transport, options: Options): Exchange =>
  (request, secrets) =>
    Effect.clockWith((clock) =>
      Effect.async((resume) => {
        const abort = transport(request, secrets, options, (result) =>
          resume(Either.map(result, (received) => toAnswer(received, clock)))
        )
        return Effect.sync(abort)
      })
    )

/** A body that is being received. */
export interface BodyCollector {
  /** Set if the declared length exceeds the limit. The transport should then not read the body. */
  readonly refusal: ResponseError | undefined
  /**
   * Accepts the next bytes. Returns an error if the body now exceeds the limit. The transport
   * should then stop reading.
   */
  readonly accept: (bytes: Uint8Array) => ResponseError | undefined
  /** All chunks that were accepted. */
  readonly chunks: ReadonlyArray<Uint8Array>
}

/**
 * Collects a body as it arrives, up to a limit, for transports.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * const collector = HttpExchange.collectBody(200, {}, { maxBodySize: 4 })
 * collector.accept(new Uint8Array(5))?.reason // "TooLarge"
 * ```
 */
export const collectBody: (
  status: number,
  headers: { readonly [name: string]: string },
  options: Options
) => BodyCollector = bodyLimit.collectBody

/**
 * Returns the error of a request without a response, for transports. The reason of the error
 * follows from the error codes of Node's sockets, Node's TLS and undici. Browsers have no such
 * codes.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" })
 * HttpExchange.noAnswer("https://api.innerspace.io", cause, []).reason // "Unreachable"
 * ```
 */
export const noAnswer: (url: string, cause: unknown, secrets: Secrets) => TransportError =
  transportFailures.noAnswer

/**
 * Returns the error of a response that ended before it was complete, for transports.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * const cause = new Error("other side closed")
 * HttpExchange.brokenOff("https://api.innerspace.io", cause, []).reason // "ConnectionLost"
 * ```
 */
export const brokenOff: (url: string, cause: unknown, secrets: Secrets) => TransportError =
  transportFailures.brokenOff

/**
 * Returns the body as JSON, or `None` if the body is not JSON.
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
 * How long the response asks the client to wait: `Retry-After` in seconds or as a date (RFC 9110,
 * section 10.2.3). If the response reports a rate limit (by default: status 429) and has no
 * `Retry-After`, the header `x-ratelimit-reset` is read. Auth0 sends this header as epoch seconds,
 * and other servers send it as seconds from now. In other responses, `x-ratelimit-reset` is
 * ignored.
 *
 * If there are several values, the longest wait is returned. A wait is at most 30 days. Dates are
 * compared with the response's `Date` header, or with this machine's clock if there is no such
 * header.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * const mustWait = (answer: HttpExchange.Answer) => HttpExchange.retryAfter(answer) !== undefined
 * ```
 */
export const retryAfter = (
  answer: Answer,
  isRateLimit = answer.status === 429
): Duration.Duration | undefined =>
  waits.readRetryAfter(answer.headers, answer.receivedAt, isRateLimit)

/**
 * Returns the hint of an error if the server asked the client to wait. The hint has the wait in
 * whole seconds.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 * import * as Duration from "effect/Duration"
 *
 * HttpExchange.comeBack(Duration.millis(1_500)) // "Try again in 2s"
 * ```
 */
export const comeBack: (wait: Duration.Duration) => string = waits.comeBack

/**
 * Returns the first 200 characters of the body, on one line and with secrets redacted. Only the
 * first 4,000 characters of a long body are read.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * const show = (answer: HttpExchange.Answer, secrets: HttpExchange.Secrets) =>
 *   `HTTP ${answer.status}: ${HttpExchange.excerpt(answer, secrets)}`
 * ```
 */
export const excerpt = (answer: Answer, secrets: Secrets): string => excerptOf(answer.body, secrets)

/**
 * Returns a server's text as a part of an error message: one line of at most 300 characters, with
 * secrets redacted. Text with markup is left out, because it is a web page and not a message.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * HttpExchange.line("no such\n  client", []) // "no such client"
 * ```
 */
export const line: (text: string, secrets: Secrets) => string = (text, secrets) =>
  lineOf(text, secrets)

/**
 * Redacts secrets in a text from outside this program, because a server may echo a request. A
 * secret is also redacted in any escaped form that it can have in a form body or in JSON.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 * import * as Redacted from "effect/Redacted"
 *
 * // "no client with secret <redacted>"
 * HttpExchange.strikeOut("no client with secret s3cret", [Redacted.make("s3cret")])
 * ```
 */
export const strikeOut: (text: string, secrets: Secrets) => string = strikeOutText
