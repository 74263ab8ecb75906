import * as Either from "effect/Either"
import type { JsonValue } from "../JsonValue.js"

/**
 * `JSON.parse` without the throw. Left carries nothing: the parser's message quotes the text, which
 * may hold a secret.
 */
export const parseJson = (text: string): Either.Either<JsonValue, void> =>
  Either.try({
    // RFC 8259 leaves JSON.parse nothing else to return.
    try: () => JSON.parse(text) as JsonValue,
    catch: () => undefined
  })
