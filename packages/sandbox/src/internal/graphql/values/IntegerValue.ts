import { Kind } from "graphql"
import { make, validationFailed } from "../HasuraError.js"
import { isNumber } from "../json/Json.js"
import * as Scientific from "../json/Scientific.js"
import type { InputValue, Variables } from "./InputValue.js"
import { describe } from "./InputValue.js"

/** Hasura's words for a number that is not an integer of the accepted size. */
export const outOfBounds = (number: Scientific.Scientific): string =>
  `The value ${Scientific.show(number)} lies outside the bounds or is not an integer. ` +
  "Maybe it is a float, or is there integer overflow?"

/**
 * Reads a value of GraphQL's own type `Int`. Strings are rejected here. A column of type `Int`
 * accepts strings.
 */
export const parse = (value: InputValue, variables: Variables, path: string): bigint =>
  expecting("a 32-bit integer", value, path, read(value, variables, 32, path))

export const parseNonNegative = (value: InputValue, variables: Variables, path: string): bigint => {
  const isNegative = (numberOf(value, variables)?.coefficient ?? 0n) < 0n
  const whole = isNegative ? undefined : read(value, variables, 32, path)
  return expecting("a non-negative 32-bit integer", value, path, whole)
}

/**
 * Reads an integer of 64 bits, as a number or as a string of digits. A string that does not fit
 * into 64 bits wraps around, as in Hasura.
 */
export const parseWide = (value: InputValue, variables: Variables, path: string): bigint => {
  const plain = variables.toJson(value)
  const isName = value._tag === "Literal" && value.node.kind === Kind.ENUM
  return expecting(
    "a 32-bit integer, or a 64-bit integer represented as a string",
    value,
    path,
    typeof plain === "string" && !isName && /^\d+$/.test(plain)
      ? BigInt.asIntN(64, BigInt(plain))
      : read(value, variables, 64, path)
  )
}

const expecting = (
  expected: string,
  value: InputValue,
  path: string,
  found: bigint | undefined
): bigint => {
  if (found !== undefined) return found
  throw validationFailed(`expected ${expected} for type 'Int', but found ${describe(value)}`, path)
}

/**
 * The number in a value, if it can be an integer. A literal with a decimal point is not an integer,
 * even if only zeros follow the point. A number in a variable may have a point or an exponent.
 */
const numberOf = (value: InputValue, variables: Variables): Scientific.Scientific | undefined => {
  if (value._tag === "Literal" && value.node.kind !== Kind.INT) return undefined
  const plain = variables.toJson(value)
  return isNumber(plain) ? Scientific.parse(plain.text) : undefined
}

const read = (
  value: InputValue,
  variables: Variables,
  bits: number,
  path: string
): bigint | undefined => {
  const number = numberOf(value, variables)
  if (number === undefined) return undefined
  const whole = Scientific.toInteger(number, bits)
  if (whole === undefined) throw make("parse-failed", outOfBounds(number), { path })
  return whole
}
