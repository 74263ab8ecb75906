/** The JSON of an introspection query, read piece by piece: a schema is large and a catalogue needs little of it. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { isRecord } from "../../JsonValue.js"
import { depthIssue } from "../schemaDecoder.js"
import type { Problem } from "./problem.js"

/** A schema's types by name, unread. */
export interface Introspection {
  /** The answer's `data`. */
  readonly data: { readonly [key: string]: unknown }
  readonly queryType: string
  readonly types: ReadonlyMap<string, unknown>
}

/** A reference to a type, without the wrappers around its name. */
export interface TypeReference {
  readonly name: string
  readonly kind: string
  readonly isNullable: boolean
  /** How many lists are around the type. */
  readonly lists: number
  /** As GraphQL writes it, elements never null, and nothing said of the whole: `Int`, `[Int!]`. */
  readonly text: string
}

const Argument = Schema.Struct({
  name: Schema.String,
  type: Schema.Unknown,
  defaultValue: Schema.optional(Schema.NullOr(Schema.String))
})
const ObjectType = Schema.Struct({
  fields: Schema.Array(
    Schema.Struct({ name: Schema.String, type: Schema.Unknown, args: Schema.Array(Argument) })
  )
})
const InputType = Schema.Struct({ inputFields: Schema.Array(Argument) })
const EnumType = Schema.Struct({ enumValues: Schema.Array(Schema.Struct({ name: Schema.String })) })

export type ObjectField = Schema.Schema.Type<typeof ObjectType>["fields"][number]
export type InputValue = Schema.Schema.Type<typeof Argument>

/** Takes the whole answer of a server, `{ data: { __schema } }`, or its `data`. */
export const readIntrospection = (answer: unknown): Either.Either<Introspection, Problem> => {
  const data = isRecord(answer) && isRecord(answer["data"]) ? answer["data"] : answer
  const schema = isRecord(data) ? data["__schema"] : undefined
  if (!isRecord(data) || !isRecord(schema)) return notIntrospection("__schema", "is missing")
  const { queryType, types } = schema
  if (!isRecord(queryType) || typeof queryType["name"] !== "string") {
    return notIntrospection("__schema.queryType.name", "is missing")
  }
  if (!Array.isArray(types)) return notIntrospection("__schema.types", "is not a list")
  const byName = new Map<string, unknown>()
  for (const type of types) {
    if (isRecord(type) && typeof type["name"] === "string") byName.set(type["name"], type)
  }
  return Either.right({ data, queryType: queryType["name"], types: byName })
}

export const readObjectFields = (
  from: Introspection,
  name: string
): Either.Either<ReadonlyArray<ObjectField>, Problem> =>
  Either.map(readType(from, name, decodeObjectType), ({ fields }) => fields)

export const readInputFields = (
  from: Introspection,
  name: string
): Either.Either<ReadonlyArray<InputValue>, Problem> =>
  Either.map(readType(from, name, decodeInputType), ({ inputFields }) => inputFields)

export const readEnumValues = (
  from: Introspection,
  name: string
): Either.Either<ReadonlyArray<string>, Problem> =>
  Either.map(readType(from, name, decodeEnumType), ({ enumValues }) =>
    enumValues.map(({ name }) => name)
  )

const decodeObjectType = Schema.decodeUnknownEither(ObjectType)
const decodeEnumType = Schema.decodeUnknownEither(EnumType)
const decodeInputType = Schema.decodeUnknownEither(InputType)

const readType = <A>(
  from: Introspection,
  name: string,
  decode: (type: unknown) => Either.Either<A, ParseResult.ParseError>
): Either.Either<A, Problem> => {
  const type = from.types.get(name)
  if (type === undefined) {
    return Either.left({
      reason: "UnknownType",
      problem: `The introspection refers to the type ${JSON.stringify(name)} and does not describe it`,
      hint: "Send getIntrospectionQuery of graphql and keep all of its answer"
    })
  }
  if (depthIssue(type) !== undefined) return notIntrospection(name, "nests too deeply")
  return Either.orElse(decode(type), (error) => {
    const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
    return notIntrospection([name, ...(issue?.path ?? [])].map(String).join("."), issue?.message)
  })
}

/** GraphQL's own introspection query asks for no more wrappers than this. */
const mostWrappers = 9

export const readTypeReference = (
  type: unknown,
  of: string
): Either.Either<TypeReference, Problem> => {
  let current = type
  let isNullable = true
  let lists = 0
  for (let wrappers = 0; wrappers <= mostWrappers && isRecord(current); wrappers++) {
    const { kind, name, ofType } = current
    if (kind === "NON_NULL") {
      if (lists === 0) isNullable = false
    } else if (kind === "LIST") lists++
    else if (typeof kind === "string" && typeof name === "string") {
      const text = "[".repeat(lists) + name + "!]".repeat(lists)
      return Either.right({ name, kind, isNullable, lists, text })
    } else break
    current = ofType
  }
  return notIntrospection(`${of}.type`, "is not a type of GraphQL")
}

const notIntrospection = (path: string, what = "is malformed"): Either.Either<never, Problem> =>
  Either.left({
    reason: "NotIntrospection",
    problem: `This is not the answer to an introspection query: ${path} ${what}`,
    hint: "Give the JSON that a server answers to getIntrospectionQuery of graphql"
  })
