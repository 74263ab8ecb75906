/** A retry policy as a schedule over failures. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as ScheduleDecision from "effect/ScheduleDecision"
import * as ScheduleInterval from "effect/ScheduleInterval"
import type { Failure, RetryPolicy } from "../RetryPolicy.js"

/**
 * For calls that must end at `until`. Where all else allows another attempt, `permits` has the last word; it is told the time and the failure.
 * The output is the number of attempts that have failed.
 */
export const retrySchedule = <F extends Failure>(
  policy: RetryPolicy,
  until: number,
  permits: (now: number, failure: F) => boolean
): Schedule.Schedule<number, F> => {
  const base = Duration.toMillis(policy.baseDelay)
  const max = Duration.toMillis(policy.maxDelay)
  return Schedule.makeWithState(1, (now: number, failure: F, attempt: number) =>
    Effect.map(Random.next, (random) => {
      const asked = failure.retryAfter === undefined ? 0 : Duration.toMillis(failure.retryAfter)
      const resumeAt = now + asked + random * Math.min(max, base * 2 ** (attempt - 1))
      const again =
        failure.isRetryable &&
        attempt < policy.attempts &&
        resumeAt < until &&
        permits(now, failure)
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
