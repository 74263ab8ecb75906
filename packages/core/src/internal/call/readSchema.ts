/** The answer to an introspection query, as far as a client looks into it. */
import * as Either from "effect/Either"
import { isJsonObject, type JsonObject, type JsonValue } from "../../JsonValue.js"
import { DecodeError } from "../../MetricsError.js"
import { showing } from "../redact/shownValues.js"
import { shorten } from "../shorten.js"

export const readSchema = (data: JsonValue): Either.Either<JsonObject, DecodeError> =>
  isJsonObject(data) && isJsonObject(data["__schema"])
    ? Either.right(data)
    : Either.left(
        showing(
          new DecodeError({
            reason: "WrongShape",
            problem: `The answer to the introspection query is ${shorten(data)}, which has no schema`,
            hint: "Check that the base URL leads to the API itself, and that introspection is on",
            expected: "an object with __schema",
            found: shorten(data)
          }),
          data
        )
      )
