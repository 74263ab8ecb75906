/**
 * Tests of waits. HTTP goes on in real time while the test's clock stands still, so a test first
 * waits, by the event loop, until the code under test waits for the clock, and then moves the
 * clock.
 */
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"
import { until } from "./eventLoop.js"

/**
 * Runs a test with a clock of its own, which begins at 1970-01-01: the waits of other tests are not
 * in it.
 */
export const virtually = Effect.provide(TestContext.TestContext)

/** Waits until some fiber sleeps until exactly this instant, in epoch milliseconds. */
export const awaitSleepUntil = (instant: number): Effect.Effect<void> =>
  until(
    Effect.map(
      TestClock.sleeps(),
      Chunk.some((end) => end === instant)
    )
  )

/** Waits until some fiber sleeps for exactly so long from now, then lets that time pass. */
export const passSleepOf = (duration: Duration.DurationInput): Effect.Effect<void> =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    yield* awaitSleepUntil(now + Duration.toMillis(duration))
    yield* TestClock.adjust(duration)
  })
