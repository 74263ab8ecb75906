/** Turns a retry policy into a schedule whose input is a failure. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as ScheduleDecision from "effect/ScheduleDecision"
import * as ScheduleInterval from "effect/ScheduleInterval"
import type { RetryPolicy } from "../../RetryPolicy.js"
import { millisOf } from "../monotonic.js"
import { type Failure, waitAfter } from "./retry.js"

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
 * work must end, as `millisOf` measures time. The output of the schedule is the number of attempts
 * that have failed.
 */
export const retrySchedule = <F extends Failure>(
  policy: RetryPolicy,
  until: (clock: Clock.Clock) => number
): Schedule.Schedule<number, F> => {
  const start: State = { attempt: 1, until: undefined }
  // Effect passes the wall clock's time to each decision. The next attempt begins at this time plus
  // `wait`.
  return Schedule.makeWithState(start, (wallTime: number, failure: F, { attempt, ...state }) =>
    Effect.zipWith(Effect.clock, Random.next, (clock, random) => {
      const end = state.until ?? until(clock)
      const terms = { policy, until: end, permits: () => true }
      const wait = waitAfter(failure, attempt, terms, millisOf(clock), random)
      return [
        { attempt: attempt + 1, until: end },
        attempt,
        wait === undefined
          ? ScheduleDecision.done
          : ScheduleDecision.continueWith(ScheduleInterval.after(wallTime + wait))
      ] as const
    })
  )
}
