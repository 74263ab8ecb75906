import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import { nearestName } from "../nearestName.js"
import { Fault } from "./Fault.js"
import { FaultEffect } from "./FaultEffect.js"
import { FaultJson } from "./FaultJson.js"

/**
 * The fields of a fault, except its effect. On the command line, every other name is a field of the
 * effect.
 */
const ofFault: ReadonlyArray<string> = Object.keys(Fault.fields).filter((name) => name !== "effect")

/** The fields of each effect, by its tag. */
const ofEffects: ReadonlyMap<unknown, ReadonlyArray<string>> = new Map(
  FaultEffect.members.map(({ ast }) => {
    const fields = SchemaAST.getPropertySignatures(SchemaAST.typeAST(ast))
    const [tag] = fields.flatMap(({ name, type }) =>
      name === "_tag" && SchemaAST.isLiteral(type) ? [type.literal] : []
    )
    return [tag, fields.map(({ name }) => String(name)).filter((name) => name !== "_tag")]
  })
)

/**
 * Reads a fault on the command line. It consists of the tag of the effect and `name=value` for each
 * field, such as `RateLimited retryAfter=7 ordinals=3,7`. A value that is not JSON is text. If the
 * whole argument starts with a brace, it is the JSON of a fault.
 */
export const parse = (text: string): Either.Either<Fault, string> =>
  (text.startsWith("{") ? Either.mapLeft(parseJson(text), problems) : parseWords(text)).pipe(
    Either.flatMap((value) => Either.mapLeft(decode(value), problems)),
    Either.mapLeft((problem) => `"${text}" is not a fault. ${problem}`)
  )

const decode = Schema.decodeUnknownEither(Fault, { onExcessProperty: "error" })

const problems = (error: ParseResult.ParseError): string =>
  ParseResult.ArrayFormatter.formatErrorSync(error)
    .map(({ message, path }) => [...nameOf(path), message].join(": "))
    .join("; ")

/** The JSON of a fault, for the control endpoint. */
export const toJson = Schema.encodeSync(Schema.parseJson(Fault))

const parseJson = Schema.decodeUnknownEither(FaultJson)

const parseWords = (text: string): Either.Either<unknown, string> => {
  // A value may contain spaces, but not text that looks like the next field.
  const [tag = "", ...words] = text.trim().split(/(?<!\s)\s+(?=[A-Za-z]+=)/)
  const ofEffect = ofEffects.get(tag)
  if (ofEffect === undefined) {
    return Either.left(
      `There is no effect "${tag}": ${nearestName(tag, [...ofEffects.keys()].map(String))}`
    )
  }
  const known = [...ofEffect, ...ofFault]
  const fields = words.map((word): readonly [string, unknown] => {
    const at = word.indexOf("=")
    const name = word.slice(0, at)
    return [name, valueOf(name, word.slice(at + 1))]
  })
  const [unknown] = fields.map(([name]) => name).filter((name) => !known.includes(name))
  return unknown === undefined
    ? Either.right({
        ...Object.fromEntries(fields.filter(([name]) => ofFault.includes(name))),
        effect: {
          ...Object.fromEntries(fields.filter(([name]) => !ofFault.includes(name))),
          _tag: tag
        }
      })
    : Either.left(`${tag} has no field "${unknown}": ${nearestName(unknown, known)}`)
}

const valueOf = (name: string, text: string): unknown =>
  Either.getOrElse(
    parseJson(name === "ordinals" && !text.startsWith("[") ? `[${text}]` : text),
    () => text
  )

/**
 * The name of a field in a message. On the command line, the fields of an effect are written
 * without `effect`. The error for a text that is not JSON has no path.
 */
const nameOf = (path: ReadonlyArray<PropertyKey>): ReadonlyArray<string> => {
  if (path.length === 0) return []
  return [(path.length > 1 && path[0] === "effect" ? path.slice(1) : path).join(".")]
}
