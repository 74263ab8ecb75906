/** The limits of a client, from its options. */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import type { Options } from "../MetricsClient.js"
import { ConfigurationError } from "../MetricsError.js"
import { type Limit, makePermits } from "./permits.js"
import { makeRateLimit } from "./rateLimiting.js"

export interface Limits {
  readonly maxBodySize: number
  /** What each request waits for. */
  readonly limit: Limit | undefined
}

export const readLimits = ({
  concurrency,
  maxBodySize = 64 * 1024 * 1024,
  rateLimit
}: Options): Either.Either<Limits, ConfigurationError> => {
  if (!(maxBodySize > 0)) {
    return invalid(`maxBodySize is ${maxBodySize}`, "Give a number of bytes above 0")
  }
  if (concurrency !== undefined && !isCount(concurrency)) {
    return invalid(`concurrency is ${concurrency}`, "Give a whole number above 0, or leave it out")
  }
  const interval = rateLimit === undefined ? 0 : intervalOf(rateLimit.interval)
  if (rateLimit !== undefined && !isCount(rateLimit.limit)) {
    return invalid(`rateLimit.limit is ${rateLimit.limit}`, "Give a whole number above 0")
  }
  if (rateLimit !== undefined && !(interval > 0 && Number.isFinite(interval))) {
    return invalid(
      `rateLimit.interval is ${String(rateLimit.interval)}`,
      'Give a duration above 0, such as "1 second"'
    )
  }
  // A permit to be under way is had first: what waits for the rate is then sent as soon as it has been counted.
  const limits = [
    ...(concurrency === undefined ? [] : [makePermits(concurrency)]),
    ...(rateLimit === undefined ? [] : [makeRateLimit(rateLimit.limit, interval)])
  ]
  return Either.right({
    maxBodySize,
    limit:
      limits.length === 0
        ? undefined
        : (effect) => limits.reduceRight((limited, limit) => limit(limited), effect)
  })
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0

/** Untyped code can pass anything, and what is no duration throws. */
const intervalOf = (interval: Duration.DurationInput): number =>
  Duration.decodeUnknown(interval).pipe((decoded) =>
    decoded._tag === "None" ? Number.NaN : Duration.toMillis(decoded.value)
  )

const invalid = (problem: string, hint: string): Either.Either<never, ConfigurationError> =>
  Either.left(new ConfigurationError({ reason: "InvalidOption", problem, hint }))
