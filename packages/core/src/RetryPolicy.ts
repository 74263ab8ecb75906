/**
 * How often, how long and until when to try again.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as ScheduleDecision from "effect/ScheduleDecision"
import * as ScheduleInterval from "effect/ScheduleInterval"

/**
 * How a call that failed is tried again. A value: share it, or make one with other fields.
 *
 * Waits are drawn at random between zero and a bound that doubles with each attempt, from `baseDelay` up to `maxDelay`
 * ("full jitter"). Where the server asks for a wait, that comes first and the drawn one is added, so that clients told the
 * same do not return together. A wait that does not end before the deadline is not begun: the call fails at once.
 */
export interface RetryPolicy {
  /** How many times to try in all, the first included. */
  readonly attempts: number
  readonly baseDelay: Duration.Duration
  readonly maxDelay: Duration.Duration
  /** How long the whole call may take: waiting for a token, the attempts, and the waits between them. */
  readonly deadline: Duration.Duration
}

/** The fields of a `RetryPolicy`; those left out are those of `standard`. */
export interface Options {
  readonly attempts?: number
  readonly baseDelay?: Duration.DurationInput
  readonly maxDelay?: Duration.DurationInput
  readonly deadline?: Duration.DurationInput
}

/**
 * Up to 4 attempts, waits of up to 200 ms, 400 ms and 800 ms, a deadline of one minute.
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
  deadline: Duration.minutes(1)
}

/**
 * One attempt within a deadline of one minute: for apps that do their own retries, since two layers of them multiply.
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
 * A policy of one's own.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@innerspace-metrics/core"
 *
 * const patient = RetryPolicy.make({ attempts: 8, deadline: "5 minutes" })
 * ```
 */
export const make = (options: Options): RetryPolicy => ({
  attempts: options.attempts ?? standard.attempts,
  baseDelay: Duration.decode(options.baseDelay ?? standard.baseDelay),
  maxDelay: Duration.decode(options.maxDelay ?? standard.maxDelay),
  deadline: Duration.decode(options.deadline ?? standard.deadline)
})

/** What a policy has to know of a failure. Every error of this library has it. */
export interface Failure {
  readonly isRetryable: boolean
  readonly retryAfter?: Duration.Duration | undefined
}

/**
 * The policy as a schedule over failures, for calls that must end at `until` (epoch milliseconds). Its output is the number
 * of attempts that have failed.
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
): Schedule.Schedule<number, Failure> => {
  const base = Duration.toMillis(policy.baseDelay)
  const max = Duration.toMillis(policy.maxDelay)
  return Schedule.makeWithState(1, (now: number, failure: Failure, attempt: number) =>
    Effect.map(Random.next, (random) => {
      const asked = failure.retryAfter === undefined ? 0 : Duration.toMillis(failure.retryAfter)
      const resumeAt = now + asked + random * Math.min(max, base * 2 ** (attempt - 1))
      const again = failure.isRetryable && attempt < policy.attempts && resumeAt < until
      return [
        attempt + 1,
        attempt,
        again
          ? ScheduleDecision.continueWith(ScheduleInterval.after(resumeAt))
          : ScheduleDecision.done
      ] as const
    })
  )
}
