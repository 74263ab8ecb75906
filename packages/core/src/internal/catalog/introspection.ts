/**
 * Reads the parts of an introspection response that a catalogue needs, because a schema is large
 * and a catalogue needs few of its parts. This code does not use effect's module `Schema`.
 * Otherwise, every app with a catalogue would load that module, which takes about as long as
 * loading the rest of Effect.
 */
import * as Either from "effect/Either"
import { isRecord } from "../../JsonValue.js"
import type { Problem } from "./problem.js"

/** A schema with its types by name. The types are still JSON and have not been checked. */
export interface Introspection {
  /** The response's `data`. */
  readonly data: { readonly [key: string]: unknown }
  readonly queryType: string
  readonly types: ReadonlyMap<string, unknown>
}

/**
 * A reference to a type, such as the type of a field. The wrappers `LIST` and `NON_NULL` are
 * removed.
 */
export interface TypeReference {
  readonly name: string
  readonly kind: string
  readonly isNullable: boolean
  /** The number of `LIST` wrappers around the type. */
  readonly lists: number
  /**
   * The type in GraphQL's notation, such as `Int` or `[Int!]`. The elements of a list always have a
   * `!`, and the `!` after the whole type is left out.
   */
  readonly text: string
}

export interface InputValue {
  readonly name: string
  readonly type: unknown
  readonly defaultValue: string | null
}

export interface ObjectField {
  readonly name: string
  readonly type: unknown
  readonly args: ReadonlyArray<InputValue>
}

/**
 * Reads a schema from the whole response of a server, `{ data: { __schema } }`, or from the `data`
 * of the response.
 */
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
  readPart(from, name, "fields", (field, path) =>
    Either.zipWith(
      readName(field, path),
      readList(field["args"], `${path}.args`, readInputValue),
      (name, args) => ({ name, type: field["type"], args })
    )
  )

export const readInputFields = (
  from: Introspection,
  name: string
): Either.Either<ReadonlyArray<InputValue>, Problem> =>
  readPart(from, name, "inputFields", readInputValue)

export const readEnumValues = (
  from: Introspection,
  name: string
): Either.Either<ReadonlyArray<string>, Problem> => readPart(from, name, "enumValues", readName)

type Read<A> = (
  value: { readonly [key: string]: unknown },
  path: string
) => Either.Either<A, Problem>

/** Reads one of the lists that describe a type, such as its fields. */
const readPart = <A>(
  from: Introspection,
  name: string,
  part: string,
  read: Read<A>
): Either.Either<ReadonlyArray<A>, Problem> => {
  const type = from.types.get(name)
  if (type === undefined) {
    return Either.left({
      reason: "UnknownType",
      problem: `The introspection refers to the type ${JSON.stringify(name)} but does not describe it`,
      hint: 'Send getIntrospectionQuery() from "graphql", and pass the whole response'
    })
  }
  return readList(isRecord(type) ? type[part] : undefined, `${name}.${part}`, read)
}

const readList = <A>(
  list: unknown,
  path: string,
  read: Read<A>
): Either.Either<ReadonlyArray<A>, Problem> =>
  Array.isArray(list)
    ? Either.all(
        list.map((element: unknown, index) =>
          isRecord(element)
            ? read(element, `${path}.${index}`)
            : notIntrospection(`${path}.${index}`, "is not an object")
        )
      )
    : notIntrospection(path, "is not a list")

const readName: Read<string> = ({ name }, path) =>
  typeof name === "string" ? Either.right(name) : notIntrospection(`${path}.name`, "is not text")

const readInputValue: Read<InputValue> = ({ defaultValue = null, name, type }, path) =>
  typeof name !== "string"
    ? notIntrospection(`${path}.name`, "is not text")
    : defaultValue === null || typeof defaultValue === "string"
      ? Either.right({ name, type, defaultValue })
      : notIntrospection(`${path}.defaultValue`, "is neither text nor null")

/**
 * The maximum number of wrappers (`LIST` and `NON_NULL`) around a type. The introspection query of
 * `graphql` does not request more wrappers.
 */
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
    problem: `This is not a response to an introspection query: ${path} ${what}`,
    hint: 'Send getIntrospectionQuery() from "graphql", and pass the server\'s JSON response'
  })
