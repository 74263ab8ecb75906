import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { Fault } from "./Fault.js"

/** What stands beside `effect`; every other word is about the effect. */
const ofFault: ReadonlySet<string> = new Set(Object.keys(Fault.fields))

/**
 * A fault as people write it in a command: the tag of its effect, then `name=value` for each field,
 * such as `RateLimited retryAfter=7 ordinals=3,7`. A value is JSON, or else text. What starts with
 * a brace is a fault as JSON.
 */
export const parse = (text: string): Either.Either<Fault, string> =>
  (text.startsWith("{") ? parseJson(text) : Either.right(parseWords(text))).pipe(
    Either.flatMap(Schema.decodeUnknownEither(Fault, { onExcessProperty: "error" })),
    Either.mapLeft(
      (error) =>
        `"${text}" is no fault: ` +
        ParseResult.ArrayFormatter.formatErrorSync(error)
          .map(({ message, path }) => `${nameOf(path)}: ${message}`)
          .join("; ")
    )
  )

/** For a control endpoint. */
export const toJson = Schema.encodeSync(Schema.parseJson(Fault))

const parseJson = Schema.decodeUnknownEither(Schema.parseJson())

const parseWords = (text: string): unknown => {
  // A value may hold blanks, but not what looks like the next field.
  const [tag, ...words] = text.trim().split(/(?<!\s)\s+(?=[A-Za-z]+=)/)
  const fields = words.map((word): readonly [string, unknown] => {
    const at = word.indexOf("=")
    const name = word.slice(0, at)
    return [name, valueOf(name, word.slice(at + 1))]
  })
  return {
    ...Object.fromEntries(fields.filter(([name]) => ofFault.has(name))),
    effect: { ...Object.fromEntries(fields.filter(([name]) => !ofFault.has(name))), _tag: tag }
  }
}

const valueOf = (name: string, text: string): unknown =>
  Either.getOrElse(
    parseJson(name === "ordinals" && !text.startsWith("[") ? `[${text}]` : text),
    () => text
  )

/** The fields of an effect are written without its name. */
const nameOf = (path: ReadonlyArray<PropertyKey>): string => {
  const [first, second] = path
  if (first !== "effect") return path.join(".")
  return second === "_tag" || second === undefined ? "its name" : path.slice(1).join(".")
}
