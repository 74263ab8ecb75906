/** Runs an effect again after a failure, as a retry policy allows. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { RetryPolicy } from "../../RetryPolicy.js"
import { millisOf } from "../monotonic.js"

/** The properties of a failure that a policy needs. Every error of this library has them. */
export interface Failure {
  readonly isRetryable: boolean
  readonly retryAfter?: Duration.Duration | undefined
}

/** What limits the retries of one piece of work. */
export interface RetryTerms<F> {
  readonly policy: RetryPolicy
  /** When the work must end, as `millisOf` measures time. */
  readonly until: number
  /** This function is called last, and only if all other checks allow another attempt. */
  readonly permits: (failure: F) => boolean
}

/**
 * Returns how many milliseconds to wait before the next attempt. Returns `undefined` if the policy
 * does not allow another attempt. `attempts` is the number of attempts that have failed, `now` is
 * the time as `millisOf` measures it, and `random` is between 0 and 1.
 */
export const waitAfter = <F extends Failure>(
  failure: F,
  attempts: number,
  { permits, policy, until }: RetryTerms<F>,
  now: number,
  random: number
): number | undefined => {
  const asked = failure.retryAfter === undefined ? 0 : Duration.toMillis(failure.retryAfter)
  const longest = Math.min(
    Duration.toMillis(policy.maxDelay),
    Duration.toMillis(policy.baseDelay) * 2 ** (attempts - 1)
  )
  const wait = asked + random * longest
  return failure.isRetryable && attempts < policy.attempts && now + wait < until && permits(failure)
    ? wait
    : undefined
}

/**
 * Runs the attempts after one that has failed.
 *
 * A loop takes the place of `Effect.retry`. `Effect.retry` needs Effect's `Schedule`, which adds
 * 1.8 kB to a page and creates a driver for each call.
 */
export const retry = <A, E extends Failure, R>(
  attempt: Effect.Effect<A, E, R>,
  failure: E,
  terms: RetryTerms<E>,
  attempts = 1
): Effect.Effect<A, E, R> =>
  Effect.flatMap(Random.next, (random) =>
    Effect.clockWith((clock) => {
      const wait = waitAfter(failure, attempts, terms, millisOf(clock), random)
      return wait === undefined
        ? Effect.fail(failure)
        : Effect.zipRight(
            wait > 0 ? Effect.sleep(wait) : Effect.void,
            Effect.catchAll(attempt, (next) => retry(attempt, next, terms, attempts + 1))
          )
    })
  )
