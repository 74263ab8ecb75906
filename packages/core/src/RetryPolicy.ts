/**
 * How often, how long and until when to try again.
 */
import * as Duration from "effect/Duration"
import type * as Schedule from "effect/Schedule"
import { retrySchedule } from "./internal/limits/retrySchedule.js"
import { millisOf } from "./internal/monotonic.js"
import { isDuration } from "./internal/options/kinds.js"
import { isRecord } from "./JsonValue.js"

/**
 * How a call that failed is tried again. A value: share it, or make one with other fields.
 *
 * Waits are drawn at random between zero and a bound that doubles with each attempt, from
 * `baseDelay` up to `maxDelay` ("full jitter"). Where the server asks for a wait, that comes first
 * and the drawn one is added, so that clients told the same do not return together. A wait that
 * does not end before the deadline is not begun: the call fails at once.
 */
export interface RetryPolicy {
  /** How many times to try in all, the first included. */
  readonly attempts: number
  readonly baseDelay: Duration.Duration
  readonly maxDelay: Duration.Duration
  /**
   * How many retries that did not help all calls of a client may have made. It is one account for
   * the client: a retry takes one from it, a call that succeeds after retries gives one back, and a
   * call that succeeds at once a tenth of one. Where none is left, calls are tried once. So when
   * every call fails, `n` calls send at most `n + budget` requests.
   */
  readonly budget: number
  /**
   * How long the whole call may take: waiting for a token and for its turn, the attempts, and the
   * waits between them.
   */
  readonly deadline: Duration.Duration
}

/** The fields of a `RetryPolicy`; those left out are those of `standard`. */
export interface Options {
  readonly attempts?: number
  readonly baseDelay?: Duration.DurationInput
  readonly maxDelay?: Duration.DurationInput
  readonly budget?: number
  readonly deadline?: Duration.DurationInput
}

/**
 * Up to 4 attempts, waits of up to 200 ms, 400 ms and 800 ms, a budget of 50 retries, a deadline of
 * one minute.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@innerspace-metrics/core"
 *
 * RetryPolicy.standard.attempts // 4
 * ```
 */
export const standard: RetryPolicy = {
  attempts: 4,
  baseDelay: Duration.millis(200),
  maxDelay: Duration.seconds(10),
  budget: 50,
  deadline: Duration.minutes(1)
}

/**
 * One attempt within a deadline of one minute: for apps that do their own retries, since two layers
 * of them multiply.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@innerspace-metrics/core"
 *
 * RetryPolicy.none.attempts // 1
 * ```
 */
export const none: RetryPolicy = { ...standard, attempts: 1 }

/**
 * A policy of one's own. It does not fail: a field that cannot be used is kept as it is, and the
 * layer or the call that gets the policy reports it.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@innerspace-metrics/core"
 *
 * const patient = RetryPolicy.make({ attempts: 8, deadline: "5 minutes" })
 * ```
 */
export const make = (options: Options): RetryPolicy => {
  // Only JavaScript gives anything else, and whoever gets the policy says that it is not one.
  if (!isRecord(options)) return options as unknown as RetryPolicy
  const policy: { [name: string]: unknown } = { ...standard }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    policy[name] =
      Duration.isDuration(policy[name]) && isDuration(value)
        ? // It fits, so it is one.
          Duration.decode(value as Duration.DurationInput)
        : value
  }
  // The fields of `standard`, and in their place those of `options`, whose names are the same.
  return policy as unknown as RetryPolicy
}

/** What a policy has to know of a failure. Every error of this library has it. */
export interface Failure {
  readonly isRetryable: boolean
  readonly retryAfter?: Duration.Duration | undefined
}

/**
 * The policy as a schedule over failures, for work that must end at `until` (epoch milliseconds).
 * Its output is the number of attempts that have failed. It knows of no other work, so it has no
 * budget. The time that is left is measured from the first failure, so a wall clock that is put
 * back afterwards makes nothing last longer.
 *
 * @example
 * ```ts
 * import { type MetricsError, RetryPolicy } from "@innerspace-metrics/core"
 * import * as Clock from "effect/Clock"
 * import * as Effect from "effect/Effect"
 *
 * const persistently = <A>(effect: Effect.Effect<A, MetricsError.MetricsError>) =>
 *   Effect.flatMap(Clock.currentTimeMillis, (now) =>
 *     Effect.retry(effect, RetryPolicy.toSchedule(RetryPolicy.standard, now + 60_000))
 *   )
 * ```
 */
export const toSchedule = (
  policy: RetryPolicy,
  until: number
): Schedule.Schedule<number, Failure> =>
  retrySchedule(
    policy,
    (clock) => millisOf(clock) + until - clock.unsafeCurrentTimeMillis(),
    () => true
  )
