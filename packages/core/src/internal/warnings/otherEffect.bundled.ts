/**
 * Does nothing, so that the bundle of a page does not contain the check for two versions of effect.
 * In development and in Node, `otherEffect.node.ts` is used, which makes this check.
 */
import * as Effect from "effect/Effect"

export const warnOfOtherEffect: Effect.Effect<void> = Effect.void
