/** What happens to one request in twenty, and the errors that it may end in. */
import * as Fault from "@innerspace-metrics/sandbox/Fault"

/** Each with its share of requests. The sandbox's seed decides which ones. */
export const faults: ReadonlyArray<Fault.Fault> = [
  // Retried.
  Fault.unavailable({ chance: 0.01 }),
  Fault.rateLimited({ chance: 0.005, retryAfter: 0 }),
  Fault.reset({ chance: 0.005 }),
  Fault.cutBody({ chance: 0.005 }),
  Fault.stallBody({ chance: 0.0005 }),
  Fault.graphqlError({ chance: 0.005, code: "postgres-error" }),
  Fault.graphqlError({ chance: 0.005, code: "unexpected" }),
  // Not retried.
  Fault.html({ chance: 0.003 }),
  Fault.malformedJson({ chance: 0.003 }),
  Fault.partialData({ chance: 0.003 }),
  Fault.duplicateKeys({ chance: 0.0025 }),
  Fault.graphqlError({ chance: 0.0025, code: "data-exception" }),
  // A new token is asked for.
  Fault.invalidJwt({ chance: 0.0003 }),
  Fault.unauthorized({ chance: 0.0001 }),
  Fault.expireTokens({ chance: 0.0001 }),
  // Of token requests.
  Fault.unavailable({ target: "token", chance: 0.02 }),
  Fault.rateLimited({ target: "token", chance: 0.01, retryAfter: 0 }),
  Fault.reset({ target: "token", chance: 0.01 }),
  Fault.stallBody({ target: "token", chance: 0.01 })
]

/** What a call may fail with under these faults, and nothing else. */
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

/** The API is down as a whole, for so many seconds. */
export const outage = (seconds: number): Fault.Fault =>
  Fault.unavailable({ times: "always", during: seconds * 1000 })
