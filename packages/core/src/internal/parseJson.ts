import * as Either from "effect/Either"
import type { JsonValue } from "../JsonValue.js"

/**
 * Parses JSON, and returns an empty Left if the text is not JSON. The Left does not contain the
 * message of `JSON.parse`, because this message quotes the text, which may contain a secret.
 */
export const parseJson = (text: string): Either.Either<JsonValue, void> =>
  Either.try({
    // JSON.parse returns only values of this type (RFC 8259).
    try: () => JSON.parse(text) as JsonValue,
    catch: () => undefined
  })
