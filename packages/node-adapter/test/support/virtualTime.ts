/**
 * Tests of waits. HTTP runs in real time while the test's clock is stopped. A test therefore
 * first yields to the event loop until the code under test waits for the clock, and then advances
 * the clock.
 */
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"
import { until } from "./eventLoop.js"

/**
 * Runs a test with its own clock, which starts at 1970-01-01. Waits of other tests are not in it.
 */
export const virtually = Effect.provide(TestContext.TestContext)

/** Waits until a fiber sleeps until exactly this instant, in epoch milliseconds. */
export const awaitSleepUntil = (instant: number): Effect.Effect<void> =>
  until(
    Effect.map(
      TestClock.sleeps(),
      Chunk.some((end) => end === instant)
    )
  )

/** Waits until a fiber sleeps for exactly this long from now, then advances the clock by it. */
export const passSleepOf = (duration: Duration.DurationInput): Effect.Effect<void> =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    yield* awaitSleepUntil(now + Duration.toMillis(duration))
    yield* TestClock.adjust(duration)
  })
