/** Properties of all errors of this library, and functions that set or read such properties. */
import type * as Duration from "effect/Duration"
import {
  AuthError,
  type CallError,
  DecodeError,
  GraphQLError,
  QueryError,
  ResponseError,
  TransportError
} from "../MetricsError.js"

/**
 * Identifies the call that failed. Errors outside a call (a layer that cannot be built, a token
 * requested directly) have no operation name and no request id. Their `attempts` is 0 or missing.
 */
export interface CallDetails {
  /** Name of the GraphQL operation. */
  readonly operationName?: string | undefined
  /**
   * The `x-request-id` that was sent, or that the server returned. Give it to the vendor's support.
   */
  readonly requestId?: string | undefined
  /** How many requests were sent to the GraphQL endpoint for this call. */
  readonly attempts?: number | undefined
  /**
   * How long the call waited in total: between its attempts, for its turn under `rateLimit` and
   * `concurrency`, and for a connection.
   */
  readonly waited?: Duration.Duration | undefined
}

/**
 * The properties of every error of this library. `message` consists of `problem` and `hint`, which
 * are one sentence each. `message` can quote a text from a server, such as the message of a GraphQL
 * error, in one line of at most 300 characters. `message` never quotes an HTML page. The beginning
 * of such a page is in the error's `excerpt`.
 */
export interface MetricsErrorShape extends Error, CallDetails {
  readonly reason: string
  /** What is wrong. The text names the wrong thing and its value, unless the value is a secret. */
  readonly problem: string
  /** The next step, in a sentence. */
  readonly hint: string
  /** Whether the same call can succeed later without any change. */
  readonly isRetryable: boolean
  /**
   * How long the server asked the client to wait, from the time when the server's response arrived.
   */
  readonly retryAfter?: Duration.Duration | undefined
}

/**
 * The same error with the details of its call, and with another `problem` and `hint` if they are
 * passed.
 */
export const withCall = (
  error: CallError,
  call: CallDetails & { readonly problem?: string; readonly hint?: string }
): CallError => {
  switch (error._tag) {
    case "QueryError":
      return new QueryError({ ...error, ...call })
    case "AuthError":
      return new AuthError({ ...error, ...call })
    case "TransportError":
      return new TransportError({ ...error, ...call })
    case "ResponseError":
      return new ResponseError({ ...error, ...call })
    case "GraphQLError":
      return new GraphQLError({ ...error, ...call })
    case "DecodeError":
      return new DecodeError({ ...error, ...call })
  }
}

/** Whether a status says that the request is too large for the server or a proxy before it. */
export const isTooLarge = (status: number): boolean =>
  status === 413 || status === 414 || status === 431
