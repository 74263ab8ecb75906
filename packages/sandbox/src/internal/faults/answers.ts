import { errorText } from "./errorText.js"
import type { Fault, Options } from "./Fault.js"
import { make } from "./Fault.js"
import type { Encoding, RefusalStatus } from "./FaultEffect.js"

/**
 * Status 401, as for a rejected session or from a proxy in front of the API.
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
 * A rejection in Auth0's words. The default target is `token`, and the default status is 401. The
 * default words depend on the status: 401 means wrong credentials, 403 means a client without a
 * grant, and 400 means a missing parameter.
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
 * Status 429. The headers `Retry-After` and `x-ratelimit-reset` are sent only if they are given.
 * `Retry-After` is a number of seconds or an HTTP date, and `x-ratelimit-reset` is in seconds since
 * the epoch. Each value can be a number or any text. The text is not checked.
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
 * Status 503 with a body of HTML, as from a load balancer.
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
 * A page of HTML instead of the real response, as from a captive portal or a gateway. The default
 * status is 200.
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
 * Hasura's response to an expired token, which has status 200 and an error with the code
 * `invalid-jwt`. The token in fact remains valid.
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
 * One error and no data, as in Hasura's responses, with any code. The default status is 200, and
 * the default path is `$`.
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
 * A redirect to a path of the same origin or to another origin. The default status is 307.
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
 * Any response, as text or bytes. By default, it has status 200 and no headers.
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
 * Streams exactly `bytes` bytes of a GraphQL response, without a `content-length`.
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
 * A small body that decompresses to exactly `bytes` bytes, even if the client does not accept the
 * encoding. The default encoding is gzip.
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
