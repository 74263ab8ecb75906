/**
 * The kinds of nodes that executable documents have. The enum of graphql has those of the schema
 * language too, and a bundle gets all of them or none. Its members are these texts, and the casts
 * say that.
 */
import type { Kind } from "graphql"

export const NAME = "Name" as Kind.NAME
export const DOCUMENT = "Document" as Kind.DOCUMENT
export const OPERATION_DEFINITION = "OperationDefinition" as Kind.OPERATION_DEFINITION
export const VARIABLE_DEFINITION = "VariableDefinition" as Kind.VARIABLE_DEFINITION
export const SELECTION_SET = "SelectionSet" as Kind.SELECTION_SET
export const FIELD = "Field" as Kind.FIELD
export const ARGUMENT = "Argument" as Kind.ARGUMENT
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
