/** Makes the scalars of a server's schema: scalars that this library knows, and other scalars. */
import * as Either from "effect/Either"
import { isRecord } from "../../JsonValue.js"
import * as Scalar from "../../Scalar.js"
import * as Ast from "../graphql/ast.js"
import type { Argument, Casts, Operators } from "../scalar/argument.js"
import { json } from "../scalar/decode.js"
import * as encode from "../scalar/encode.js"
import { ScalarTypeId } from "../typeIds.js"

/**
 * The GraphQL type of each operator's argument, by the name of the operator. For the type `money`,
 * it is `money`, or `[money]` if the operator accepts a list.
 */
export interface OperatorTypes {
  readonly [operator: string]: string
}

const exportsOfScalar: { readonly [name: string]: unknown } = Scalar

/**
 * The scalar that this library has for a type in GraphQL's notation, such as `Int` or `[Int!]`.
 * Each scalar is exported under the name of its type.
 */
export const knownScalar = (type: string): Scalar.Any | undefined => {
  const element = Ast.elementOf(type)
  if (element !== undefined) {
    const known = knownScalar(element)
    return known === undefined ? undefined : Scalar.array(known)
  }
  const found = Object.hasOwn(exportsOfScalar, type) ? exportsOfScalar[type] : undefined
  return isRecord(found) && isScalar(found) && found.name === type ? found : undefined
}

const isScalar = (value: object): value is Scalar.Any => ScalarTypeId in value

/**
 * The types of a scalar's operators. They are sorted by the name of the operator, so that equal
 * operators are the same text in JSON.
 */
export const operatorTypes = (scalar: Scalar.Any): OperatorTypes =>
  Object.fromEntries(
    Object.entries(scalar.operators)
      .map(([name, argument]) => [name, operatorType(argument)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1))
  )

const operatorType = (argument: Argument | Casts): string => {
  if ("casts" in argument) return `cast to ${Object.keys(argument.casts).join(", ")}`
  return argument.isList ? `[${argument.type}]` : argument.type
}

/**
 * The scalar that a server has under this name, with the server's operators. For a known scalar,
 * operators that this library does not know are left out, because a schema does not say which
 * values they accept. `values` are the values of an enumeration.
 */
export const scalarOf = (
  type: string,
  types: OperatorTypes,
  values: ReadonlyArray<string> | undefined
): Scalar.Any => {
  const known = values === undefined ? knownScalar(type) : Scalar.enumeration(type, values)
  if (known === undefined) {
    return Scalar.make({ name: type, decode: json, operators: unknownOperators(types) })
  }
  return Object.keys(known.operators).every((name) => Object.hasOwn(types, name))
    ? known
    : { ...known, operators: pickOperators(known.operators, Object.keys(types)) }
}

export const pickOperators = (operators: Operators, names: ReadonlyArray<string>): Operators =>
  Object.fromEntries(Object.entries(operators).filter(([name]) => names.includes(name)))

export const unknownOperators = (types: OperatorTypes): Operators =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, argumentOf(type)]))

const argumentOf = (type: string): Argument => {
  const listed = Ast.elementOf(type) === undefined ? /^\[(.*)\]$/.exec(type)?.[1] : undefined
  if (listed === undefined) return { type, isList: false, encode: encoderOf(type) }
  const encodeElement = encoderOf(listed)
  return {
    type: listed,
    isList: true,
    encode: (value) =>
      Array.isArray(value)
        ? Either.all(value.map((element) => encodeElement(element)))
        : Either.left(`a list of values of type ${listed}`)
  }
}

const encoderOf = (type: string): encode.Encode => {
  switch (type) {
    case "Boolean":
      return encode.boolean
    case "String":
      return encode.string
    default:
      return encode.json
  }
}
