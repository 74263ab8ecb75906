/** Points in time as microseconds since 1970, the precision of PostgreSQL. */

/**
 * Formats an instant in UTC, as 2024-03-01T06:00:00.000Z. If the instant has microseconds, the text
 * has six digits after the point.
 */
export const formatInstant = (micros: bigint): string => {
  const rest = ((micros % 1_000n) + 1_000n) % 1_000n
  const text = new Date(Number((micros - rest) / 1_000n)).toISOString()
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(3, "0")}Z`
}

/**
 * Keeps the last result. Rows are mostly in the order of time, and many rows have the same time, so
 * the next value is nearly always equal to the last value.
 */
export const memoLast = <A, B>(compute: (value: A) => B): ((value: A) => B) => {
  let last: { readonly value: A; readonly result: B } | undefined
  return (value) => {
    if (last === undefined || last.value !== value) last = { value, result: compute(value) }
    return last.result
  }
}
