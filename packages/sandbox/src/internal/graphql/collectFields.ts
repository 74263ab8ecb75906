import type { FieldNode, FragmentDefinitionNode, SelectionSetNode, ValueNode } from "graphql"
import { Kind } from "graphql"
import { isIncluded } from "./directives/check.js"
import { validationFailed } from "./HasuraError.js"
import type { InputValue, Variables } from "./values/InputValue.js"
import { literal } from "./values/InputValue.js"

/** The inputs for reading selections. */
export interface Collector {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Variables
}

/** A field, with the selections of all its occurrences merged. */
export interface CollectedField {
  readonly responseKey: string
  readonly node: FieldNode
  readonly selectionSets: ReadonlyArray<SelectionSetNode>
}

/**
 * The merged fields of selection sets on a type. `path` is the path of the selection sets.
 *
 * Throws a `HasuraError` for a wrong directive, and if two fields with the same name cannot be
 * merged.
 */
export const collectFields = (
  { fragments, variables }: Collector,
  typeName: string,
  path: string,
  selectionSets: ReadonlyArray<SelectionSetNode>
): ReadonlyArray<CollectedField> => {
  const found: Array<FieldNode> = []
  const spread = new Set<string>()
  const walk = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      const place = selection.kind === Kind.FIELD ? "a field" : "an inline fragment"
      if (!isIncluded(selection.directives ?? [], place, variables, path)) continue
      switch (selection.kind) {
        case Kind.FIELD:
          found.push(selection)
          break
        case Kind.INLINE_FRAGMENT: {
          const condition = selection.typeCondition?.name.value ?? typeName
          if (condition === typeName) walk(selection.selectionSet)
          break
        }
        case Kind.FRAGMENT_SPREAD: {
          const name = selection.name.value
          const fragment = fragments.get(name)
          // A second spread of the same fragment adds nothing. It is skipped, because fragments
          // that each spread another fragment twice would otherwise be read millions of times.
          if (fragment === undefined || spread.has(name)) break
          spread.add(name)
          if (fragment.typeCondition.name.value === typeName) walk(fragment.selectionSet)
        }
      }
    }
  }
  selectionSets.forEach(walk)
  return merge(found, path)
}

const merge = (found: ReadonlyArray<FieldNode>, path: string): ReadonlyArray<CollectedField> => {
  const fields = new Map<string, { node: FieldNode; selectionSets: Set<SelectionSetNode> }>()
  for (const node of found) {
    const key = (node.alias ?? node.name).value
    const seen = fields.get(key) ?? { node, selectionSets: new Set() }
    if (seen.node !== node) checkMergeable(key, seen.node, node, path)
    if (node.selectionSet !== undefined) seen.selectionSets.add(node.selectionSet)
    fields.set(key, seen)
  }
  return [...fields].map(([responseKey, { node, selectionSets }]) => ({
    responseKey,
    node,
    selectionSets: [...selectionSets]
  }))
}

const checkMergeable = (key: string, one: FieldNode, other: FieldNode, path: string): void => {
  const name = one.name.value
  if (name !== other.name.value) {
    throw validationFailed(
      `selection of both '${name}' and '${other.name.value}' specify the same response name, '${key}'`,
      path
    )
  }
  if (printArguments(one) !== printArguments(other)) {
    throw validationFailed(
      `inconsistent arguments between multiple selections of field '${name}'`,
      path
    )
  }
}

/** Arguments as text, so that equal texts mean equal arguments in any order. */
const printArguments = (field: FieldNode): string => printFields(field.arguments ?? [])

const printFields = (
  fields: ReadonlyArray<{ readonly name: { readonly value: string }; readonly value: ValueNode }>
): string =>
  fields
    .map(({ name, value }) => `${name.value}:${printValue(value)}`)
    .sort()
    .join(",")

const printValue = (node: ValueNode): string => {
  switch (node.kind) {
    case Kind.VARIABLE:
      return `$${node.name.value}`
    case Kind.NULL:
      return "null"
    case Kind.STRING:
      return JSON.stringify(node.value)
    case Kind.LIST:
      return `[${node.values.map(printValue).join(",")}]`
    case Kind.OBJECT:
      return `{${printFields(node.fields)}}`
    default:
      return String(node.value)
  }
}

export const argumentsOf = (node: FieldNode): ReadonlyMap<string, InputValue> =>
  new Map((node.arguments ?? []).map((argument) => [argument.name.value, literal(argument.value)]))
