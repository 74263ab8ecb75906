/** The retry budget that all calls of a client share. */
import type { RetryPolicy } from "../../RetryPolicy.js"

export interface RetryBudget {
  /** Takes one retry from the budget, and returns whether the budget had a retry left. */
  readonly spend: (policy: RetryPolicy) => boolean
  /** Returns a retry to the budget, for a retry that succeeded or was not made. */
  readonly giveBack: () => void
  /** Returns a tenth of a retry to the budget, for a call that succeeded without a retry. */
  readonly succeededAtOnce: () => void
}

export const makeRetryBudget = (): RetryBudget => {
  /**
   * The number of spent retries, in tenths. Tenths are counted as integers, because sums of
   * fractions such as 0.1 are rounded.
   */
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
