import * as Either from "effect/Either"
import type { JsonValue } from "../JsonValue.js"

/**
 * `JSON.parse` that does not throw. Left is empty, because the parser's message quotes the text,
 * which may hold a secret.
 */
export const parseJson = (text: string): Either.Either<JsonValue, void> =>
  Either.try({
    // JSON.parse returns only values of this type (RFC 8259).
    try: () => JSON.parse(text) as JsonValue,
    catch: () => undefined
  })
