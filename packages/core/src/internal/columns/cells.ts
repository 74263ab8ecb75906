/**
 * Scans one cell into a column, if the cell is written as PostgreSQL writes it.
 *
 * Each function returns the position after the cell, or -1 if the cell is not as expected. An
 * unexpected cell is not an error yet: its row is then parsed as JSON, and read as in the reader of
 * rows (`rows/readRows.ts`). A function may therefore refuse a valid cell. But if it accepts a
 * cell, the reader of rows must accept this cell too, and must read the same value.
 */
import type { ColumnBuilder } from "./builder.js"
import {
  comma,
  falseBytes,
  isUtf8,
  minus,
  nullBytes,
  point,
  quote,
  skipBytes,
  skipDecimal,
  skipValue,
  trueBytes
} from "./bytes.js"
import { powers, scanFloat64, scanInt32, scanInt64 } from "./numbers.js"
import { hashFactor, hashOf, noHash } from "./texts.js"

/**
 * At least this many bytes must follow the beginning of a cell, so that the scan can read a few
 * bytes without checking for the end of the body.
 */
export const lookAhead = 64

const backslash = 0x5c
const letterN = 0x6e

export const scanCell = (
  column: ColumnBuilder,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  row: number
): number => {
  if (bytes[at] === letterN) return scanNull(column, bytes, at, row)
  switch (column.kind) {
    case "int32":
      return scanInt32(column, bytes, at, row)
    case "float64":
      return scanFloat64(column, bytes, view, at, row)
    case "timestamp":
      return scanTimestamp(column, bytes, view, at, row)
    case "text":
      return scanText(column, bytes, at, row)
    case "int64":
      return scanInt64(column, bytes, at, row)
    case "boolean":
      return scanBoolean(column, bytes, at, row)
    case "date":
      return scanDate(column, bytes, view, at, row)
    case "decimal":
      return scanDecimal(column, bytes, at, row)
    case "json":
      return scanJson(column, bytes, at, row)
  }
}

const scanNull = (column: ColumnBuilder, bytes: Uint8Array, at: number, row: number): number => {
  if (!column.field.isNullable && column.kind !== "json") return -1
  const next = skipBytes(bytes, at, nullBytes)
  if (next < 0 || (column.field.isChecked && !column.field.isNullable)) return -1
  column.setNull(row)
  return next
}

const scanBoolean = (column: ColumnBuilder, bytes: Uint8Array, at: number, row: number): number => {
  const isTrue = bytes[at] === 0x74
  const next = skipBytes(bytes, at, isTrue ? trueBytes : falseBytes)
  column.flags[row] = isTrue ? 1 : 0
  return next
}

/** Two digits as a number, or NaN. */
const twoDigits = (bytes: Uint8Array, at: number): number => {
  const tens = (bytes[at] ?? 0) - 48
  const ones = (bytes[at + 1] ?? 0) - 48
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? Number.NaN : 10 * tens + ones
}

/**
 * Reads `"2024-01-31` into the column's day. Most rows have the same day as the row before, so the
 * bytes of these two days are compared first.
 */
const scanDay = (column: ColumnBuilder, bytes: Uint8Array, view: DataView, at: number): boolean => {
  const { dayAt } = column
  if (
    dayAt >= 0 &&
    view.getInt32(at, true) === view.getInt32(dayAt, true) &&
    view.getInt32(at + 4, true) === view.getInt32(dayAt + 4, true) &&
    view.getInt32(at + 7, true) === view.getInt32(dayAt + 7, true)
  ) {
    return true
  }
  if (bytes[at] !== quote || bytes[at + 5] !== minus || bytes[at + 8] !== minus) return false
  const year = 100 * twoDigits(bytes, at + 1) + twoDigits(bytes, at + 3)
  const day = dayOf(year, twoDigits(bytes, at + 6), twoDigits(bytes, at + 9))
  if (Number.isNaN(day)) return false
  column.day = day
  column.dayAt = at
  return true
}

const scanDate = (
  column: ColumnBuilder,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  row: number
): number => {
  if (!scanDay(column, bytes, view, at)) return -1
  column.ints[row] = column.day
  return bytes[at + 11] === quote ? at + 12 : -1
}

const scanTimestamp = (
  column: ColumnBuilder,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  row: number
): number => {
  const { lastAt } = column
  if (lastAt < 0 || !isSameTime(view, at, lastAt)) {
    return scanOtherTime(column, bytes, view, at, row)
  }
  column.doubles[row] = column.lastTime
  return at + usualLength
}

/** A function of its own, because V8 only inlines `scanTimestamp` if it is short. */
const scanOtherTime = (
  column: ColumnBuilder,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  row: number
): number => {
  if (!scanDay(column, bytes, view, at)) return -1
  const separator = bytes[at + 11]
  if (separator !== 0x54 && separator !== 0x20) return -1
  const hours = twoDigits(bytes, at + 12)
  const minutes = twoDigits(bytes, at + 15)
  const seconds = twoDigits(bytes, at + 18)
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return -1
  if (bytes[at + 14] !== 0x3a || bytes[at + 17] !== 0x3a) return -1
  let millis = column.day * millisOfDay + 3_600_000 * hours + 60_000 * minutes + 1_000 * seconds
  let next = at + 20
  let micros = 0
  if (bytes[next] === point) {
    const first = ++next
    let digits = 0
    for (;;) {
      const digit = (bytes[next] ?? 0) - 48
      if (digit < 0 || digit > 9) break
      digits = digits * 10 + digit
      next++
    }
    const count = next - first
    if (count === 0 || count > 6) return -1
    digits *= powers[6 - count] ?? 1
    micros = digits % 1_000
    millis += (digits - micros) / 1_000
  }
  const end = scanOffset(bytes, next)
  if (end < 0) return -1
  millis -= offsetMillis
  column.doubles[row] = millis
  column.setMicros(row, micros)
  // `isSameTime` compares only timestamps of the usual length.
  if (next === at + 20 && end === at + usualLength) {
    column.lastAt = at
    column.lastTime = millis
  }
  return end
}

