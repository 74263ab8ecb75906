/** The retry budget that all calls of a client share. */
import type { RetryPolicy } from "../../RetryPolicy.js"

export interface RetryBudget {
  /** Spends one retry if the policy's budget has one left. */
  readonly spend: (policy: RetryPolicy) => boolean
  /** Returns a retry to the budget if the retry succeeded or was not made. */
  readonly giveBack: () => void
  /** Returns a tenth of a retry to the budget, for a call that succeeded without a retry. */
  readonly succeededAtOnce: () => void
}

export const makeRetryBudget = (): RetryBudget => {
  /** The spent retries, in tenths, because integers add up exactly. */
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
