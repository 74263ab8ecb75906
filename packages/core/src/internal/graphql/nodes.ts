/** Nodes of GraphQL documents. */
import type {
  ArgumentNode,
  BooleanValueNode,
  EnumValueNode,
  FieldNode,
  ListValueNode,
  NameNode,
  ObjectFieldNode,
  ObjectValueNode,
  ValueNode
} from "graphql"
import * as Kind from "./kinds.js"

export const name = (value: string): NameNode => ({ kind: Kind.NAME, value })

export const argument = (of: string, value: ValueNode): ArgumentNode => ({
  kind: Kind.ARGUMENT,
  name: name(of),
  value
})

export const objectField = (of: string, value: ValueNode): ObjectFieldNode => ({
  kind: Kind.OBJECT_FIELD,
  name: name(of),
  value
})

export const object = (fields: ReadonlyArray<ObjectFieldNode>): ObjectValueNode => ({
  kind: Kind.OBJECT,
  fields
})

export const list = (values: ReadonlyArray<ValueNode>): ListValueNode => ({
  kind: Kind.LIST,
  values
})

export const enumValue = (value: string): EnumValueNode => ({ kind: Kind.ENUM, value })

export const field = (
  of: string,
  parts: {
    readonly alias?: string | undefined
    readonly arguments?: ReadonlyArray<ArgumentNode>
    readonly selections?: ReadonlyArray<FieldNode>
  } = {}
): FieldNode => ({
  kind: Kind.FIELD,
  ...(parts.alias === undefined || parts.alias === of ? {} : { alias: name(parts.alias) }),
  name: name(of),
  ...(parts.arguments === undefined ? {} : { arguments: parts.arguments }),
  ...(parts.selections === undefined
    ? {}
    : { selectionSet: { kind: Kind.SELECTION_SET, selections: parts.selections } })
})

export const boolean = (value: boolean): BooleanValueNode => ({ kind: Kind.BOOLEAN, value })
