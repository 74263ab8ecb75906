/** Whether each token was needed. */
import type { Summary } from "../messages.js"

/** How long a token of the soak lives. */
export const lifetimeSeconds = 5

/** From a fifth of its lifetime before its expiry, a token is renewed behind the calls that it serves. */
const periodMillis = lifetimeSeconds * 1000 * (4 / 5)

export interface TokenAccount {
  readonly requests: number
  /** The least that will do: one for each period, one after each refusal of a token, one after each failure. */
  readonly minimum: number
  /** Because the period was over. */
  readonly renewals: number
  /** Because the API had refused the token. */
  readonly afterRefusal: number
  /** Because the token request before had failed. */
  readonly afterFailure: number
}

export const account = ({ refusals, tokenRequests }: Summary): TokenAccount => {
  const counted = { first: 0, renewals: 0, afterRefusal: 0, afterFailure: 0, needless: 0 }
  for (const [index, { at }] of tokenRequests.entries()) {
    const before = tokenRequests[index - 1]
    if (before === undefined) counted.first++
    else if (before.fault !== undefined) counted.afterFailure++
    else if (refusals.some((refusal) => refusal >= before.at && refusal <= at)) {
      counted.afterRefusal++
    } else if (at - before.at >= periodMillis) counted.renewals++
    else counted.needless++
  }
  const { afterFailure, afterRefusal, needless, renewals } = counted
  return {
    requests: tokenRequests.length,
    minimum: tokenRequests.length - needless,
    renewals,
    afterRefusal,
    afterFailure
  }
}
