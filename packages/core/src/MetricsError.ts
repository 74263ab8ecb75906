/**
 * The errors of this library, as values.
 *
 * Each error has a tag, a literal `reason`, a `hint` that names the next step, and the properties
 * `isRetryable` and `retryAfter`. An error has no reference to a request, a response, a token or a
 * secret. It contains only names, numbers, and text in which credentials are redacted.
 */
import type * as ConfigError from "effect/ConfigError"
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import { type Described, described } from "./internal/described.js"
import type { CallDetails, MetricsErrorShape } from "./internal/errors.js"

/**
 * Any failure of this library.
 *
 * @example
 * ```ts
 * import type { MetricsError } from "@innerspace-metrics/core"
 *
 * const show = (error: MetricsError.MetricsError): string =>
 *   error.isRetryable ? `${error._tag}, trying again may help` : error.hint
 * ```
 */
export type MetricsError = CallError | ConfigurationError

/** The errors with which a call can fail. */
export type CallError =
  | QueryError
  | AuthError
  | TransportError
  | ResponseError
  | GraphQLError
  | DecodeError

/**
 * Why a layer cannot be built.
 *
 * - `MissingCredentials`: the client id or the client secret is empty
 * - `InvalidBaseUrl`: the base URL is not an absolute `http:` or `https:` URL, or holds
 *   credentials, a query or a fragment
 * - `InsecureBaseUrl`: the base URL uses plain HTTP, and its host is not loopback
 * - `InvalidOption`: an option has an invalid value or an unknown name
 * - `InvalidConfiguration`: a setting is missing or malformed
 * - `UnsupportedRuntime`: the package is for another runtime, such as the Node adapter in a
 *   browser, or `@effect/platform` cannot be loaded
 */
type ConfigurationReason =
  | "MissingCredentials"
  | "InvalidBaseUrl"
  | "InsecureBaseUrl"
  | "InvalidOption"
  | "InvalidConfiguration"
  | "UnsupportedRuntime"

/** The fields of a `ConfigurationError`. */
interface ConfigurationErrorFields extends CallDetails {
  readonly reason: ConfigurationReason
  readonly problem: string
  readonly hint: string
}

/**
 * The layer cannot be built from its options. Retrying does not help.
 *
 * @example
 * ```ts
 * import type { MetricsError } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const explain = <A, R>(effect: Effect.Effect<A, MetricsError.ConfigurationError, R>) =>
 *   Effect.catchTag(effect, "ConfigurationError", (error) =>
 *     Effect.logError(`${error.reason}: ${error.hint}`)
 *   )
 * ```
 */
export class ConfigurationError
  extends Data.TaggedError("ConfigurationError")<Described<ConfigurationErrorFields>>
  implements MetricsErrorShape
{
  constructor(fields: ConfigurationErrorFields) {
    super(described(fields))
  }
  get isRetryable(): boolean {
    return false
  }
  get retryAfter(): undefined {
    return undefined
  }
}

/**
 * Why a query is not sent.
 *
 * - `UnknownTable`: the table is not in the server's schema, which only `CheckedQueryBuilder` reads
 * - `UnknownColumn`, `UnknownOperator`: the name is not in the catalogue, or not in the server's
 *   schema
 * - `NullComparison`: a filter compares with `null` or `undefined`
 * - `EmptySelection`: nothing is selected
 * - `EmptyFilter`: a filter has no operator
 * - `OpenDimension`: the filter does not limit a dimension of the table to one value or a list of
 *   values, so the rows would mix metrics, groups or granularities
 * - `InvalidRange`: a time range has a date, week, month, count or zone that is not valid, or its
 *   end is not after its start
 * - `InvalidValue`: a value does not fit the column's type, a number such as `limit` is out of
 *   range, or an option of the call cannot be used
 * - `InvalidName`: a name is not a GraphQL name
 * - `NotInlineable`: a value has no GraphQL literal, so it can only be sent in a variable
 */
type QueryReason =
  | "UnknownTable"
  | "UnknownColumn"
  | "UnknownOperator"
  | "NullComparison"
  | "EmptySelection"
  | "EmptyFilter"
  | "OpenDimension"
  | "InvalidRange"
  | "InvalidValue"
  | "InvalidName"
  | "NotInlineable"

/** The fields of a `QueryError`. */
interface QueryErrorFields extends CallDetails {
  readonly reason: QueryReason
  readonly problem: string
  readonly hint: string
  readonly table?: string | undefined
  readonly column?: string | undefined
}

