/**
 * Time for durations: how long to wait, and how long ago something happened.
 *
 * The wall clock can be corrected while a program runs, by hours at worst. A wait measured by the
 * wall clock could then end hours later, or at once. The nanoseconds of Effect's Clock come from
 * `process.hrtime` or `performance.now`, which only go forward, or from the TestClock in a test.
 * The wall clock is for instants that other systems also know: when a token expires, the date of a
 * header, the range of a query.
 */
import type * as Clock from "effect/Clock"

/**
 * Milliseconds since an arbitrary start. A whole number of milliseconds is exact, although a test's
 * clock rounds its nanoseconds. A fraction is rounded up, so that waiting until a time does not end
 * after this time.
 */
export const millisOf = (clock: Clock.Clock): number => {
  const micros = Math.round(Number(clock.unsafeCurrentTimeNanos()) / 1_000)
  return (micros % 1_000 === 0 ? micros : micros + 1) / 1_000
}
