/** Checks whether each token request was needed. */
import type { Summary } from "../messages.js"
import type { UsedToken } from "./observedTokens.js"

/** The lifetime of a token in the soak. */
export const lifetimeSeconds = 5

/**
 * A token is renewed in the background of the calls that use it, from a fifth of its lifetime
 * before its expiry.
 */
const periodMillis = lifetimeSeconds * 1000 * (4 / 5)

export interface TokenAccount {
  readonly requests: number
  /** The smallest possible number: the first request, and one for each reason. */
  readonly minimum: number
  /**
   * Requests because the last token was due for renewal, whether or not a call had received it: one
   * for each token.
   */
  readonly renewals: number
  /**
   * Requests because the API had refused the token in use: one for each token, whether or not its
   * renewal was in flight.
   */
  readonly afterRefusal: number
  /** Requests because a token request had failed: one for each failed request. */
  readonly afterFailure: number
}

/**
 * Goes through the requests in the order of their arrival, and looks for a reason for each one that
 * no earlier request has used up.
 */
export const account = (
  requests: Summary["tokenRequests"],
  used: ReadonlyArray<UsedToken>
): TokenAccount => {
  const counted = { first: 0, renewals: 0, afterRefusal: 0, afterFailure: 0 }
  const renewed = new Set<UsedToken>()
  const replaced = new Set<UsedToken>()
  let failures = 0
  // The time at which the last token was issued, until it has been renewed. Perhaps no call
  // received this token: if calls wait for long, because the machine is busy or a body stalls, a
  // token that was renewed in the background can expire before the next call needs one.
  let issuedAt = Number.POSITIVE_INFINITY
  for (const { at, fault, status } of requests) {
    const inUse = used.findLast(({ usedAt }) => usedAt <= at)
    if (failures > 0) {
      failures--
      counted.afterFailure++
    } else if (
      inUse !== undefined &&
      (inUse.refusedAt ?? Number.POSITIVE_INFINITY) <= at &&
      !replaced.has(inUse)
    ) {
      replaced.add(inUse)
      counted.afterRefusal++
    } else if (
      inUse !== undefined &&
      at - inUse.obtainedAt >= periodMillis &&
      !renewed.has(inUse)
    ) {
      renewed.add(inUse)
      counted.renewals++
    } else if (at - issuedAt >= periodMillis) {
      issuedAt = Number.POSITIVE_INFINITY
      counted.renewals++
    } else if (counted.first === 0) {
      counted.first++
    }
    if (fault === undefined && status === 200) issuedAt = at
    else failures++
  }
  const { afterFailure, afterRefusal, first, renewals } = counted
  return {
    requests: requests.length,
    minimum: first + renewals + afterRefusal + afterFailure,
    renewals,
    afterRefusal,
    afterFailure
  }
}
