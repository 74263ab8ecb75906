import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

/** A body that is not what an endpoint takes. Each detail has the path of a place that is wrong. */
export interface Refusal {
  readonly error: string
  readonly details: ReadonlyArray<{ readonly path: string; readonly message: string }>
}

/**
 * What the control takes is flat; what is nested deeper cannot be checked, nor shown, without
 * running out of stack.
 */
const deepest = 100

/** What shows a whole body would be as long as the body. */
const longestText = 500

/** Reads a body of JSON, and stops at the first place that is wrong. */
export const read = <A>(
  body: string,
  decode: (value: unknown) => Effect.Effect<A, ParseResult.ParseError>
): Effect.Effect<A, Refusal> =>
  depthOf(body) > deepest
    ? Effect.fail(refusal([{ path: [], message: `is nested more than ${deepest} deep` }]))
    : Schema.decodeUnknown(Schema.parseJson())(body).pipe(
        Effect.flatMap(decode),
        Effect.mapError((error) => refusal(ParseResult.ArrayFormatter.formatErrorSync(error)))
      )

const refusal = (
  issues: ReadonlyArray<{ readonly path: ReadonlyArray<PropertyKey>; readonly message: string }>
): Refusal => ({
  error: "The body is not what this endpoint takes",
  details: issues.map(({ message, path }) => ({
    path: shortened(path.join(".")),
    message: shortened(message)
  }))
})

const shortened = (text: string): string =>
  text.length > longestText ? `${text.slice(0, longestText)}...` : text

/** How deep a text is nested if it is JSON. */
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
