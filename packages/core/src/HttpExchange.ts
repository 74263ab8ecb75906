/**
 * One HTTP request and its whole answer: what calls and token requests have in common.
 *
 * For those who write a token source of their own, or carry requests by other means than an
 * `HttpClient`; calls need nothing from here.
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
import { beginning as beginningOf, excerptOf, lineOf } from "./internal/redact/beginning.js"
import { strikeOutText } from "./internal/redact/text.js"
import type { JsonValue } from "./JsonValue.js"
import type { ConfigurationError, ResponseError, TransportError } from "./MetricsError.js"

/** A POST of a text: all that calls and token requests need. */
export interface PostRequest {
  readonly url: string
  /** The content type among them. Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** Which of the headers must not be printed. */
  readonly secretHeader?: string
  readonly body: string
}

/** An answer as it came. */
export interface ReceivedAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** All of it, after any content encoding was undone. */
  readonly body: Uint8Array
}

/** An answer with its body as text, whatever its status. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /**
   * As UTF-8. A body that is not UTF-8 has U+FFFD in place of what does not fit, and ends after its
   * first 64 KiB.
   */
  readonly body: string
  /** Whether the body is UTF-8. What is not, is no JSON either (RFC 8259, section 8.1). */
  readonly isUtf8: boolean
  /** When its body was complete, in epoch milliseconds by the Clock. */
  readonly receivedAt: number
}

/** Values that must not be printed. */
export type Secrets = ReadonlyArray<Redacted.Redacted<string>>

/** Limits of an exchange. How long it may take is its caller's to say. */
export interface Options {
  /** How long the body may be, in bytes, after any content encoding was undone. */
  readonly maxBodySize: number
}

/**
 * What carries requests in place of an `HttpClient`: an adapter's own means, which need no fiber.
 *
 * It begins to send the request, and hands over the whole answer, or why there is none, by calling
 * `done` once. It follows no redirect. What it returns aborts the request; `done` need not be
 * called then.
 *
 * Where it cannot send the request yet, as all its connections are in use, it calls `onWait`, and
 * what that returns when it sends it. In between the attempt's timeout does not run, only the
 * call's deadline.
 *
 * Left is a `TransportError` where no complete answer arrives, as `noAnswer` and `brokenOff` make
 * it, and a `ResponseError` (`TooLarge`) where the body is longer than the limit, as `collectBody`
 * says. What an error says has the given secrets struck out.
 */
export type Transport = (
  request: PostRequest,
  secrets: Secrets,
  options: Options,
  done: (result: Either.Either<ReceivedAnswer, TransportError | ResponseError>) => void,
  onWait?: () => () => void
) => () => void

/**
 * Sends a request and reads the whole answer. Interrupting it aborts the request. No redirect is
 * followed.
 *
 * Fails with a `TransportError` where no complete answer arrives, and with a `ResponseError`
 * (`TooLarge`) where the body is longer than the limit. What an error says has the given secrets
 * struck out.
 */
export type Exchange = (
  request: PostRequest,
  secrets: Secrets
) => Effect.Effect<Answer, TransportError | ResponseError>

/**
 * An exchange over the app's `HttpClient`.
 *
 * Requests carry no trace headers and make no spans of their own: the platform's would hold their
 * headers.
 *
 * In Node it loads `@effect/platform` first, and fails with a `ConfigurationError`
 * (`UnsupportedRuntime`) where it cannot. So it does (`InvalidOption`) for a limit that is not a
 * number above 0.
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
    Effect.map(exchangesOverHttpClient, (exchangeWith) => exchangeWith(options))
  )

/**
 * An exchange over any transport.
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
  /** Why nothing of it is to be read: it is declared to be longer than the limit. */
  readonly refusal: ResponseError | undefined
  /**
   * Takes the next bytes; answers why no more of it is to be read, where it has become longer than
   * the limit.
   */
  readonly accept: (bytes: Uint8Array) => ResponseError | undefined
  /** All that was accepted. */
  readonly bytes: () => Uint8Array
}

/**
 * Collects a body as it comes, up to a limit: for transports.
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
 * Why a request has no answer, by the codes of Node's sockets, its TLS and undici: for transports.
 * Browsers give no codes.
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
 * That an answer ended before it was complete: for transports.
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
 * How long the answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110, section
 * 10.2.3). Where the answer is a rate limit, by default one with status 429, also
 * `x-ratelimit-reset`, which Auth0 sends as epoch seconds and others as seconds from now: with
 * other answers it is no reason to wait.
 *
 * Of several values the longest counts. Dates are compared with the answer's `Date`, or with this
 * machine's clock where it has none. At most 30 days.
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
 * The hint of an error after which the server asked for a wait, in whole seconds.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 * import * as Duration from "effect/Duration"
 *
 * HttpExchange.comeBack(Duration.millis(1_500)) // "Come back in 2s"
 * ```
 */
export const comeBack: (wait: Duration.Duration) => string = waits.comeBack

/**
 * The first 200 characters of the body, on one line, secrets struck out. Of a long body, the first
 * 4,000 characters are looked at.
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
 * The first `limit` characters of a text from outside, secrets struck out: for what an error shows.
 * However long the text is, it takes no longer and keeps no more of it than that.
 *
 * @example
 * ```ts
 * import { HttpExchange } from "@innerspace-metrics/core"
 *
 * HttpExchange.beginning("no such client", 7, []) // "no such..."
 * ```
 */
export const beginning: (text: string, limit: number, secrets: Secrets) => string = (
  text,
  limit,
  secrets
) => beginningOf(text, limit, secrets)

/**
 * What a server says, as a part of an error's message: one line of at most 300 characters, secrets
 * struck out. Text with markup is a page and not a message, and is not shown.
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
 * Text from outside without the secrets, in any spelling that a form or JSON gives them: a server
 * may send back what it was sent.
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
