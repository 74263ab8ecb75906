/** Whether each token request was needed. */
import type { Summary } from "../messages.js"
import type { UsedToken } from "./observedTokens.js"

/** How long a token of the soak lives. */
export const lifetimeSeconds = 5

/**
 * From a fifth of its lifetime before its expiry, a token is renewed behind the calls that it
 * serves.
 */
const periodMillis = lifetimeSeconds * 1000 * (4 / 5)

export interface TokenAccount {
  readonly requests: number
  /** The least that will do: one for each reason, and the first. */
  readonly minimum: number
  /**
   * Because the period of the last token was over, whether or not a call was given it: one for each
   * token.
   */
  readonly renewals: number
  /**
   * Because the API had refused the token in use: one for each token, whether or not its renewal
   * was under way.
   */
  readonly afterRefusal: number
  /** Because a token request had failed: one for each that did. */
  readonly afterFailure: number
}

/**
 * Goes through the requests as they arrived and looks for a reason of each that no request before
 * it has used up.
 */
export const account = (
  requests: Summary["tokenRequests"],
  used: ReadonlyArray<UsedToken>
): TokenAccount => {
  const counted = { first: 0, renewals: 0, afterRefusal: 0, afterFailure: 0 }
  const renewed = new Set<UsedToken>()
  const replaced = new Set<UsedToken>()
  let failures = 0
  // Of the last token, until it has been renewed. It can be one that no call was given: where calls
  // wait for long, as on a busy machine or for a body that stalls, one that was had behind the
  // calls can expire before the next call comes.
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
