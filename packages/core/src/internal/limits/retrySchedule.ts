/** Turns a retry policy into a schedule whose input is a failure. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as ScheduleDecision from "effect/ScheduleDecision"
import * as ScheduleInterval from "effect/ScheduleInterval"
import type { RetryPolicy } from "../../RetryPolicy.js"
import { millisOf } from "../monotonic.js"

/** The properties of a failure that a policy needs. Every error of this library has them. */
export interface Failure {
  readonly isRetryable: boolean
  readonly retryAfter?: Duration.Duration | undefined
}

/** The state of the schedule. */
interface State {
  readonly attempt: number
  /**
   * When the work must end, as `millisOf` measures time. It is undefined before the first failure.
   */
  readonly until: number | undefined
}

/**
 * Makes the schedule. `until` is called at the first failure, and returns the time at which the
 * work must end, as `millisOf` measures time. `permits` is called after all other checks, if these
 * checks allow another attempt. The output of the schedule is the number of attempts that have
 * failed.
 */
export const retrySchedule = <F extends Failure>(
  policy: RetryPolicy,
  until: (clock: Clock.Clock) => number,
  permits: (failure: F) => boolean
): Schedule.Schedule<number, F> => {
  const base = Duration.toMillis(policy.baseDelay)
  const max = Duration.toMillis(policy.maxDelay)
  const start: State = { attempt: 1, until: undefined }
  // Effect passes the wall clock's time to each decision. The next attempt begins at this time plus
  // `wait`.
  return Schedule.makeWithState(start, (wallTime: number, failure: F, { attempt, ...state }) =>
    Effect.zipWith(Effect.clock, Random.next, (clock, random) => {
      const end = state.until ?? until(clock)
      const asked = failure.retryAfter === undefined ? 0 : Duration.toMillis(failure.retryAfter)
      const wait = asked + random * Math.min(max, base * 2 ** (attempt - 1))
      const again =
        failure.isRetryable &&
        attempt < policy.attempts &&
        millisOf(clock) + wait < end &&
        permits(failure)
      return [
        { attempt: attempt + 1, until: end },
        attempt,
        again
          ? ScheduleDecision.continueWith(ScheduleInterval.after(wallTime + wait))
          : ScheduleDecision.done
      ] as const
    })
  )
}
