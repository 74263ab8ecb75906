/** Scans the digits of a number into a column. See `cells.ts` for what each function returns. */
import type { ColumnBuilder } from "./builder.js"
import { minus, point, quote } from "./bytes.js"

export const scanInt32 = (
  column: ColumnBuilder,
  bytes: Uint8Array,
  at: number,
  row: number
): number => {
  let next = at
  const isNegative = bytes[next] === minus
  if (isNegative) next++
  const first = next
  let value = 0
  for (;;) {
    const digit = (bytes[next] ?? 0) - 48
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
    next++
  }
  const digits = next - first
  if (digits === 0 || digits > 10 || (digits > 1 && bytes[first] === 48)) return -1
  if (isNegative) value = -value
  if (value > 2_147_483_647 || value < -2_147_483_648) return -1
  column.ints[row] = value
  return next
}

/** A double can represent every integer of this many digits. */
const exactDigits = 15

/** If a number has more than this many further digits, `Number` reads it. */
const maxMore = 7

/**
 * The number that four digits make, or -1 if a byte is not a digit. The first digit is the lowest
 * byte of `word`.
 */
const fourDigits = (word: number): number => {
  // A digit is a byte from 0x30 to 0x39. The upper half of such a byte is 3, and it is still 3
  // after 6 has been added to the byte.
  if ((word & -252_645_136) !== 808_464_432) return -1
  if (((word + 101_058_054) & -252_645_136) !== 808_464_432) return -1
  const digits = word & 252_645_135
  const pairs = Math.imul(digits, 10) + (digits >> 8)
  return (pairs & 255) * 100 + ((pairs >> 16) & 255)
}

/** Powers of ten that a double represents exactly. */
export const powers = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))

/**
 * The inverses of these powers, rounded. A multiplication is faster than a division, and `quotient`
 * allows for an error that is much larger.
 */
const inverses = powers.map((power) => 1 / power)

export const scanFloat64 = (
  column: ColumnBuilder,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  row: number
): number => {
  let next = at
  // A server can be configured to send wide numbers as text.
  const isText = bytes[next] === quote
  if (isText) next++
  const start = next
  const isNegative = bytes[next] === minus
  if (isNegative) next++
  let digit = (bytes[next] ?? 0) - 48
  if (digit < 0 || digit > 9) return -1
  let high = digit
  let room = exactDigits - 1
  let low = 0
  let more = 0
  let scale = 0
  next++
  if (digit !== 0) {
    for (;;) {
      digit = (bytes[next] ?? 0) - 48
      if (digit < 0 || digit > 9) break
      if (room > 0) {
        high = high * 10 + digit
        room--
      } else {
        low = low * 10 + digit
        more++
      }
      next++
    }
  }
  if (bytes[next] === point) {
    const fraction = ++next
    if (high === 0) {
      while (bytes[next] === 48) next++
      room = exactDigits
    }
    // No check for the end of the body is needed: see `lookAhead`.
    while (room >= 4 && next - at <= 32) {
      const four = fourDigits(view.getInt32(next, true))
      if (four < 0) break
      high = high * 10_000 + four
      room -= 4
      next += 4
    }
    // JSON often writes a double with 16 or 17 digits. Four digits together are read faster than
    // one by one. `high` may still have had room for the first of these digits.
    if (room < 4 && more === 0 && next - at <= 32) {
      const four = fourDigits(view.getInt32(next, true))
      if (four >= 0) {
        low = four
        more = 4
        room = 0
        next += 4
      }
    }
    for (;;) {
      digit = (bytes[next] ?? 0) - 48
      if (digit < 0 || digit > 9) break
      if (room > 0) {
        high = high * 10 + digit
        room--
      } else {
        low = low * 10 + digit
        more++
      }
      next++
    }
    scale = next - fraction
    if (scale === 0) return -1
  }
  let value: number
  if (more === 0 && scale < powers.length) value = scale === 0 ? high : high / (powers[scale] ?? 1)
  else {
    value = more <= maxMore && scale < powers.length ? quotient(high, low, more, scale) : Number.NaN
    if (Number.isNaN(value)) value = numberOf(bytes, start + (isNegative ? 1 : 0), next)
  }
  column.doubles[row] = isNegative ? -value : value
  if (!isText) return next
  return bytes[next] === quote ? next + 1 : -1
}

