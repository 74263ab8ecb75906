import type { OperationDefinitionNode, TypeNode, ValueNode, VariableDefinitionNode } from "graphql"
import { Kind, print } from "graphql"
import * as HasuraError from "../HasuraError.js"
import { validationFailed } from "../HasuraError.js"
import type { Json, JsonObject } from "../json/Json.js"
import { isList, isNumber, isObject, number } from "../json/Json.js"

/** A value in a query: a literal of the document, or a part of a variable's JSON. */
export type InputValue =
  | { readonly _tag: "Literal"; readonly node: ValueNode }
  | { readonly _tag: "Json"; readonly value: Json }

export const literal = (node: ValueNode): InputValue => ({ _tag: "Literal", node })
const json = (value: Json): InputValue => ({ _tag: "Json", value })

const nullValue: InputValue = json(null)

/** Hasura's words for a value that it did not expect. */
export const describe = (input: InputValue): string => {
  if (input._tag === "Json") {
    const value = input.value
    if (value === null) return "null"
    if (typeof value === "boolean") return "a boolean"
    if (typeof value === "string") return "a string"
    if (isNumber(value)) return "a number"
    return isList(value) ? "a list" : "an object"
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

/** The elements of a list, or `undefined` for anything else. */
const elements = (input: InputValue): ReadonlyArray<InputValue> | undefined => {
  if (input._tag === "Json") return isList(input.value) ? input.value.map(json) : undefined
  return input.node.kind === Kind.LIST ? input.node.values.map(literal) : undefined
}

const graphqlName = /^[_A-Za-z][_0-9A-Za-z]*$/

export const isName = (text: string): boolean => graphqlName.test(text)

/**
 * Reads the fields of an input object.
 *
 * Throws a `HasuraError` for a value that is not an object, and for an unknown field. This happens
 * before the value of any field is checked.
 */
export const knownFields = (
  input: InputValue,
  typeName: string,
  isKnown: (name: string) => boolean,
  path: string
): ReadonlyMap<string, InputValue> => {
  const object = fields(input)
  if (object === undefined) {
    throw validationFailed(
      `expected an object for type '${typeName}', but found ${describe(input)}`,
      path
    )
  }
  for (const name of object.keys()) {
    if (!isName(name)) {
      throw validationFailed(
        `variable value contains object with key "${name}", which is not a legal GraphQL name`,
        path
      )
    }
  }
  for (const name of object.keys()) {
    if (!isKnown(name)) {
      throw validationFailed(`field '${name}' not found in type: '${typeName}'`, `${path}.${name}`)
    }
  }
  return object
}

/** Reads the value of one field of an input object. */
export type ReadField<A> = (value: InputValue, path: string) => A

/**
 * Reads an input object with one reader for each field. The fields are read in the order of the
 * readers, not of the object, because Hasura finds errors in this order.
 */
export const parseObject = <A>(
  typeName: string,
  input: InputValue,
  readers: ReadonlyMap<string, ReadField<A>>,
  variables: Variables,
  path: string
): ReadonlyArray<A> => {
  const value = variables.peel(input, typeName, path)
  const object = knownFields(value, typeName, (name) => readers.has(name), path)
  return [...readers].flatMap(([name, read]) => {
    const field = object.get(name)
    return field === undefined ? [] : [read(field, `${path}.${name}`)]
  })
}

/** Rejects an argument that a field or a directive does not have. */
export const checkArguments = (
  owner: string,
  args: ReadonlyMap<string, InputValue>,
  known: ReadonlyArray<string>,
  path: string
): void => {
  for (const name of args.keys()) {
    if (!known.includes(name)) {
      throw validationFailed(`'${owner}' has no argument named '${name}'`, path)
    }
  }
}

const fields = (input: InputValue): ReadonlyMap<string, InputValue> | undefined => {
  if (input._tag === "Json") {
    return isObject(input.value)
      ? new Map([...input.value].map(([key, field]) => [key, json(field)]))
      : undefined
  }
  return input.node.kind === Kind.OBJECT
    ? new Map(input.node.fields.map((field) => [field.name.value, literal(field.value)]))
    : undefined
}

/**
 * Reads a list. By GraphQL's coercion, any other value except null is a list of one element. Hasura
 * gives this element the index 0. The type of the elements must be non-null.
 */
export const parseList = <A>(
  input: InputValue,
  elementType: string,
  variables: Variables,
  path: string,
  parseElement: (element: InputValue, path: string) => A
): ReadonlyArray<A> => {
  const value = variables.peel(input, `[${elementType}!]`, path)
  if (isNull(value)) throw validationFailed("expected a list, but found null", path)
  return (elements(value) ?? [value]).map((element, index) => {
    const at = `${path}[${index}]`
    return parseElement(variables.peel(element, `${elementType}!`, at), at)
  })
}

/**
 * The variables of one operation. A variable is checked where it is used, by its exact type name
 * and without coercion.
 */
export interface Variables {
  /** Returns the value of a variable. Any other value is returned unchanged. */
  readonly peel: (
    input: InputValue,
    expectedType: string,
    path: string,
    locationHasDefault?: boolean
  ) => InputValue
  /** The JSON of an input, with variables replaced by their values. */
  readonly toJson: (input: InputValue) => Json
}

const withoutOuterNonNull = (type: string): string =>
  type.endsWith("!") ? type.slice(0, -1) : type

/**
 * Whether a variable's type can be used where `expected` is required. Nullability is compared at
 * each level of lists.
 */
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
 * Throws a `HasuraError` for:
 *
 * - a required variable without a value,
 * - null as the value of a non-null variable,
 * - a variable that is used but not declared,
 * - a value that is sent but not used.
 */
export const bindVariables = (
  operation: OperationDefinitionNode,
  sent: JsonObject,
  used: ReadonlySet<string>
): Variables => {
  const definitions = operation.variableDefinitions ?? []
  const values = definitions.map((definition) => valueOf(definition, sent))
  const bound = new Map<string, { definition: VariableDefinitionNode; value: InputValue }>()
  definitions.forEach((definition, index) => {
    const name = definition.variable.name.value
    if (bound.has(name)) {
      throw HasuraError.make("parse-failed", `multiple definitions for variable "${name}"`)
    }
    bound.set(name, { definition, value: values[index] ?? nullValue })
  })
  for (const name of used) {
    if (!bound.has(name)) throw validationFailed(`unbound variable "${name}"`)
  }
  const unexpected = [...sent.keys()].filter((name) => !used.has(name))
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

  const plain = (node: ValueNode): Json => {
    switch (node.kind) {
      case Kind.NULL:
        return null
      case Kind.INT:
      case Kind.FLOAT:
        return number(node.value)
      case Kind.STRING:
      case Kind.BOOLEAN:
      case Kind.ENUM:
        return node.value
      case Kind.LIST:
        return node.values.map(plain)
      case Kind.OBJECT:
        return new Map(node.fields.map((field) => [field.name.value, plain(field.value)]))
      case Kind.VARIABLE: {
        const value = bound.get(node.name.value)?.value ?? nullValue
        return value._tag === "Json" ? value.value : plain(value.node)
      }
    }
  }

  return {
    peel,
    toJson: (input) => (input._tag === "Json" ? input.value : plain(input.node))
  }
}

const valueOf = (definition: VariableDefinitionNode, sent: JsonObject): InputValue => {
  const name = definition.variable.name.value
  const value = sent.get(name)
  if (value !== undefined) {
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
