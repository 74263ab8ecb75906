import { Kind } from "graphql"
import type { ColumnType } from "./ColumnType.js"
import * as EnumValue from "./EnumValue.js"
import { make, validationFailed } from "./HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { elements, isNull } from "./InputValue.js"

/**
 * Reads one value for a column and returns the text that PostgreSQL will cast.
 *
 * A string is accepted for every column type and handed on as it is, so a bad one fails in PostgreSQL and not here. The
 * other way round, a number for a text column or a fraction for an integer one is refused here.
 *
 * An operator may be given a variable of a nullable type, but not null; an element of a list must be non-null by its type.
 */
export const parse = (
  type: ColumnType,
  input: InputValue,
  variables: Variables,
  path: string,
  expectedType: string = type.name
): string => {
  const value = variables.peel(input, expectedType, path)
  if (isNull(value)) {
    throw validationFailed(`unexpected null value for type '${type.name}'`, path)
  }
  if (type.element !== undefined) return parseArray(type.element, value, variables, path)
  if (type.values !== undefined) return EnumValue.parse(value, type.name, type.values, path)
  const plain = variables.toJson(value)
  if (type.kind === "json") return JSON.stringify(plain)
  if (value._tag === "Literal" && value.node.kind === Kind.ENUM) throw mismatch(type, value, path)
  if (typeof plain === "string") return plain

  switch (type.kind) {
    case "small integer":
      if (typeof plain === "number") return parseInteger(value, plain, 16, path)
      break
    case "integer":
      if (typeof plain === "number") return parseInteger(value, plain, 32, path)
      break
    case "wide integer":
      if (typeof plain === "number") return parseInteger(value, plain, 64, path)
      break
    case "number":
      if (typeof plain === "number") return digitsOf(value) ?? String(plain)
      break
    case "boolean":
      if (typeof plain === "boolean") return String(plain)
      break
  }
  throw mismatch(type, value, path)
}

/** PostgreSQL's text of an array. Anything but a list is a list of one. */
const parseArray = (
  element: ColumnType,
  value: InputValue,
  variables: Variables,
  path: string
): string => {
  const parts = (elements(value) ?? [value]).map((part, index) =>
    parse(element, part, variables, `${path}[${index}]`, `${element.name}!`)
  )
  return `{${parts.map((part) => `"${part.replace(/["\\]/g, "\\$&")}"`).join(",")}}`
}

/** A number in the document as it is written there; a number of JavaScript would not hold all digits of a wide one. */
const digitsOf = (value: InputValue): string | undefined =>
  value._tag === "Literal" && (value.node.kind === Kind.INT || value.node.kind === Kind.FLOAT)
    ? value.node.value
    : undefined

const parseInteger = (value: InputValue, plain: number, bits: number, path: string): string => {
  if (Number.isInteger(plain)) {
    const digits = digitsOf(value)
    const whole = BigInt(digits === undefined || !/^-?\d+$/.test(digits) ? plain : digits)
    if (BigInt.asIntN(bits, whole) === whole) return whole.toString()
  }
  throw make(
    "parse-failed",
    `The value ${plain} lies outside the bounds or is not an integer. ` +
      "Maybe it is a float, or is there integer overflow?",
    { path }
  )
}

const jsonKind = (value: unknown): string => {
  if (Array.isArray(value)) return "Array"
  switch (typeof value) {
    case "number":
      return "Number"
    case "boolean":
      return "Boolean"
    case "string":
      return "String"
    default:
      return "Object"
  }
}

const expectedKind = (type: ColumnType): string => {
  switch (type.kind) {
    case "small integer":
    case "integer":
    case "wide integer":
      return "Integer"
    case "boolean":
      return "Bool"
    case "number":
      return "Number"
    default:
      return "String"
  }
}

const mismatch = (type: ColumnType, value: InputValue, path: string) => {
  const found =
    value._tag === "Json"
      ? jsonKind(value.value)
      : value.node.kind === Kind.ENUM
        ? "Enum"
        : value.node.kind.replace(/Value$/, "")
  return make(
    "parse-failed",
    `parsing ${type.sql} failed, expected ${expectedKind(type)}, but encountered ${found}`,
    { path }
  )
}