/**
 * The query is wrong, and nothing was sent. This happens only in code that the compiler did not
 * check, or for values whose rules no type can express.
 *
 * @example
 * ```ts
 * import { MetricsError } from "@innerspace-metrics/core"
 *
 * const where = (error: MetricsError.QueryError) => `${error.table}.${error.column}`
 * ```
 */
export class QueryError
  extends Data.TaggedError("QueryError")<Described<QueryErrorFields>>
  implements MetricsErrorShape
{
  constructor(fields: QueryErrorFields) {
    super(described(fields))
  }
  get isRetryable(): boolean {
    return false
  }
  get retryAfter(): undefined {
    return undefined
  }
}

/**
 * Why no usable access token is available.
 *
 * - `CredentialsRefused`: the token endpoint does not accept the credentials, or does not grant
 *   access
 * - `RateLimited`: the token endpoint returned 429 or an equivalent code; `retryAfter` is the time
 *   to wait
 * - `Unavailable`: the token endpoint returned 5xx or an equivalent code
 * - `Unreachable`: there was no connection to the token endpoint, or the connection broke
 * - `Insecure`: the token endpoint's TLS certificate was not accepted, or the endpoint does not use
 *   TLS
 * - `ProxyRefused`: a proxy did not forward the request, usually because the proxy requires
 *   credentials
 * - `Timeout`: the token endpoint did not respond in time
 * - `InvalidAnswer`: the response of the token endpoint does not contain a usable token, or a proxy
 *   or firewall rejected the request before the token endpoint received it
 * - `SignInRequired`: the session has ended, and the person must sign in again
 * - `SignInDenied`: the person, or the identity provider, did not allow the sign-in
 * - `SignInExpired`: nobody finished the sign-in in time
 * - `ConsentRequired`: the person must first consent to the permissions that the app requests
 * - `TokenRefused`: the API rejected the token, and either rejected a new token too, or no other
 *   token was available
 * - `Closed`: the layer that owns the token has been closed
 */
type AuthReason =
  | "CredentialsRefused"
  | "RateLimited"
  | "Unavailable"
  | "Unreachable"
  | "Insecure"
  | "ProxyRefused"
  | "Timeout"
  | "InvalidAnswer"
  | "SignInRequired"
  | "SignInDenied"
  | "SignInExpired"
  | "ConsentRequired"
  | "TokenRefused"
  | "Closed"

const retryableAuth: ReadonlySet<AuthReason> = new Set([
  "RateLimited",
  "Unavailable",
  "Unreachable",
  "Timeout"
])

/** The fields of an `AuthError`. */
interface AuthErrorFields extends CallDetails {
  readonly reason: AuthReason
  readonly problem: string
  readonly hint: string
  /** HTTP status of the response, if there was a response. */
  readonly status?: number | undefined
  /**
   * The first 200 characters of the body of the response that rejected the request, with
   * credentials redacted.
   */
  readonly excerpt?: string | undefined
  readonly retryAfter?: Duration.Duration | undefined
}

/**
 * No usable access token is available.
 *
 * @example
 * ```ts
 * import type { MetricsError } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const explain = <A, R>(effect: Effect.Effect<A, MetricsError.MetricsError, R>) =>
 *   Effect.catchTag(effect, "AuthError", (error) =>
 *     error.reason === "CredentialsRefused" ? Effect.logError(error.hint) : Effect.fail(error)
 *   )
 * ```
 */
export class AuthError
  extends Data.TaggedError("AuthError")<Described<AuthErrorFields>>
  implements MetricsErrorShape
{
  constructor(fields: AuthErrorFields) {
    super(described(fields))
  }
  get isRetryable(): boolean {
    return retryableAuth.has(this.reason)
  }
}

/**
 * Why no complete response arrived.
 *
 * - `Unreachable`: there was no connection (refused, unknown host, no route)
 * - `ConnectionLost`: the connection closed before the response was complete
 * - `Insecure`: the TLS certificate was not accepted, or the server does not use TLS
 * - `ProxyRefused`: a proxy did not open the connection, usually because the proxy requires
 *   credentials
 * - `Timeout`: one attempt took longer than `timeout`
 * - `DeadlineExceeded`: the whole call took longer than its deadline
 */
type TransportReason =
  | "Unreachable"
  | "ConnectionLost"
  | "Insecure"
  | "ProxyRefused"
  | "Timeout"
  | "DeadlineExceeded"

