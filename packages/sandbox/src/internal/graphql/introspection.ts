import type { GraphQLField, GraphQLObjectType, GraphQLSchema } from "graphql"
import {
  getNamedType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef
} from "graphql"
import type { CollectedField, Collector } from "./collectFields.js"
import { collectFields } from "./collectFields.js"
import { validationFailed } from "./HasuraError.js"

/** Fields that the specification gives to every schema, and `__typename` to every type. */
const introspectionFields: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map((field) => [field.name, field])
)

/** Introspection: names are checked here, the rest is left to graphql-js. */
export const checkGenericField = (
  schema: GraphQLSchema,
  collector: Collector,
  parent: GraphQLObjectType,
  field: CollectedField,
  path: string
): void => {
  const name = field.node.name.value
  const definition = introspectionFields.get(name) ?? parent.getFields()[name]
  if (definition === undefined) {
    throw validationFailed(`field '${name}' not found in type: '${parent.name}'`, path)
  }
  const type = getNamedType(definition.type)
  if (!isObjectType(type)) return
  if (field.selectionSets.length === 0) {
    throw validationFailed(`missing selection set for '${type.name}'`, `${path}.selectionSet`)
  }
  const at = `${path}.selectionSet`
  for (const child of collectFields(collector, type.name, at, field.selectionSets)) {
    checkGenericField(schema, collector, type, child, `${at}.${child.node.name.value}`)
  }
}
