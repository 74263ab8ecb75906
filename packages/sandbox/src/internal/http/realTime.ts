import * as Effect from "effect/Effect"

/** A timer of more milliseconds would end at once. */
export const longestWait = 2_147_483_647

/** A wait on the wire is real: it must not stand still because a test holds Effect's clock. */
export const realSleep = (milliseconds: number): Effect.Effect<void> =>
  Effect.async((resume) => {
    const timer = setTimeout(() => resume(Effect.void), Math.min(milliseconds, longestWait))
    return Effect.sync(() => clearTimeout(timer))
  })
