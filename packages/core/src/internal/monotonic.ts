/**
 * Time for differences: how long to wait, and how long ago something was.
 *
 * The wall clock is put right while a program runs, by hours at worst. A wait that was measured by
 * it would end that much later, or at once. The nanoseconds of Effect's Clock come from
 * `process.hrtime` or `performance.now`, which only go forward, and from the TestClock in a test.
 * The wall clock is for instants that others know as well: when a token expires, the date of a
 * header, the range of a query.
 */
import type * as Clock from "effect/Clock"

/**
 * Milliseconds since some time before. A whole one is exact, though a test's clock rounds its
 * nanoseconds by the size of the number. A fraction is rounded up, so that a wait until a time does
 * not end after it.
 */
export const millisOf = (clock: Clock.Clock): number => {
  const micros = Math.round(Number(clock.unsafeCurrentTimeNanos()) / 1_000)
  return (micros % 1_000 === 0 ? micros : micros + 1) / 1_000
}
