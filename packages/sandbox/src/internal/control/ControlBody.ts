import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { FaultJson } from "../faults/FaultJson.js"

/**
 * The error for a body that an endpoint does not accept. Each detail has the path of a wrong value.
 */
export interface Refusal {
  readonly error: string
  readonly details: ReadonlyArray<{ readonly path: string; readonly message: string }>
}

/**
 * The deepest nesting of a body that is read. Correct bodies have only a few levels. A much deeper
 * body would overflow the stack when it is checked or shown.
 */
const deepest = 100

/**
 * The longest message. Without a limit, a message that quotes a body would be as long as the body.
 */
const longestText = 500

/** Reads a JSON body and stops at the first wrong value. */
export const read = <A>(
  body: string,
  decode: (value: unknown) => Effect.Effect<A, ParseResult.ParseError>
): Effect.Effect<A, Refusal> =>
  depthOf(body) > deepest
    ? Effect.fail(refusal([{ path: [], message: `is nested more than ${deepest} levels deep` }]))
    : Schema.decodeUnknown(FaultJson)(body).pipe(
        Effect.flatMap(decode),
        Effect.mapError((error) => refusal(ParseResult.ArrayFormatter.formatErrorSync(error)))
      )

const refusal = (
  issues: ReadonlyArray<{ readonly path: ReadonlyArray<PropertyKey>; readonly message: string }>
): Refusal => ({
  error: "This endpoint does not accept the body",
  details: issues.map(({ message, path }) => ({
    path: shortened(path.join(".")),
    message: shortened(message)
  }))
})

const shortened = (text: string): string =>
  text.length > longestText ? `${text.slice(0, longestText)}...` : text

/** The depth of nesting of a JSON text. */
const depthOf = (text: string): number => {
  let depth = 0
  let greatest = 0
  let inString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (inString && character === "\\") index += 1
    else if (character === '"') inString = !inString
    else if (!inString && (character === "[" || character === "{")) {
      depth += 1
      greatest = Math.max(greatest, depth)
    } else if (!inString && (character === "]" || character === "}")) depth -= 1
  }
  return greatest
}
