/** Whether each token was needed. */
import type { Summary } from "../messages.js"

/** How long a token of the soak lives. */
export const lifetimeSeconds = 5

/** From a fifth of its lifetime before its expiry, a token is renewed behind the calls that it serves. */
const periodMillis = lifetimeSeconds * 1000 * (4 / 5)

/** The log has when a request arrived, and a busy client reads its refusal later. */
const refusalDelayMillis = 2_000

const mayCause = (refusal: number, before: number, at: number): boolean =>
  refusal >= before - refusalDelayMillis && refusal <= at

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
  let unused = [...refusals].sort((a, b) => a - b)
  for (const [index, { at }] of tokenRequests.entries()) {
    const before = tokenRequests[index - 1]
    if (before === undefined) counted.first++
    else if (before.fault !== undefined) counted.afterFailure++
    else if (unused.some((refusal) => mayCause(refusal, before.at, at))) {
      counted.afterRefusal++
      const used = unused.findIndex((refusal) => mayCause(refusal, before.at, at))
      unused = unused.slice(used + 1)
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
