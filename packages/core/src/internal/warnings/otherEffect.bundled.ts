/**
 * A page in production does not check for two versions of effect, which saves the code. In
 * development and in Node `otherEffect.node.ts` does.
 */
import * as Effect from "effect/Effect"

export const warnOfOtherEffect: Effect.Effect<void> = Effect.void
