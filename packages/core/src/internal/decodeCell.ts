/** From a cell of an answer, not null, to the value that a row holds. Left says what was expected. */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { JsonValue } from "../JsonValue.js"
import type { LocalDate } from "../TimeRange.js"
import { parseDate } from "./calendar.js"
import { parseJson } from "./parseJson.js"

export const string = (cell: JsonValue): Either.Either<string, string> =>
  typeof cell === "string" ? Either.right(cell) : Either.left("a string")

export const date = (cell: JsonValue): Either.Either<LocalDate, string> =>
  typeof cell === "string" && isLocalDate(cell)
    ? Either.right(cell)
    : Either.left("a calendar date, as 2024-01-31")

const isLocalDate = (text: string): text is LocalDate => Option.isSome(parseDate(text))

export const boolean = (cell: JsonValue): Either.Either<boolean, string> =>
  typeof cell === "boolean" ? Either.right(cell) : Either.left("true or false")

export const integer = (cell: JsonValue): Either.Either<number, string> =>
  typeof cell === "number" && Number.isSafeInteger(cell)
    ? Either.right(cell)
    : Either.left("an integer")

/** Wide numbers come as text where the server is set so (`HASURA_GRAPHQL_STRINGIFY_NUMERIC_TYPES`). */
export const float = (cell: JsonValue): Either.Either<number, string> => {
  if (typeof cell === "number") return Either.right(cell)
  if (typeof cell === "string" && floatText.test(cell)) return Either.right(Number(cell))
  return Either.left("a number, or a number as text")
}

const floatText = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/

export const bigint = (cell: JsonValue): Either.Either<bigint, string> => {
  if (typeof cell === "number" && Number.isSafeInteger(cell)) return Either.right(BigInt(cell))
  if (typeof cell === "string" && /^-?\d{1,19}$/.test(cell)) return Either.right(BigInt(cell))
  return Either.left("an integer as text, or a number that is a safe integer")
}

export const numeric = (cell: JsonValue): Either.Either<BigDecimal.BigDecimal, string> =>
  Either.fromOption(
    typeof cell === "string"
      ? BigDecimal.fromString(cell)
      : typeof cell === "number"
        ? BigDecimal.safeFromNumber(cell)
        : Option.none(),
    () => "a decimal number, or one as text"
  )

export const timestamp = (cell: JsonValue): Either.Either<DateTime.Utc, string> =>
  typeof cell === "string" ? readTimestamp(cell) : Either.left(pointInTime)

const pointInTime = "a point in time, as 2024-01-01T06:00:00+00:00"

export const json = (cell: JsonValue): Either.Either<JsonValue, string> => Either.right(cell)

/** Text that is JSON is what it says, any other text is itself. */
export const jsonOrText = (cell: JsonValue): Either.Either<JsonValue, string> =>
  Either.right(typeof cell === "string" ? Either.getOrElse(parseJson(cell), () => cell) : cell)

/**
 * PostgreSQL writes `2024-01-01T06:00:00+00:00`, `+00`, a blank for the `T`, up to six digits of a second; a source without
 * time zones leaves the offset out. The API speaks UTC, so no offset is read as UTC.
 */
const timestampText =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:(Z)|([+-]\d{2})(?::?(\d{2}))?)?$/

const parseTimestamp = (text: string): Option.Option<DateTime.Utc> => {
  const match = timestampText.exec(text)
  if (match === null) return Option.none()
  const [, date, time, fraction = "0", , offsetHours = "+00", offsetMinutes = "00"] = match
  const millis = fraction.padEnd(3, "0").slice(0, 3)
  return Option.map(
    DateTime.make(`${date}T${time}.${millis}${offsetHours}:${offsetMinutes}`),
    DateTime.toUtc
  )
}

/** For values that often come several times in a row, and that nothing can change. */
const rememberLast = <A>(read: (text: string) => A): ((text: string) => A) => {
  let last: { readonly text: string; readonly value: A } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, value: read(text) }
    return last.value
  }
}

/** Rows mostly come by time: those of one time share its value. */
const readTimestamp = rememberLast((text) =>
  Either.fromOption(parseTimestamp(text), () => pointInTime)
)
