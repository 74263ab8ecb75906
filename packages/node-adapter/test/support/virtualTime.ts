/**
 * Helpers for tests of waits. HTTP runs in real time, but the clock of a test is stopped. Such a
 * test therefore runs the event loop until the tested code waits for the clock, and then advances
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
 * Runs a test with its own clock, which starts at 1970-01-01, so other tests cannot have waits on
 * this clock.
 */
export const virtually = Effect.provide(TestContext.TestContext)

/** Waits until there is a fiber that sleeps until exactly this instant, in epoch milliseconds. */
export const awaitSleepUntil = (instant: number): Effect.Effect<void> =>
  until(
    Effect.map(
      TestClock.sleeps(),
      Chunk.some((end) => end === instant)
    )
  )

/**
 * Waits until there is a fiber that sleeps for exactly this time, and then advances the clock by
 * this time.
 */
export const passSleepOf = (duration: Duration.DurationInput): Effect.Effect<void> =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    yield* awaitSleepUntil(now + Duration.toMillis(duration))
    yield* TestClock.adjust(duration)
  })
