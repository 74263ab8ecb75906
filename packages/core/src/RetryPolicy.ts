/**
 * How often to retry, how long to wait, and when to give up.
 */
import * as Duration from "effect/Duration"
import type * as Schedule from "effect/Schedule"
import type { Failure } from "./internal/limits/retry.js"
import { retrySchedule } from "./internal/limits/retrySchedule.js"
import { millisOf } from "./internal/monotonic.js"
import { isDuration } from "./internal/options/kinds.js"
import { isRecord } from "./JsonValue.js"

/**
 * How a failed call is retried. A policy is a readonly object, so clients and calls can share it.
 *
 * The length of a wait is random, between zero and a maximum ("full jitter"). The maximum is
 * `baseDelay` for the first wait, and doubles with each attempt up to `maxDelay`. If the server
 * asks for a wait, the random wait is added to the server's wait, so that several clients do not
 * all send their next request at the same time. If a wait would not end before the deadline, the
 * call fails at once.
 */
export interface RetryPolicy {
  /** Maximum number of attempts, including the first. */
  readonly attempts: number
  readonly baseDelay: Duration.Duration
  readonly maxDelay: Duration.Duration
  /**
   * A budget of retries that all calls of a client share. Each retry subtracts 1 from the budget. A
   * call that succeeds after retries adds 1, and a call that succeeds at its first attempt adds
   * 0.1. When the budget is used up, calls are not retried. If every call fails, `n` calls
   * therefore send at most `n + budget` requests.
   */
  readonly budget: number
  /**
   * How long the whole call may take. This includes the wait for a token, the waits for `rateLimit`
   * and `concurrency`, all attempts, and the waits between attempts.
   */
  readonly deadline: Duration.Duration
}

/** The fields of a `RetryPolicy`. Omitted fields are taken from `standard`. */
export interface Options {
  readonly attempts?: number
  readonly baseDelay?: Duration.DurationInput
  readonly maxDelay?: Duration.DurationInput
  readonly budget?: number
  readonly deadline?: Duration.DurationInput
}

/**
 * The default policy. It has up to 4 attempts, waits of up to 200 ms, 400 ms and 800 ms, a budget
 * of 50 retries, and a deadline of one minute.
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
 * One attempt within a deadline of one minute. Use it in an app that has its own retries, because
 * two layers of retries multiply the requests.
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
 * Creates a policy. `make` never fails: it keeps an invalid field, and the layer or the call that
 * uses the policy reports the field.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@innerspace-metrics/core"
 *
 * const patient = RetryPolicy.make({ attempts: 8, deadline: "5 minutes" })
 * ```
 */
export const make = (options: Options): RetryPolicy => {
  // JavaScript callers can pass any value. The layer or the call that uses the policy reports it.
  if (!isRecord(options)) return options as unknown as RetryPolicy
  const policy: { [name: string]: unknown } = { ...standard }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    policy[name] =
      Duration.isDuration(policy[name]) && isDuration(value)
        ? // `isDuration` has accepted the value.
          Duration.decode(value as Duration.DurationInput)
        : value
  }
  // `options` has the same field names as `standard`, and overrides them.
  return policy as unknown as RetryPolicy
}

/**
 * Converts the policy to a schedule for work that must end at `until` (epoch milliseconds). The
 * schedule's input is a failure, and its output is the number of attempts that have failed. The
 * schedule has no budget, because it is not shared with other work. It measures the remaining time
 * from the first failure. If the wall clock is set back afterwards, the remaining time does not
 * change.
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
  retrySchedule(policy, (clock) => millisOf(clock) + until - clock.unsafeCurrentTimeMillis())
