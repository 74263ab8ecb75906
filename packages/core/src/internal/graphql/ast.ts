/** Nodes of executable documents: their kinds, and functions that create them. */
import type {
  ArgumentNode,
  BooleanValueNode,
  EnumValueNode,
  FieldNode,
  Kind,
  ListValueNode,
  NameNode,
  NonNullTypeNode,
  ObjectFieldNode,
  ObjectValueNode,
  ValueNode
} from "graphql"

// The kinds are written as strings, because an import of the enum `Kind` of `graphql` adds all
// members of the enum to a bundle. The members of the enum have these strings as values, so the
// casts are correct.

export const NAME = "Name" as Kind.NAME
export const DOCUMENT = "Document" as Kind.DOCUMENT
export const OPERATION_DEFINITION = "OperationDefinition" as Kind.OPERATION_DEFINITION
export const VARIABLE_DEFINITION = "VariableDefinition" as Kind.VARIABLE_DEFINITION
export const SELECTION_SET = "SelectionSet" as Kind.SELECTION_SET
export const FIELD = "Field" as Kind.FIELD
const ARGUMENT = "Argument" as Kind.ARGUMENT
export const FRAGMENT_SPREAD = "FragmentSpread" as Kind.FRAGMENT_SPREAD
export const INLINE_FRAGMENT = "InlineFragment" as Kind.INLINE_FRAGMENT
export const FRAGMENT_DEFINITION = "FragmentDefinition" as Kind.FRAGMENT_DEFINITION
export const VARIABLE = "Variable" as Kind.VARIABLE
export const INT = "IntValue" as Kind.INT
export const FLOAT = "FloatValue" as Kind.FLOAT
export const STRING = "StringValue" as Kind.STRING
export const BOOLEAN = "BooleanValue" as Kind.BOOLEAN
export const NULL = "NullValue" as Kind.NULL
export const ENUM = "EnumValue" as Kind.ENUM
export const LIST = "ListValue" as Kind.LIST
export const OBJECT = "ObjectValue" as Kind.OBJECT
export const OBJECT_FIELD = "ObjectField" as Kind.OBJECT_FIELD
export const NAMED_TYPE = "NamedType" as Kind.NAMED_TYPE
export const LIST_TYPE = "ListType" as Kind.LIST_TYPE
export const NON_NULL_TYPE = "NonNullType" as Kind.NON_NULL_TYPE

export const name = (value: string): NameNode => ({ kind: NAME, value })

export const argument = (of: string, value: ValueNode): ArgumentNode => ({
  kind: ARGUMENT,
  name: name(of),
  value
})

export const objectField = (of: string, value: ValueNode): ObjectFieldNode => ({
  kind: OBJECT_FIELD,
  name: name(of),
  value
})

export const object = (fields: ReadonlyArray<ObjectFieldNode>): ObjectValueNode => ({
  kind: OBJECT,
  fields
})

export const list = (values: ReadonlyArray<ValueNode>): ListValueNode => ({
  kind: LIST,
  values
})

export const enumValue = (value: string): EnumValueNode => ({ kind: ENUM, value })

export const field = (
  of: string,
  parts: {
    readonly alias?: string | undefined
    readonly arguments?: ReadonlyArray<ArgumentNode>
    readonly selections?: ReadonlyArray<FieldNode>
  } = {}
): FieldNode => ({
  kind: FIELD,
  ...(parts.alias === undefined || parts.alias === of ? {} : { alias: name(parts.alias) }),
  name: name(of),
  ...(parts.arguments === undefined ? {} : { arguments: parts.arguments }),
  ...(parts.selections === undefined
    ? {}
    : { selectionSet: { kind: SELECTION_SET, selections: parts.selections } })
})

export const boolean = (value: boolean): BooleanValueNode => ({ kind: BOOLEAN, value })

/**
 * The node of a type that is never null. `type` is in GraphQL's notation, such as `Int` or
 * `[Int!]`.
 */
export const neverNull = (type: string): NonNullTypeNode => {
  const element = elementOf(type)
  return nonNull(
    element === undefined
      ? { kind: NAMED_TYPE, name: name(type) }
      : { kind: LIST_TYPE, type: neverNull(element) }
  )
}

/** A list that is never null, with elements that are never null. */
export const listOf = (element: string): NonNullTypeNode =>
  nonNull({ kind: LIST_TYPE, type: neverNull(element) })

const nonNull = (type: NonNullTypeNode["type"]): NonNullTypeNode => ({ kind: NON_NULL_TYPE, type })

/** The element type of a list type. */
export const elementOf = (type: string): string | undefined => /^\[(.*)!\]$/.exec(type)?.[1]

/**
 * Whether a text is the name of a field, an alias, an operation or a variable (GraphQL, section
 * 2.1.9).
 */
export const isName = (text: string): boolean => /^[_A-Za-z][_0-9A-Za-z]*$/.test(text)