/** The fields of a `TransportError`. */
interface TransportErrorFields extends CallDetails {
  readonly reason: TransportReason
  readonly problem: string
  readonly hint: string
}

/**
 * No complete response arrived.
 *
 * @example
 * ```ts
 * import { MetricsError } from "@innerspace-metrics/core"
 *
 * const offline = (error: MetricsError.TransportError) => error.reason === "Unreachable"
 * ```
 */
export class TransportError
  extends Data.TaggedError("TransportError")<Described<TransportErrorFields>>
  implements MetricsErrorShape
{
  constructor(fields: TransportErrorFields) {
    super(described(fields))
  }
  get retryAfter(): undefined {
    return undefined
  }
  get isRetryable(): boolean {
    return this.reason !== "Insecure" && this.reason !== "ProxyRefused"
  }
}

/**
 * Why a response is not a GraphQL response.
 *
 * - `NotJson`: the status is a success, but the body is not JSON
 * - `NoData`: the body is JSON, but has neither `data` nor `errors`
 * - `TooLarge`: the body is longer than `maxBodySize`
 * - `RateLimited`: status 429; `retryAfter` is the time to wait
 * - `Unavailable`: status 408 or 5xx
 * - `Redirected`: status 3xx; the client never follows a redirect with a credential
 * - `UnexpectedStatus`: any other status that is not a success
 */
type ResponseReason =
  | "NotJson"
  | "NoData"
  | "TooLarge"
  | "RateLimited"
  | "Unavailable"
  | "Redirected"
  | "UnexpectedStatus"

/** The fields of a `ResponseError`. */
interface ResponseErrorFields extends CallDetails {
  readonly reason: ResponseReason
  readonly problem: string
  readonly hint: string
  readonly status: number
  /** The first 200 characters of the body, with credentials redacted. */
  readonly excerpt: string
  readonly retryAfter?: Duration.Duration | undefined
}

/**
 * A response arrived, but it is not a GraphQL response.
 *
 * @example
 * ```ts
 * import { MetricsError } from "@innerspace-metrics/core"
 *
 * const show = (error: MetricsError.ResponseError) => `HTTP ${error.status}: ${error.excerpt}`
 * ```
 */
export class ResponseError
  extends Data.TaggedError("ResponseError")<Described<ResponseErrorFields>>
  implements MetricsErrorShape
{
  constructor(fields: ResponseErrorFields) {
    super(described(fields))
  }
  get isRetryable(): boolean {
    return this.reason === "RateLimited" || this.reason === "Unavailable"
  }
}

/**
 * The meaning of the server's error code. A server can also send codes that are not in this list;
 * `errors` has the original codes.
 *
 * - `Invalid`: the document or a variable is not valid for this server or role
 *   (`validation-failed`, `parse-failed`, ...)
 * - `PermissionDenied`: the token is valid, but does not permit the operation (`access-denied`,
 *   `jwt-missing-role-claims`, ...)
 * - `DataException`: PostgreSQL does not accept a value (`data-exception`)
 * - `RateLimited`: too many requests in a time span (`rate-limit-exceeded`)
 * - `LimitExceeded`: the query exceeds another limit of the server (`...-limit-exceeded`)
 * - `DatabaseUnavailable`: the server has no connection to the database, or an update conflicted
 *   with another one (`postgres-error`, `concurrent-update`, ...)
 * - `Unexpected`: a failure inside the server (`unexpected`)
 * - `Unknown`: there is no code, or the code is not in this list
 */
type GraphQLReason =
  | "Invalid"
  | "PermissionDenied"
  | "DataException"
  | "RateLimited"
  | "LimitExceeded"
  | "DatabaseUnavailable"
  | "Unexpected"
  | "Unknown"

const retryableGraphQL: ReadonlySet<GraphQLReason> = new Set([
  "RateLimited",
  "DatabaseUnavailable",
  "Unexpected"
])

/** One entry of a GraphQL response's `errors`, with credentials redacted. */
interface GraphQLErrorEntry {
  readonly message: string
  /** `extensions.code`, as Hasura sends it. Codes are stable, messages are not. */
  readonly code: string | undefined
  /**
   * Hasura's `extensions.path`, such as `$.selectionSet...`, or the GraphQL `path` joined by dots.
   */
  readonly path: string | undefined
}

