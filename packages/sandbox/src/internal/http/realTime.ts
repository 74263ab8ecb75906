import * as Effect from "effect/Effect"

/** The longest time of a timer, in milliseconds. A longer timer would fire at once. */
export const longestWait = 2_147_483_647

/** Waits in real time, even under a test's Effect clock, because clients wait in real time. */
export const realSleep = (milliseconds: number): Effect.Effect<void> =>
  Effect.async((resume) => {
    const timer = setTimeout(() => resume(Effect.void), Math.min(milliseconds, longestWait))
    return Effect.sync(() => clearTimeout(timer))
  })
