/**
 * The faults of the soak, and the errors with which a call may end. One request in twenty meets a
 * fault.
 */
import * as Fault from "@innerspace-metrics/sandbox/Fault"

/**
 * The faults. `chance` is the share of requests that meet a fault. The sandbox's seed selects these
 * requests.
 */
export const faults: ReadonlyArray<Fault.Fault> = [
  // Faults that are retried.
  Fault.unavailable({ chance: 0.01 }),
  Fault.rateLimited({ chance: 0.005, retryAfter: 0 }),
  Fault.reset({ chance: 0.005 }),
  Fault.cutBody({ chance: 0.005 }),
  Fault.stallBody({ chance: 0.0005 }),
  Fault.graphqlError({ chance: 0.005, code: "postgres-error" }),
  Fault.graphqlError({ chance: 0.005, code: "unexpected" }),
  // Faults that are not retried.
  Fault.html({ chance: 0.003 }),
  Fault.malformedJson({ chance: 0.003 }),
  Fault.partialData({ chance: 0.003 }),
  Fault.duplicateKeys({ chance: 0.0025 }),
  Fault.graphqlError({ chance: 0.0025, code: "data-exception" }),
  // Faults after which a new token is requested.
  Fault.invalidJwt({ chance: 0.0003 }),
  Fault.unauthorized({ chance: 0.0001 }),
  Fault.expireTokens({ chance: 0.0001 }),
  // Faults of token requests.
  Fault.unavailable({ target: "token", chance: 0.02 }),
  Fault.rateLimited({ target: "token", chance: 0.01, retryAfter: 0 }),
  Fault.reset({ target: "token", chance: 0.01 }),
  Fault.stallBody({ target: "token", chance: 0.01 })
]

/** The only errors that a call may fail with under these faults. */
export const errors: ReadonlySet<string> = new Set([
  "ResponseError.Unavailable",
  "ResponseError.RateLimited",
  "ResponseError.NotJson",
  "ResponseError.NoData",
  "TransportError.ConnectionLost",
  "TransportError.Timeout",
  "TransportError.DeadlineExceeded",
  "GraphQLError.DatabaseUnavailable",
  "GraphQLError.Unexpected",
  "GraphQLError.DataException",
  "GraphQLError.Unknown",
  "AuthError.TokenRefused",
  "AuthError.Unavailable",
  "AuthError.RateLimited",
  "AuthError.Unreachable",
  "AuthError.Timeout"
])

/** Faults with which the whole API is down for `seconds` seconds. */
export const outage = (seconds: number): Fault.Fault =>
  Fault.unavailable({ times: "always", during: seconds * 1000 })
