import { errorText } from "./errorText.js"
import type { Fault, Options } from "./Fault.js"
import { make } from "./Fault.js"
import type { Encoding, RefusalStatus } from "./FaultEffect.js"

/**
 * Status 401, as a proxy in front of the API or a refused session gives.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const twice = Fault.unauthorized({ times: 2 })
 * ```
 */
export const unauthorized = (options?: Options): Fault => make({ _tag: "Unauthorized" }, options)

/**
 * A refusal in Auth0's words. The target is `token` unless given, the status 401, and the words are
 * those for the status: wrong credentials for 401, a client without a grant for 403, a request that
 * lacks something for 400.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const wrongSecret = Fault.refused()
 * const refreshTokenGone = Fault.refused({
 *   api: "login",
 *   status: 403,
 *   error: "invalid_grant",
 *   description: "Unknown or invalid refresh token."
 * })
 * ```
 */
export const refused = (
  options: Options & {
    readonly status?: RefusalStatus
    readonly error?: string
    readonly description?: string
  } = {}
): Fault =>
  make(
    {
      _tag: "Refused",
      status: options.status ?? 401,
      ...(options.error === undefined ? {} : { error: options.error }),
      ...(options.description === undefined ? {} : { description: options.description })
    },
    { ...options, target: options.target ?? "token" }
  )

/**
 * Status 429. The headers `Retry-After` and `x-ratelimit-reset` are sent only if given: a number,
 * or any text. The first one is seconds or an HTTP date, the second one seconds since the epoch;
 * what is sent is not checked.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const waitSevenSeconds = Fault.rateLimited({ retryAfter: 7 })
 * const nonsense = Fault.rateLimited({ retryAfter: "soon" })
 * ```
 */
export const rateLimited = (
  options: Options & {
    readonly retryAfter?: number | string
    readonly rateLimitReset?: number | string
  } = {}
): Fault =>
  make(
    {
      _tag: "RateLimited",
      ...(options.retryAfter === undefined ? {} : { retryAfter: options.retryAfter }),
      ...(options.rateLimitReset === undefined ? {} : { rateLimitReset: options.rateLimitReset })
    },
    options
  )

/**
 * Status 503 with a body of HTML, as a load balancer gives.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const noTokens = Fault.unavailable({ target: "token" })
 * ```
 */
export const unavailable = (options?: Options): Fault => make({ _tag: "Unavailable" }, options)

/**
 * A page of HTML with a status, 200 unless given: what a captive portal or a gateway puts in place
 * of the answer.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const badGateway = Fault.html({ status: 502 })
 * ```
 */
export const html = (options: Options & { readonly status?: number } = {}): Fault =>
  make({ _tag: "Html", status: options.status ?? 200 }, options)

/**
 * Hasura's answer to an expired token: status 200 and an error with the code `invalid-jwt`. The
 * token stays good.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const expired = Fault.invalidJwt()
 * ```
 */
export const invalidJwt = (options?: Options): Fault => make({ _tag: "InvalidJwt" }, options)

/**
 * One error and no data, as Hasura answers: status 200 unless given, any code, the path `$` unless
 * given.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const overload = Fault.graphqlError({ code: "postgres-max-connections-error" })
 * ```
 */
export const graphqlError = (
  options: Options & {
    readonly code: string
    readonly message?: string
    readonly path?: string
    readonly status?: number
  }
): Fault =>
  make(
    {
      _tag: "GraphqlError",
      code: options.code,
      status: options.status ?? 200,
      ...errorText(options)
    },
    options
  )

/**
 * A redirect to a path of the same origin or to another one. The status is 307 unless given.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const elsewhere = Fault.redirect({ location: "http://localhost:4001/" })
 * ```
 */
export const redirect = (
  options: Options & {
    readonly location: string
    readonly status?: 301 | 302 | 303 | 307 | 308
  }
): Fault =>
  make({ _tag: "Redirect", location: options.location, status: options.status ?? 307 }, options)

/**
 * Any answer at all, as text or bytes. The status is 200 and there are no headers unless given.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const maintenance = Fault.answer({
 *   target: "token",
 *   headers: { "content-type": "text/html" },
 *   body: "<h1>We will be back</h1>"
 * })
 * ```
 */
export const answer = (
  options: Options & {
    readonly status?: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body: string | Uint8Array
  }
): Fault =>
  make(
    {
      _tag: "Answer",
      status: options.status ?? 200,
      headers: options.headers ?? {},
      body: typeof options.body === "string" ? options.body : { base64: options.body }
    },
    options
  )

/**
 * Streams exactly `bytes` bytes that read as a GraphQL answer, without saying how many there will
 * be.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const huge = Fault.hugeBody({ bytes: 50_000_000 })
 * ```
 */
export const hugeBody = (options: Options & { readonly bytes: number }): Fault =>
  make({ _tag: "HugeBody", bytes: options.bytes }, options)

/**
 * A small body that expands to exactly `bytes` bytes, compressed with gzip unless given, whatever
 * the client accepts.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const bomb = Fault.compressionBomb({ bytes: 1_000_000_000 })
 * ```
 */
export const compressionBomb = (
  options: Options & { readonly bytes: number; readonly encoding?: Encoding }
): Fault =>
  make({ _tag: "HugeBody", bytes: options.bytes, encoding: options.encoding ?? "gzip" }, options)
