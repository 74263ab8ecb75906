import { Kind } from "graphql"
import type { ColumnType } from "./ColumnType.js"
import { make, validationFailed } from "./HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { isNull } from "./InputValue.js"

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
  const plain = variables.toJson(value)
  if (type.kind === "json") return JSON.stringify(plain)
  if (value._tag === "Literal" && value.node.kind === Kind.ENUM) throw mismatch(type, value, path)
  if (typeof plain === "string") return plain

  switch (type.kind) {
    case "integer":
      if (typeof plain === "number") return parseInteger(plain, 31, path)
      break
    case "wide integer":
      if (typeof plain === "number") return parseInteger(plain, 63, path)
      break
    case "number":
      if (typeof plain === "number") return String(plain)
      break
  }
  throw mismatch(type, value, path)
}

const parseInteger = (value: number, bits: number, path: string): string => {
  if (Number.isInteger(value) && value >= -(2 ** bits) && value < 2 ** bits) {
    return BigInt(value).toString()
  }
  throw make(
    "parse-failed",
    `The value ${value} lies outside the bounds or is not an integer. ` +
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
    case "integer":
    case "wide integer":
      return "Integer"
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
