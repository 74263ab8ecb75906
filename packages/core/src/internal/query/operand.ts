/** Encodes the value that a filter passes to an operator as JSON. */
import * as Either from "effect/Either"
import type { JsonValue } from "../../JsonValue.js"
import type { QueryError } from "../../MetricsError.js"
import { fail, type Place } from "../queryError.js"
import type { Argument } from "../scalar/argument.js"
import { shorten } from "../shorten.js"

/**
 * A value that is already JSON from the server. It is sent back unchanged, because a decoded value
 * may have fewer digits.
 */
export class Verbatim {
  constructor(readonly json: JsonValue) {}
}

/** The JSON of a value for an argument. Null and `undefined` are rejected. */
export const encodeOperand = (
  value: unknown,
  argument: Argument,
  operator: string,
  place: Place
): Either.Either<JsonValue, QueryError> => {
  if (value instanceof Verbatim) return Either.right(value.json)
  if (value === null || value === undefined) {
    return fail(
      "NullComparison",
      place,
      `${operator} of ${place.table}.${place.column} is ${value}, which the server may treat as no filter`,
      "Test for null with _is_null, or leave out the filter"
    )
  }
  const encoded = argument.encode(value)
  return Either.isRight(encoded)
    ? // A Right has no Left value, so any type of the Left is correct.
      (encoded as Either.Right<never, JsonValue>)
    : fail(
        "InvalidValue",
        place,
        `${operator} of ${place.table}.${place.column} is ${shorten(value)}`,
        `Pass ${encoded.left}`
      )
}
