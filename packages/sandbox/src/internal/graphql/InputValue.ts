import type { OperationDefinitionNode, TypeNode, ValueNode, VariableDefinitionNode } from "graphql"
import { Kind, print, valueFromASTUntyped } from "graphql"
import * as HasuraError from "./HasuraError.js"
import { validationFailed } from "./HasuraError.js"

/** A value where the query has one: a literal of the document, or a part of the JSON of a variable. */
export type InputValue =
  | { readonly _tag: "Literal"; readonly node: ValueNode }
  | { readonly _tag: "Json"; readonly value: unknown }

export const literal = (node: ValueNode): InputValue => ({ _tag: "Literal", node })
const json = (value: unknown): InputValue => ({ _tag: "Json", value })

const nullValue: InputValue = json(null)

/** The words that Hasura has for what it found in place of what it expected. */
export const describe = (input: InputValue): string => {
  if (input._tag === "Json") {
    const value = input.value
    if (value === null) return "null"
    if (Array.isArray(value)) return "a list"
    switch (typeof value) {
      case "boolean":
        return "a boolean"
      case "number":
        return "a number"
      case "string":
        return "a string"
      default:
        return "an object"
    }
  }
  switch (input.node.kind) {
    case Kind.INT:
      return "an integer"
    case Kind.FLOAT:
      return "a float"
    case Kind.STRING:
      return "a string"
    case Kind.BOOLEAN:
      return "a boolean"
    case Kind.NULL:
      return "null"
    case Kind.ENUM:
      return "an enum value"
    case Kind.LIST:
      return "a list"
    case Kind.OBJECT:
      return "an object"
    case Kind.VARIABLE:
      return "a variable"
  }
}

export const isNull = (input: InputValue): boolean =>
  input._tag === "Json" ? input.value === null : input.node.kind === Kind.NULL

/** A list's elements; anything else is a list of one, as GraphQL coerces it. */
export const elements = (input: InputValue): ReadonlyArray<InputValue> | undefined => {
  if (input._tag === "Json") {
    return Array.isArray(input.value) ? input.value.map(json) : undefined
  }
  return input.node.kind === Kind.LIST ? input.node.values.map(literal) : undefined
}

/** An object's fields, or nothing when it is no object. */
export const fields = (input: InputValue): ReadonlyMap<string, InputValue> | undefined => {
  if (input._tag === "Json") {
    const value = input.value
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? new Map(Object.entries(value).map(([key, field]) => [key, json(field)]))
      : undefined
  }
  return input.node.kind === Kind.OBJECT
    ? new Map(input.node.fields.map((field) => [field.name.value, literal(field.value)]))
    : undefined
}

/** The variables of one operation, each checked where it is used: by exact type name, without coercion. */
export interface Variables {
  /** Opens a variable; any other value is returned as it is. */
  readonly peel: (
    input: InputValue,
    expectedType: string,
    path: string,
    locationHasDefault?: boolean
  ) => InputValue
  /** The plain value of an input that may hold anything, variables included. */
  readonly toJson: (input: InputValue) => unknown
}

const withoutOuterNonNull = (type: string): string =>
  type.endsWith("!") ? type.slice(0, -1) : type

/** Whether a variable's type can stand where `expected` stands, nullability compared at each level of lists. */
const compatible = (expected: string, declared: string): boolean => {
  const expectsNonNull = expected.endsWith("!")
  if (expectsNonNull && !declared.endsWith("!")) return false
  const inner = withoutOuterNonNull(expected)
  const innerDeclared = withoutOuterNonNull(declared)
  const bothLists = inner.startsWith("[") && innerDeclared.startsWith("[")
  return bothLists
    ? compatible(inner.slice(1, -1), innerDeclared.slice(1, -1))
    : inner === innerDeclared
}

const usageAllowed = (
  expected: string,
  definition: VariableDefinitionNode,
  locationHasDefault: boolean
): boolean => {
  const declared = print(definition.type)
  const hasDefault =
    definition.defaultValue !== undefined && definition.defaultValue.kind !== Kind.NULL
  if (expected.endsWith("!") && !declared.endsWith("!") && !locationHasDefault && !hasDefault) {
    return false
  }
  return compatible(withoutOuterNonNull(expected), withoutOuterNonNull(declared))
}

const isNonNull = (type: TypeNode): boolean => type.kind === Kind.NON_NULL_TYPE

/**
 * Binds the JSON of a request's `variables` to an operation.
 *
 * Throws a `HasuraError` for a required variable without a value, for null in a non-null one, for a variable that is used
 * but not declared, and for one that is sent but not used.
 */
export const bindVariables = (
  operation: OperationDefinitionNode,
  sent: Readonly<Record<string, unknown>>,
  used: ReadonlySet<string>
): Variables => {
  const bound = new Map<string, { definition: VariableDefinitionNode; value: InputValue }>()
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value
    if (bound.has(name)) {
      throw HasuraError.make("parse-failed", `multiple definitions for variable "${name}"`)
    }
    bound.set(name, { definition, value: valueOf(definition, sent) })
  }
  for (const name of used) {
    if (!bound.has(name)) throw validationFailed(`unbound variable "${name}"`)
  }
  const unexpected = Object.keys(sent).filter((name) => !used.has(name))
  if (unexpected.length > 0) {
    throw validationFailed(`unexpected variables in variableValues: ${unexpected.join(", ")}`)
  }

  const peel: Variables["peel"] = (input, expectedType, path, locationHasDefault = false) => {
    if (input._tag === "Json" || input.node.kind !== Kind.VARIABLE) return input
    const name = input.node.name.value
    const variable = bound.get(name)
    if (variable === undefined) throw validationFailed(`unbound variable "${name}"`, path)
    if (!usageAllowed(expectedType, variable.definition, locationHasDefault)) {
      const declared = print(variable.definition.type)
      throw validationFailed(
        `variable '${name}' is declared as '${declared}', but used where '${expectedType}' is expected`,
        path
      )
    }
    return variable.value
  }

  const values: Record<string, unknown> = {}
  for (const [name, { value }] of bound) {
    values[name] = value._tag === "Json" ? value.value : valueFromASTUntyped(value.node)
  }

  return {
    peel,
    toJson: (input) =>
      input._tag === "Json" ? input.value : valueFromASTUntyped(input.node, values)
  }
}

const valueOf = (
  definition: VariableDefinitionNode,
  sent: Readonly<Record<string, unknown>>
): InputValue => {
  const name = definition.variable.name.value
  if (Object.hasOwn(sent, name)) {
    const value = sent[name]
    if (value === null && isNonNull(definition.type)) {
      throw validationFailed(`null value found for non-nullable type: "${print(definition.type)}"`)
    }
    return json(value)
  }
  if (definition.defaultValue !== undefined) return literal(definition.defaultValue)
  if (isNonNull(definition.type)) {
    throw validationFailed(`expecting a value for non-nullable variable: "${name}"`)
  }
  return nullValue
}
