import { Kind } from "graphql"
import { validationFailed } from "../HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { describe } from "./InputValue.js"

/**
 * Reads a value of GraphQL's own type `String`. A name without quotes is rejected here. A column of
 * type `String` accepts a name without quotes.
 */
export const parse = (
  input: InputValue,
  variables: Variables,
  path: string,
  expectedType = "String"
): string => {
  const value = variables.peel(input, expectedType, path)
  const plain = variables.toJson(value)
  const isName = value._tag === "Literal" && value.node.kind === Kind.ENUM
  if (typeof plain === "string" && !isName) return plain
  throw validationFailed(`expected a string for type 'String', but found ${describe(value)}`, path)
}
