/** Checks whether each token request was needed. */
import type { Summary } from "../messages.js"
import type { UsedToken } from "./observedTokens.js"

/** The lifetime of a token in the soak. */
export const lifetimeSeconds = 5

/**
 * The age at which a token is due for renewal. A fifth of its lifetime is then left, so calls
 * continue to use the token during the renewal.
 */
const periodMillis = lifetimeSeconds * 1000 * (4 / 5)

export interface TokenAccount {
  readonly requests: number
  /**
   * The smallest possible number of requests. It is the first request plus one request for each
   * reason.
   */
  readonly minimum: number
  /**
   * The number of requests that were sent because the last token was due for renewal. A token
   * counts even if no call has received it.
   */
  readonly renewals: number
  /**
   * The number of requests that were sent because the API had refused the token in use. A token
   * counts even if its renewal was already in flight.
   */
  readonly afterRefusal: number
  /** The number of requests that were sent because a token request had failed. */
  readonly afterFailure: number
}

/**
 * Goes through the requests in the order of their arrival, and looks for the reason for each
 * request. A reason explains only one request.
 */
export const account = (
  requests: Summary["tokenRequests"],
  used: ReadonlyArray<UsedToken>
): TokenAccount => {
  const counted = { first: 0, renewals: 0, afterRefusal: 0, afterFailure: 0 }
  const renewed = new Set<UsedToken>()
  const replaced = new Set<UsedToken>()
  let failures = 0
  // The time at which the last token was issued, until this token has been renewed. It is possible
  // that no call receives this token. If all calls wait for long, because the machine is busy or a
  // body stalls, the token can expire before the next call needs a token.
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