/**
 * The double nearest to `(high * 10 ** more + low) / 10 ** scale`, or NaN if it is not certain
 * which double this is.
 *
 * The quotient is computed with twice the precision of a double, as a sum of two doubles. The
 * remainder of the division is exact, because the factors of its products are split into halves of
 * 26 bits (T. J. Dekker, "A floating-point technique for extending the available precision", 1971).
 */
const quotient = (high: number, low: number, more: number, scale: number): number => {
  const shift = powers[more] ?? 1
  // Not the operator `%`, which V8 compiles to a call of a C function.
  const lowHalf = high - Math.floor(high / 67_108_864) * 67_108_864
  const large = (high - lowHalf) * shift
  const small = lowHalf * shift + low
  const sum = large + small
  const rest = small - (sum - large)
  if (scale === 0) return sum
  const divisor = powers[scale] ?? 1
  const first = sum / divisor
  const product = first * divisor
  const a = upperHalf(first)
  const b = upperHalf(divisor)
  const c = first - a
  const d = divisor - b
  const lost = a * b - product + a * d + c * b + c * d
  const second = (sum - product - lost + rest) * (inverses[scale] ?? 1)
  const least = first + second * (1 - uncertainty)
  return least === first + second * (1 + uncertainty) ? least : Number.NaN
}

/** A number much larger than the relative error of `second`. */
const uncertainty = 2 ** -40

const upperHalf = (value: number): number => {
  const scaled = value * 134_217_729
  return scaled - (scaled - value)
}

const numberOf = (bytes: Uint8Array, start: number, end: number): number => {
  let text = ""
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0)
  return Number(text)
}

export const scanInt64 = (
  column: ColumnBuilder,
  bytes: Uint8Array,
  at: number,
  row: number
): number => {
  let next = at
  const isText = bytes[next] === quote
  if (isText) next++
  const isNegative = bytes[next] === minus
  if (isNegative) next++
  const first = next
  let value = 0
  for (;;) {
    const digit = (bytes[next] ?? 0) - 48
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
    next++
  }
  const digits = next - first
  if (digits === 0 || (digits > 1 && bytes[first] === 48)) return -1
  // `lower` has the lower 32 bits, and `upper` has the bits above them. All numbers in this
  // computation are small enough that a double represents them exactly.
  let upper: number
  let lower: number
  if (digits <= exactDigits) {
    upper = Math.floor(value / 4_294_967_296)
    lower = value - upper * 4_294_967_296
  } else {
    if (digits > 19) return -1
    const split = next - 9
    const large = integerOf(bytes, first, split)
    const largeUpper = Math.floor(large / 1_048_576)
    const middle = (large - largeUpper * 1_048_576) * 1e9 + integerOf(bytes, split, next)
    const carry = Math.floor(middle / 1_048_576)
    const above = largeUpper * 1e9 + carry
    upper = Math.floor(above / 4_096)
    lower = (above - upper * 4_096) * 1_048_576 + (middle - carry * 1_048_576)
    if (upper >= 2_147_483_648) return -1
  }
  // A negative number is stored as two's complement: both halves are negated, and the upper half is
  // reduced by 1 if the lower half is not 0.
  column.ints[2 * row] = isNegative ? -lower : lower
  column.ints[2 * row + 1] = isNegative ? -upper - (lower === 0 ? 0 : 1) : upper
  if (!isText) return next
  return bytes[next] === quote ? next + 1 : -1
}

const integerOf = (bytes: Uint8Array, start: number, end: number): number => {
  let value = 0
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] ?? 0) - 48
  return value
}
