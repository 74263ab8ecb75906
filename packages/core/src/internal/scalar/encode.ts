/**
 * Encodes a caller's value as the JSON that is sent. On failure, the Left of the Either describes a
 * valid value.
 */

import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { rememberTexts } from "#remember"
import type { JsonValue } from "../../JsonValue.js"
import { parseDate } from "../time/calendar.js"
import { formatInstant, instantOf } from "../time/instant.js"
import { isJsonValue } from "./isJsonValue.js"

export type Encode = (value: unknown) => Either.Either<JsonValue, string>

export const boolean: Encode = (value) =>
  typeof value === "boolean" ? Either.right(value) : Either.left("true or false")

export const string: Encode = (value) =>
  typeof value === "string" ? Either.right(value) : Either.left("a string")

const integer =
  (bits: 16 | 32): Encode =>
  (value) =>
    typeof value === "number" &&
    Number.isInteger(value) &&
    value >= -(2 ** (bits - 1)) &&
    value < 2 ** (bits - 1)
      ? Either.right(value)
      : Either.left(`a ${bits}-bit integer`)

export const int16: Encode = integer(16)

export const int32: Encode = integer(32)

export const date: Encode = (value) =>
  typeof value === "string" && Option.isSome(parseDate(value))
    ? Either.right(value)
    : Either.left("a calendar date as YYYY-MM-DD")

export const oneOf =
  (values: ReadonlyArray<string>): Encode =>
  (value) =>
    typeof value === "string" && values.includes(value)
      ? Either.right(value)
      : Either.left(`one of ${values.join(", ")}`)

export const finite: Encode = (value) =>
  typeof value === "number" && Number.isFinite(value)
    ? Either.right(value)
    : Either.left("a finite number")

/**
 * Encodes a bigint as text, because a program between the client and the database could round a
 * JSON number. The server accepts text for every type.
 */
export const bigint: Encode = (value) => {
  if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) {
    return Either.right(value.toString())
  }
  if (typeof value === "number" && Number.isSafeInteger(value)) return Either.right(String(value))
  return typeof value === "string" && /^-?\d{1,19}$/.test(value)
    ? bigint(BigInt(value))
    : Either.left("a 64-bit integer: a bigint, its digits as text, or a safe integer")
}

export const numeric: Encode = (value) => {
  if (BigDecimal.isBigDecimal(value)) return Either.right(BigDecimal.format(value))
  if (typeof value === "bigint") return Either.right(value.toString())
  if (typeof value === "number" && Number.isFinite(value)) return Either.right(String(value))
  return typeof value === "string" && decimalText.test(value)
    ? Either.right(value)
    : Either.left("a BigDecimal, a bigint, a finite number or a decimal as text")
}

const decimalText = /^-?\d{1,1000}(?:\.\d{1,1000})?(?:[eE][+-]?\d{1,4})?$/

export const timestamp: Encode = (value) =>
  DateTime.isDateTime(value) || value instanceof globalThis.Date
    ? Option.match(instantOf(value), {
        onNone: () => Either.left("a valid Date"),
        onSome: (instant) => Either.right(instantText(instant))
      })
    : Either.left("a DateTime or a Date")

const instantText = /* @__PURE__ */ rememberTexts(formatInstant)

export const json: Encode = (value) =>
  isJsonValue(value) ? Either.right(value) : Either.left("a JSON value")
