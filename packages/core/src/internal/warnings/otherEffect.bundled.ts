/**
 * A page in production does not check for two versions of effect, so that its bundle does not
 * contain the check. In development and in Node, `otherEffect.node.ts` checks.
 */
import * as Effect from "effect/Effect"

export const warnOfOtherEffect: Effect.Effect<void> = Effect.void
