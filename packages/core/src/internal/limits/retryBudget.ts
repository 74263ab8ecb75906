/** What the retries of all calls of a client have spent. */
import type { RetryPolicy } from "../../RetryPolicy.js"

export interface RetryBudget {
  /** Spends one retry, where the policy's budget has one left. */
  readonly spend: (policy: RetryPolicy) => boolean
  /** Gives back a retry: it helped, or was not made. */
  readonly giveBack: () => void
  /** A call has succeeded without a retry: that gives back a tenth of one. */
  readonly succeededAtOnce: () => void
}

export const makeRetryBudget = (): RetryBudget => {
  /** In tenths, since those add up without a rest. */
  let spent = 0
  return {
    spend: ({ budget }) => {
      if (!(spent + 10 <= budget * 10)) return false
      spent += 10
      return true
    },
    giveBack: () => {
      spent = Math.max(0, spent - 10)
    },
    succeededAtOnce: () => {
      spent = Math.max(0, spent - 1)
    }
  }
}