/** The length of `"2024-01-31T06:00:00+00:00"`. */
const usualLength = 27

/**
 * Compares the bytes of two timestamps as doubles. The timestamp at `lastAt` consists of ASCII, so
 * none of its doubles is NaN or 0, and equal doubles have equal bytes.
 */
const isSameTime = (view: DataView, at: number, lastAt: number): boolean =>
  // Compares the minutes and the hours first, because they differ most often.
  view.getFloat64(at + 12, true) === view.getFloat64(lastAt + 12, true) &&
  view.getFloat64(at + 4, true) === view.getFloat64(lastAt + 4, true) &&
  view.getFloat64(at + 19, true) === view.getFloat64(lastAt + 19, true) &&
  view.getInt32(at, true) === view.getInt32(lastAt, true)

/** The offset that `scanOffset` found last, in milliseconds. */
let offsetMillis = 0

/** The position after `Z"`, `+00"`, `+0000"`, `+00:00"` or `"`. */
const scanOffset = (bytes: Uint8Array, at: number): number => {
  offsetMillis = 0
  const sign = bytes[at]
  if (sign === quote) return at + 1
  if (sign === 0x5a) return bytes[at + 1] === quote ? at + 2 : -1
  if (sign !== 0x2b && sign !== minus) return -1
  const hours = twoDigits(bytes, at + 1)
  if (!(hours < 24)) return -1
  let next = at + 3
  let minutes = 0
  if (bytes[next] !== quote) {
    if (bytes[next] === 0x3a) next++
    minutes = twoDigits(bytes, next)
    if (!(minutes < 60)) return -1
    next += 2
  }
  offsetMillis = (sign === minus ? -1 : 1) * (3_600_000 * hours + 60_000 * minutes)
  return bytes[next] === quote ? next + 1 : -1
}

const scanText = (column: ColumnBuilder, bytes: Uint8Array, at: number, row: number): number => {
  const { texts } = column
  if (bytes[at] !== quote || texts === undefined) return -1
  const start = at + 1
  const likely = texts.endOfLikely(row, bytes, start)
  if (likely >= 0 && bytes[likely] === quote) {
    texts.setLikely(row, bytes, start, likely)
    return likely + 1
  }
  let end = start
  let hash = noHash
  let all = 0
  for (;;) {
    // Beyond the end the byte counts as 0, which is not allowed in a text.
    const byte = bytes[end] ?? 0
    if (byte === quote) break
    if (byte < 0x20 || byte === backslash) return -1
    hash = Math.imul(hash ^ byte, hashFactor)
    all |= byte
    end++
  }
  if (all >= 0x80 && !isUtf8(bytes, start, end)) return -1
  texts.set(row, bytes, start, end, hash)
  return end + 1
}

/** In bytes. A longer number is read as in the reader of rows, which limits the length. */
const maxDecimal = 300

const scanDecimal = (column: ColumnBuilder, bytes: Uint8Array, at: number, row: number): number => {
  const isText = bytes[at] === quote
  const start = isText ? at + 1 : at
  const end = skipDecimal(bytes, start)
  if (end < 0 || end - start > maxDecimal) return -1
  // The cell must end here. `skipDecimal` does not read an exponent, which belongs to the number.
  const following = bytes[end]
  if (isText ? following !== quote : !isEnd(following)) return -1
  column.texts?.set(row, bytes, start, end, hashOf(bytes, start, end))
  return isText ? end + 1 : end
}

/** Whether a cell can end before this byte. */
const isEnd = (byte: number | undefined): boolean => byte === comma || byte === 0x7d

const scanJson = (column: ColumnBuilder, bytes: Uint8Array, at: number, row: number): number => {
  const { field, texts } = column
  if (texts === undefined || field.isChecked || (field.mayBeText && bytes[at] === quote)) return -1
  const likely = texts.endOfLikely(row, bytes, at)
  if (likely >= 0 && isEnd(bytes[likely])) {
    texts.setLikely(row, bytes, at, likely)
    return likely
  }
  const end = skipValue(bytes, at)
  if (end < 0 || !isEnd(bytes[end]) || !isUtf8(bytes, at, end)) return -1
  texts.set(row, bytes, at, end, hashOf(bytes, at, end))
  return end
}

/**
 * The days from 1970-01-01 to a date, or NaN if there is no such date. As in the reader of rows, a
 * year has four digits.
 */
export const dayOf = (year: number, month: number, day: number): number => {
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return Number.NaN
  // `Date.UTC` reads the years 0 to 99 as 1900 to 1999, so the date is computed 400 years later.
  // The calendar repeats every 400 years.
  const millis = Date.UTC(year + 400, month - 1, day) - fourHundredYears
  return day > 28 && new Date(millis).getUTCDate() !== day ? Number.NaN : millis / millisOfDay
}

const millisOfDay = 86_400_000

const fourHundredYears = 146_097 * millisOfDay
