import type { DirectiveNode, FieldNode, FragmentDefinitionNode, SelectionSetNode } from "graphql"
import { Kind, print } from "graphql"
import { validationFailed } from "./HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { literal } from "./InputValue.js"

/** What is needed to read selections. */
export interface Collector {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Variables
}

/** A field with the selections of all its occurrences. */
export interface CollectedField {
  readonly responseKey: string
  readonly node: FieldNode
  readonly selectionSets: ReadonlyArray<SelectionSetNode>
}

/** The fields of a selection in their order, each name once. `path` is where the selection is. */
export const collectFields = (
  collector: Collector,
  typeName: string,
  path: string,
  selectionSets: ReadonlyArray<SelectionSetNode>
): ReadonlyArray<CollectedField> => {
  const fields = new Map<string, { node: FieldNode; selectionSets: Array<SelectionSetNode> }>()
  const spread = new Set<string>()
  const walk = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (!isIncluded(collector, selection.directives ?? [])) continue
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value
        const seen = fields.get(key) ?? { node: selection, selectionSets: [] }
        checkMerge(seen.node, selection, key, path)
        if (selection.selectionSet !== undefined) seen.selectionSets.push(selection.selectionSet)
        fields.set(key, seen)
        continue
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        // A fragment says the same each time, and fragments in fragments would be walked ever more often.
        if (spread.has(selection.name.value)) continue
        spread.add(selection.name.value)
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? collector.fragments.get(selection.name.value)
          : selection
      const condition = fragment?.typeCondition?.name.value ?? typeName
      if (fragment !== undefined && condition === typeName) walk(fragment.selectionSet)
    }
  }
  selectionSets.forEach(walk)
  return [...fields].map(([responseKey, field]) => ({ responseKey, ...field }))
}

/** Fields of one name must be the same one, but for what they select. */
const checkMerge = (first: FieldNode, other: FieldNode, key: string, path: string): void => {
  if (first === other) return
  if (first.name.value !== other.name.value) {
    throw validationFailed(
      `selection of both '${first.name.value}' and '${other.name.value}' specify the same response name, '${key}'`,
      path
    )
  }
  if (argumentText(first) !== argumentText(other)) {
    throw validationFailed(
      `inconsistent arguments between multiple selections of field '${first.name.value}'`,
      path
    )
  }
}

const argumentText = ({ arguments: args = [] }: FieldNode): string => args.map(print).sort().join()

const isIncluded = (collector: Collector, directives: ReadonlyArray<DirectiveNode>): boolean =>
  directives.every((directive) => {
    const name = directive.name.value
    if (name !== "skip" && name !== "include") return true
    const argument = directive.arguments?.find((candidate) => candidate.name.value === "if")
    if (argument === undefined) throw validationFailed("missing required field 'if'")
    const value = collector.variables.peel(literal(argument.value), "Boolean!", "$")
    const condition = collector.variables.toJson(value)
    if (typeof condition !== "boolean") {
      throw validationFailed("expected a boolean for type 'Boolean', but found another value")
    }
    return name === "include" ? condition : !condition
  })

export const argumentsOf = (node: FieldNode): ReadonlyMap<string, InputValue> =>
  new Map((node.arguments ?? []).map((argument) => [argument.name.value, literal(argument.value)]))
