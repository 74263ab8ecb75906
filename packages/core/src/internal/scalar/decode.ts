/**
 * Decodes the cells of a response to the values of rows. A null in a nullable column is not passed
 * to these decoders.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { JsonValue } from "../../JsonValue.js"
import type { LocalDate } from "../../TimeRange.js"
import { parseJson } from "../parseJson.js"
import { parseDate } from "../time/calendar.js"
import { isExact } from "./exactNumbers.js"

/** Decodes a cell. On failure, Left describes the expected value. */
export type Decode<A> = (cell: JsonValue) => Either.Either<A, string>

/** Returns the decoded value of a cell, or `undefined` if the cell is not valid. */
export type Read<A> = (cell: JsonValue | undefined) => A | undefined

/**
 * For each decoder of this module, a faster function that creates no `Either`. Creating an `Either`
 * for each cell takes longer than decoding the cell. The decoder itself runs only if a cell is not
 * valid, to describe the expected value.
 */
const reads = /* @__PURE__ */ new WeakMap<Decode<unknown>, Read<unknown>>()

export const readOf = (decode: Decode<unknown>): Read<unknown> | undefined => reads.get(decode)

export const decoder = <A>(expected: string, read: Read<A>): Decode<A> => {
  const decode: Decode<A> = (cell) => {
    const value = read(cell)
    return value === undefined ? Either.left(expected) : Either.right(value)
  }
  reads.set(decode, read)
  return decode
}

export const string: Decode<string> = /* @__PURE__ */ decoder("a string", (cell) =>
  typeof cell === "string" ? cell : undefined
)

export const date: Decode<LocalDate> = /* @__PURE__ */ decoder(
  "a calendar date such as 2024-01-31",
  (cell) => (typeof cell === "string" && isLocalDate(cell) ? cell : undefined)
)

const isLocalDate = (text: string): text is LocalDate => Option.isSome(parseDate(text))

export const boolean: Decode<boolean> = /* @__PURE__ */ decoder("true or false", (cell) =>
  typeof cell === "boolean" ? cell : undefined
)

export const integer: Decode<number> = /* @__PURE__ */ decoder("an integer", (cell) =>
  typeof cell === "number" && Number.isSafeInteger(cell) ? cell : undefined
)

/**
 * Decodes a number. If the server sets `HASURA_GRAPHQL_STRINGIFY_NUMERIC_TYPES`, it sends these
 * numbers as text.
 */
export const float: Decode<number> = /* @__PURE__ */ decoder(
  "a number, or a number as text",
  (cell) => {
    if (typeof cell === "number") return cell
    return typeof cell === "string" && floatText.test(cell) ? Number(cell) : undefined
  }
)

// No two parts of the expression can match the same digits, so the time stays proportional to the
// length of the text.
const floatText = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/

export const bigint: Decode<bigint> = /* @__PURE__ */ decoder(
  "an integer as text, or a number that is a safe integer",
  (cell) =>
    (typeof cell === "number" && Number.isSafeInteger(cell)) ||
    (typeof cell === "string" && /^-?\d{1,19}$/.test(cell))
      ? BigInt(cell)
      : undefined
)

export const numeric: Decode<BigDecimal.BigDecimal> = /* @__PURE__ */ decoder(
  "a decimal as text of at most 1,000 digits and an exponent of at most 1,000, or a number of at most 15 digits",
  (cell) => {
    if (typeof cell === "string") {
      return isBounded(cell) ? Option.getOrUndefined(BigDecimal.fromString(cell)) : undefined
    }
    return typeof cell === "number" && isExact(cell)
      ? Option.getOrUndefined(BigDecimal.safeFromNumber(cell))
      : undefined
  }
)

/**
 * The maximum length of a `numeric`, in characters. The exponent also has a limit, because
 * arithmetic with a short text such as `1e999999999` would create a number with a billion digits.
 */
const maxNumeric = 1_010

const isBounded = (text: string): boolean => {
  if (text.length > maxNumeric) return false
  const at = text.search(/[eE]/)
  return at < 0 || Math.abs(Number(text.slice(at + 1))) <= 1_000
}

export const timestamp: Decode<DateTime.Utc> = /* @__PURE__ */ decoder(
  "a timestamp such as 2024-01-01T06:00:00+00:00",
  (cell) => {
    if (cell !== lastCell) {
      lastTime = typeof cell === "string" ? parseTimestamp(cell) : undefined
      lastCell = cell
    }
    return lastTime
  }
)

/**
 * The last cell and its value. Consecutive rows often have the same time, and then share one
 * immutable value.
 */
let lastCell: JsonValue | undefined
let lastTime: DateTime.Utc | undefined

/**
 * The format of a timestamp. PostgreSQL writes `2024-01-01T06:00:00+00:00`. It can also write the
 * offset as `+00`, a space instead of the `T`, and up to six digits of a fraction. A data source
 * without time zones omits the offset. The API uses UTC, so a missing offset is read as UTC.
 */
const timestampText =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[T ](?:[01]\d|2[0-3]|24(?=:00:00(?:\.0+)?(?![.\d])))(?::[0-5]\d){2}(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?$/

/** The part of a timestamp after the seconds: the fraction and the offset. */
const timestampRest = /^(?:\.(\d+))?(?:Z|(...)?:?(..)?)$/

/**
 * Parses a timestamp. The digits are read directly, because it would take longer to make a text
 * that `Date.parse` accepts.
 */
const parseTimestamp = (text: string): DateTime.Utc | undefined => {
  if (!timestampText.test(text)) return undefined
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2)
  const day = twoDigits(text, 8)
  // `Date.UTC` reads the year 99 as 1999. The calendar repeats every 400 years, so 400 years are
  // added before the call and subtracted after it. `Date.UTC` also reads 30 February as 1 or 2
  // March, so the day of the result is compared with the day in the text.
  const date = Date.UTC(year + 400, twoDigits(text, 5) - 1, day) - fourHundredYears
  if (day > 28 && new Date(date).getUTCDate() !== day) return undefined
  return DateTime.unsafeMake(
    date +
      3_600_000 * twoDigits(text, 11) +
      60_000 * twoDigits(text, 14) +
      1_000 * twoDigits(text, 17) +
      parseRest(text.slice(19))
  )
}

/** The fraction of a second minus the offset, in milliseconds. */
const parseRest = (text: string): number => {
  // Most timestamps end with this text. For them, the regular expression is not run, because it
  // takes longer than reading all the digits.
  if (text === "+00:00") return 0
  const [, fraction = "", hours = "+0", minutes = "0"] = timestampRest.exec(text) ?? []
  return (
    Number(fraction.padEnd(3, "0").slice(0, 3)) -
    3_600_000 * Number(hours) -
    60_000 * Number(hours.charAt(0) + minutes)
  )
}

/** The length of 400 years, in milliseconds. */
const fourHundredYears = 146_097 * 86_400_000

/** The number that two digits of the text represent. 48 is the code of the character `0`. */
const twoDigits = (text: string, at: number): number =>
  10 * (text.charCodeAt(at) - 48) + text.charCodeAt(at + 1) - 48

export const json: Decode<JsonValue> = /* @__PURE__ */ decoder("JSON", (cell) => cell)

/** Parses a text that is JSON, and returns any other cell unchanged. */
export const jsonOrText: Decode<JsonValue> = /* @__PURE__ */ decoder("JSON", (cell) =>
  typeof cell === "string" ? Either.getOrElse(parseJson(cell), () => cell) : cell
)
