import type { GraphQLSchema } from "graphql"
import type { CollectedField, Collector } from "../collectFields.js"
import { argumentsOf, collectFields } from "../collectFields.js"
import { validationFailed } from "../HasuraError.js"
import * as BooleanValue from "../values/BooleanValue.js"
import { checkArguments, isNull } from "../values/InputValue.js"
import * as StringValue from "../values/StringValue.js"
import type { MetaField, MetaType, Printed, Printer } from "./MetaType.js"
import * as MetaTypes from "./MetaTypes.js"

/**
 * Reads a root field of introspection and returns its value, or `undefined` for any other field.
 *
 * Throws the same errors as Hasura, in the form of a `HasuraError`.
 */
export const readIntrospection = (
  schema: GraphQLSchema,
  collector: Collector,
  root: CollectedField,
  path: string
): Printed | undefined => {
  const args = argumentsOf(root.node)
  switch (root.node.name.value) {
    case "__schema":
      checkArguments("__schema", args, [], path)
      return readSelection(collector, MetaTypes.schema, root, path)(schema)
    case "__type": {
      checkArguments("__type", args, ["name"], path)
      const input = args.get("name")
      const at = `${path}.args.name`
      if (input === undefined) throw validationFailed("missing required field 'name'", at)
      const name = StringValue.parse(input, collector.variables, at, "String!")
      const print = readSelection(collector, MetaTypes.type, root, path)
      const found = MetaTypes.typesOf(schema).find((candidate) => candidate.name === name)
      return found === undefined ? null : print(found)
    }
    default:
      return undefined
  }
}

const readSelection = <Source>(
  collector: Collector,
  type: MetaType<Source>,
  selecting: CollectedField,
  path: string
): Printer<Source> => {
  const at = `${path}.selectionSet`
  if (selecting.selectionSets.length === 0) {
    throw validationFailed(`missing selection set for '${type.name}'`, at)
  }
  const fields = type.fields()
  const printers = collectFields(collector, type.name, at, selecting.selectionSets).map(
    (child): readonly [string, Printer<Source>] => {
      const name = child.node.name.value
      if (name === "__typename") return [child.responseKey, () => type.name]
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (field === undefined) {
        throw validationFailed(`field '${name}' not found in type: '${type.name}'`, `${at}.${name}`)
      }
      return [child.responseKey, readField(collector, field, child, `${at}.${name}`)]
    }
  )
  return (source) => Object.fromEntries(printers.map(([key, print]) => [key, print(source)]))
}

const readField = <Source>(
  collector: Collector,
  { content, includesDeprecated }: MetaField<Source>,
  selected: CollectedField,
  path: string
): Printer<Source> => {
  const { name } = selected.node
  if (content._tag === "Leaf" && selected.selectionSets.length > 0) {
    throw validationFailed("unexpected subselection set for non-object field", path)
  }
  const args = argumentsOf(selected.node)
  const known = includesDeprecated ? ["includeDeprecated"] : []
  checkArguments(name.value, args, known, path)
  const input = args.get("includeDeprecated")
  if (input !== undefined) {
    const at = `${path}.args.includeDeprecated`
    const value = collector.variables.peel(input, "Boolean", at, true)
    if (!isNull(value)) BooleanValue.parse(value, collector.variables, at)
  }
  return content._tag === "Leaf"
    ? content.print
    : content.printer((type) => readSelection(collector, type, selected, path))
}