/** The fields of a `GraphQLError`. */
interface GraphQLErrorFields extends CallDetails {
  readonly reason: GraphQLReason
  readonly problem: string
  readonly hint: string
  readonly status: number
  /**
   * The first errors: at most 100, with at most 8,000 characters in total. `problem` says how many
   * further errors there were.
   */
  readonly errors: ReadonlyArray<GraphQLErrorEntry>
  /**
   * The `data` that came with the errors, as JSON. It is `undefined` if there was no `data`. It is
   * also `undefined` if the `data` is too large to keep with an error (more than about 20 kB of
   * memory). In this case, `problem` says that the `data` was left out.
   */
  readonly data: unknown
  readonly retryAfter?: Duration.Duration | undefined
}

/**
 * The server returned a response with `errors`. Its HTTP status can be any status. `data` holds the
 * partial data that came with the errors.
 *
 * @example
 * ```ts
 * import { MetricsError } from "@innerspace-metrics/core"
 *
 * const codes = (error: MetricsError.GraphQLError) => error.errors.map((entry) => entry.code)
 * ```
 */
export class GraphQLError
  extends Data.TaggedError("GraphQLError")<Described<GraphQLErrorFields>>
  implements MetricsErrorShape
{
  constructor(fields: GraphQLErrorFields) {
    super(described(fields))
  }
  get isRetryable(): boolean {
    return retryableGraphQL.has(this.reason)
  }
}

/**
 * Why `data` does not match the operation.
 *
 * - `WrongShape`: the root field is missing, or is not a list of objects
 * - `WrongValue`: a column's value does not fit its type
 * - `WrongPage`: a page of `stream` repeats a row, has rows outside its window, or has rows in the
 *   wrong order
 * - `SchemaMismatch`: `data` does not match the Schema of `execute`, or a value does not match the
 *   Schema of `Query.decode`
 */
type DecodeReason = "WrongShape" | "WrongValue" | "WrongPage" | "SchemaMismatch"

/** The fields of a `DecodeError`. */
interface DecodeErrorFields extends CallDetails {
  readonly reason: DecodeReason
  readonly problem: string
  readonly hint: string
  readonly table?: string | undefined
  /** Number of the row in the response, from 0. */
  readonly row?: number | undefined
  readonly column?: string | undefined
  readonly expected: string
  /** What was found, shortened to 60 characters. */
  readonly found: string
}

/**
 * The `data` of the response does not match the operation. Either the catalogue does not match the
 * server, or the server does not follow its own schema.
 *
 * @example
 * ```ts
 * import { MetricsError } from "@innerspace-metrics/core"
 *
 * const where = (error: MetricsError.DecodeError) => `row ${error.row}, column ${error.column}`
 * ```
 */
export class DecodeError
  extends Data.TaggedError("DecodeError")<Described<DecodeErrorFields>>
  implements MetricsErrorShape
{
  constructor(fields: DecodeErrorFields) {
    super(described(fields))
  }
  get isRetryable(): boolean {
    return false
  }
  get retryAfter(): undefined {
    return undefined
  }
}

/**
 * Converts an Effect `ConfigError` to an error that lists each wrong setting.
 *
 * @example
 * ```ts
 * import { Api, MetricsError } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const api = Effect.mapError(Api.config, MetricsError.fromConfigError)
 * ```
 */
export const fromConfigError = (error: ConfigError.ConfigError): ConfigurationError =>
  new ConfigurationError({
    reason: "InvalidConfiguration",
    problem: settingsIn(error).join("; "),
    hint: "Fix it in the environment, or pass the options in code"
  })

const settingsIn = (error: ConfigError.ConfigError): ReadonlyArray<string> => {
  switch (error._op) {
    case "And":
    case "Or":
      return [...settingsIn(error.left), ...settingsIn(error.right)]
    case "MissingData":
      return [`${error.path.join("_")} is not set`]
    case "InvalidData":
    case "SourceUnavailable":
    case "Unsupported":
      return [`${error.path.join("_")}: ${error.message}`]
  }
}

/**
 * Whether a value is an error of this library.
 *
 * @example
 * ```ts
 * import { MetricsError } from "@innerspace-metrics/core"
 *
 * const onRejection = (reason: unknown): string =>
 *   MetricsError.isMetricsError(reason) ? reason.hint : "a bug: please report it"
 * ```
 */
export const isMetricsError = (value: unknown): value is MetricsError =>
  value instanceof ConfigurationError ||
  value instanceof QueryError ||
  value instanceof AuthError ||
  value instanceof TransportError ||
  value instanceof ResponseError ||
  value instanceof GraphQLError ||
  value instanceof DecodeError
