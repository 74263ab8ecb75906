/** The options of a client, checked, and its limits. */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import { isRecord } from "../JsonValue.js"
import type { Options } from "../MetricsClient.js"
import type { ConfigurationError } from "../MetricsError.js"
import * as is from "./optionKinds.js"
import { checkOptions, type Kinds, retry } from "./options.js"
import { type Limit, makePermits } from "./permits.js"
import { makeRateLimit } from "./rateLimiting.js"

export interface Limits {
  readonly maxBodySize: number
  /** What each request waits for. */
  readonly limit: Limit | undefined
}

const kinds: Kinds = {
  "retry?": retry,
  "timeout?": is.isDurationAboveZero,
  "maxBodySize?": is.isAboveZero,
  "concurrency?": is.isCount,
  "rateLimit?": [isRecord, undefined, { limit: is.isCount, interval: is.isInterval }],
  "traceHeaders?": is.isFlag,
  "merge?": [is.isLimits, undefined, { "maxQueries?": is.isCount, "maxSize?": is.isAboveZero }]
}

export const readLimits = (options: Options): Either.Either<Limits, ConfigurationError> =>
  Either.map(checkOptions(kinds, options), () => {
    const { concurrency, maxBodySize = 64 * 1024 * 1024, rateLimit } = options
    // A permit to be under way is had first: what waits for the rate is then sent as soon as it has been counted.
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
