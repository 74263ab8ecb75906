/** A7: the limits of a server, as errors in an answer with status 200, and what a client can do about each. */
import type { GraphQLReason } from "@innerspace-metrics/core/MetricsError"

export interface Limit {
  readonly code: string
  readonly reason: GraphQLReason
  /** A limit of requests per time passes; what is too deep, too large or too slow stays so. */
  readonly isRetryable: boolean
}

const tooMuch = (code: string): Limit => ({ code, reason: "LimitExceeded", isRetryable: false })

/** Names that Hasura does not publish are among them: any code that ends in this way is a limit. */
export const limits: ReadonlyArray<Limit> = [
  { code: "rate-limit-exceeded", reason: "RateLimited", isRetryable: true },
  tooMuch("depth-limit-exceeded"),
  tooMuch("node-limit-exceeded"),
  tooMuch("batch-limit-exceeded"),
  tooMuch("time-limit-exceeded"),
  tooMuch("tenant-limit-exceeded"),
  tooMuch("tenant-time-limit-exceeded"),
  tooMuch("patience-limit-exceeded")
]
