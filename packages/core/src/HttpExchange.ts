/**
 * One HTTP request and its complete response. Calls and token requests consist of such exchanges.
 *
 * Use it in code that implements its own token source, or that sends requests without an
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

/** A POST request with a text body, which is all that calls and token requests need. */
export interface PostRequest {
  readonly url: string
  /** Includes the content type. Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** Name of the header that must not be printed. */
  readonly secretHeader?: string
  readonly body: string
}

/** A response as it was received. */
export interface ReceivedAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** The complete body, after decoding any content encoding. */
  readonly body: Uint8Array
}

/** A response of any status, with its body as text. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /**
   * Decoded as UTF-8. If the body is not valid UTF-8, invalid bytes become U+FFFD and the text ends
   * after the first 64 KiB.
   */
  readonly body: string
  /** Whether the body is valid UTF-8. JSON must be (RFC 8259, section 8.1). */
  readonly isUtf8: boolean
  /** When the body was complete, in epoch milliseconds of the `Clock`. */
  readonly receivedAt: number
}

/** Values that must not be printed. */
export type Secrets = ReadonlyArray<Redacted.Redacted<string>>

/** Limits of an exchange. Its duration is limited by the caller. */
export interface Options {
  /** Maximum length of the body in bytes, after decoding any content encoding. */
  readonly maxBodySize: number
}

/**
 * Sends requests instead of an `HttpClient`. An adapter can implement it without fibers.
 *
 * It starts the request, and calls `done` once, with the complete response or an error. It does not
 * follow redirects. The function that it returns aborts the request; `done` need not be called
 * then.
 *
 * If it cannot send the request yet, because all its connections are in use, it calls `onWait`.
 * When it sends the request, it calls the function that `onWait` returned. Between these two calls
 * the attempt's timeout does not run, but the call's deadline does.
 *
 * Left is a `TransportError` if no complete response arrives (see `noAnswer` and `brokenOff`), or a
 * `ResponseError` (`TooLarge`) if the body is longer than the limit (see `collectBody`). The given
 * secrets must be redacted in the texts of errors.
 */
export type Transport = (
  request: PostRequest,
  secrets: Secrets,
  options: Options,
  done: (result: Either.Either<ReceivedAnswer, TransportError | ResponseError>) => void,
  onWait?: () => () => void
) => () => void

/**
 * Sends a request and reads the complete response. Interrupting it aborts the request. Redirects
 * are not followed.
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
 * Requests have no trace headers and no spans of their own, because the platform's spans would
 * contain the request headers.
 *
 * In Node it loads `@effect/platform` first. Fails with a `ConfigurationError`:
 * `UnsupportedRuntime` if that cannot be loaded, `InvalidOption` if the limit is not a number above
 * 0.
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
  /** Set if the declared length exceeds the limit: the body should not be read. */
  readonly refusal: ResponseError | undefined
  /**
   * Accepts the next bytes. Returns an error if the body now exceeds the limit: reading should
   * stop.
   */
  readonly accept: (bytes: Uint8Array) => ResponseError | undefined
  /** All bytes that were accepted. */
  readonly bytes: () => Uint8Array
}

/**
 * Collects a body as it arrives, up to a limit. For transports.
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
 * The error of a request without a response, classified by the error codes of Node's sockets,
 * Node's TLS and undici. For transports. Browsers have no such codes.
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
 * The error of a response that ended before it was complete. For transports.
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
 * The body as JSON, or `None` if it is not JSON.
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
 * section 10.2.3). If a rate limit (by default, status 429) has no `Retry-After`,
 * `x-ratelimit-reset` is read. Auth0 sends it as epoch seconds, other servers as seconds from now.
 * In responses that are not a rate limit, `x-ratelimit-reset` is ignored.
 *
 * The longest of several values is returned, up to 30 days. Dates are compared with the response's
 * `Date` header, or with this machine's clock if there is no such header.
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
 * The hint of an error if the server asked the client to wait: how long, in whole seconds.
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
 * The first 200 characters of the body, on one line and with secrets redacted. Only the first 4,000
 * characters of a long body are read.
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
 * A server's text as a part of an error message: one line of at most 300 characters, with secrets
 * redacted. Text with markup is left out, because it is a page and not a message.
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
 * Redacts secrets in an external text, in any spelling that a form or JSON can have, because a
 * server may echo what it received.
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
