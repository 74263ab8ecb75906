import { validationFailed } from "../HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { describe } from "./InputValue.js"

/**
 * Reads a value of GraphQL's own type `Boolean`. Strings are rejected here. A column of type
 * `Boolean` accepts strings.
 */
export const parse = (
  input: InputValue,
  variables: Variables,
  path: string,
  expectedType = "Boolean",
  locationHasDefault = false
): boolean => {
  const value = variables.peel(input, expectedType, path, locationHasDefault)
  const plain = variables.toJson(value)
  if (typeof plain === "boolean") return plain
  throw validationFailed(
    `expected a boolean for type 'Boolean', but found ${describe(value)}`,
    path
  )
}
