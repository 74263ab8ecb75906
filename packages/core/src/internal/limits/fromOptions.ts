/** Checks the options of a client, and makes its limits. */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import type { ConfigurationError } from "../../MetricsError.js"
import { checkOptions, client } from "../options/check.js"
import { type Limit, makePermits } from "./concurrency.js"
import { makeRateLimit } from "./rate.js"

/** The limits in a client's options. */
interface LimitOptions {
  readonly maxBodySize?: number
  readonly concurrency?: number
  readonly rateLimit?: { readonly limit: number; readonly interval: Duration.DurationInput }
}

export interface Limits {
  readonly maxBodySize: number
  /** The limit that each request waits for, if the options set one. */
  readonly limit: Limit | undefined
}

export const readLimits = (options: LimitOptions): Either.Either<Limits, ConfigurationError> =>
  Either.map(checkOptions(client, options), () => {
    const { concurrency, maxBodySize = 64 * 1024 * 1024, rateLimit } = options
    // Acquire the concurrency permit first, so that a request is sent as soon as the rate limit has
    // counted it.
    const limits = [
      ...(concurrency === undefined ? [] : [makePermits(concurrency)]),
      ...(rateLimit === undefined
        ? []
        : [makeRateLimit(rateLimit.limit, Duration.toMillis(rateLimit.interval))])
    ]
    return {
      maxBodySize,
      limit:
        limits.length === 0
          ? undefined
          : (effect) => limits.reduceRight((limited, limit) => limit(limited), effect)
    }
  })
