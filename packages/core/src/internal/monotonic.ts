/**
 * The clock for durations, such as how long to wait or how long ago something happened.
 *
 * The wall clock can change by hours while a program runs, for example when it is corrected. A wait
 * that is measured by the wall clock could then end hours too late, or at once. The nanoseconds of
 * Effect's Clock come from `process.hrtime` or `performance.now`, which only go forward, or from
 * the TestClock in a test. The wall clock is used for times that other systems also know: the
 * expiry of a token, the date in a header, the range of a query.
 */
import type * as Clock from "effect/Clock"

/**
 * Milliseconds since an arbitrary start. The TestClock returns nanoseconds with rounding errors, so
 * the time is rounded to microseconds. If the result is not a whole number of milliseconds, a
 * microsecond is added to make up for the rounding. A wait from this time until a given time is
 * therefore never too long.
 */
export const millisOf = (clock: Clock.Clock): number => {
  const micros = Math.round(Number(clock.unsafeCurrentTimeNanos()) / 1_000)
  return (micros % 1_000 === 0 ? micros : micros + 1) / 1_000
}
