import type {
  ArgumentNode,
  DocumentNode,
  FragmentDefinitionNode,
  ObjectFieldNode,
  OperationDefinitionNode,
  SelectionSetNode
} from "graphql"
import { Kind, parse, visit } from "graphql"
import { make, validationFailed } from "./HasuraError.js"

export const parseDocument = (query: string): DocumentNode => {
  try {
    const document = parse(query)
    if (isHasuras(document)) return document
  } catch {
    // The message of graphql-js is not used, because Hasura's message has fewer details.
  }
  throw validationFailed("not a valid graphql query", "$.query")
}

/**
 * Whether Hasura's grammar accepts a document. The grammar has no type definitions, no directives
 * of variables, and no repeated name in a list of arguments.
 */
const isHasuras = (document: DocumentNode): boolean => {
  let isValid = document.definitions.every(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION
  )
  const checkNames = (fields: ReadonlyArray<ArgumentNode | ObjectFieldNode> = []): void => {
    const names = new Set(fields.map(({ name }) => name.value))
    isValid &&= names.size === fields.length
  }
  visit(document, {
    VariableDefinition: ({ directives = [] }) => {
      isValid &&= directives.length === 0
    },
    Field: (node) => checkNames(node.arguments),
    Directive: (node) => checkNames(node.arguments),
    ObjectValue: (node) => checkNames(node.fields)
  })
  return isValid
}

export const chooseOperation = (
  document: DocumentNode,
  operationName: string | undefined
): OperationDefinitionNode => {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION
  )
  if (operationName === undefined) {
    const [only, ...others] = operations
    if (only !== undefined && others.length === 0) return only
    throw validationFailed(
      "exactly one operation has to be present in the document when operationName is not specified"
    )
  }
  if (operations.some(isShorthand)) {
    throw validationFailed(
      "operationName cannot be used when an anonymous operation exists in the document"
    )
  }
  const chosen = operations.find((candidate) => candidate.name?.value === operationName)
  if (chosen !== undefined) return chosen
  throw validationFailed(`no such operation found in the document: "${operationName}"`)
}

/** Whether an operation is `{ ... }` without the word `query`. */
const isShorthand = ({ loc }: OperationDefinitionNode): boolean => loc?.startToken.kind === "{"

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/**
 * The fragments of a document by name. Fragments that the operation does not spread are never
 * checked.
 */
export const fragmentsOf = (document: DocumentNode): Fragments => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue
    const name = definition.name.value
    if (fragments.has(name)) {
      throw make("parse-failed", `multiple definitions for fragment "${name}"`)
    }
    fragments.set(name, definition)
  }
  return fragments
}

/**
 * Throws a `HasuraError` if a spread names a fragment that does not exist, or a fragment that
 * contains itself.
 */
export const checkSpreads = (operation: OperationDefinitionNode, fragments: Fragments): void => {
  const checked = new Set<string>()
  const walk = (
    { selections }: SelectionSetNode,
    path: string,
    outer: ReadonlyArray<string>
  ): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, path, outer)
        continue
      }
      const name = selection.name.value
      const at = `${path}.selectionSet`
      if (selection.kind === Kind.FIELD) {
        if (selection.selectionSet !== undefined) {
          walk(selection.selectionSet, `${at}.${name}`, outer)
        }
        continue
      }
      if (checked.has(name)) continue
      if (outer.includes(name)) {
        const cycle = inWords(outer.slice(outer.indexOf(name)))
        throw validationFailed(`the fragment definition(s) ${cycle} form a cycle`, at)
      }
      const fragment = fragments.get(name)
      if (fragment === undefined) {
        throw validationFailed(`reference to undefined fragment "${name}"`, at)
      }
      walk(fragment.selectionSet, `${at}.${name}`, [...outer, name])
      checked.add(name)
    }
  }
  walk(operation.selectionSet, "$", [])
}

const inWords = (names: ReadonlyArray<string>): string => {
  const last = names[names.length - 1] ?? ""
  const others = names.slice(0, -1)
  if (others.length === 0) return last
  return `${others.join(", ")}${others.length > 1 ? "," : ""} and ${last}`
}

export const usedVariables = (
  operation: OperationDefinitionNode,
  fragments: Fragments
): ReadonlySet<string> => {
  const used = new Set<string>()
  const visited = new Set<string>()
  const walk = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      VariableDefinition: () => false,
      Variable: (variable) => {
        used.add(variable.name.value)
      },
      FragmentSpread: (spread) => {
        const fragment = fragments.get(spread.name.value)
        if (fragment !== undefined && !visited.has(spread.name.value)) {
          visited.add(spread.name.value)
          walk(fragment)
        }
      }
    })
  }
  walk(operation)
  return used
}
