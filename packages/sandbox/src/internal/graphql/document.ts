import type {
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode
} from "graphql"
import { Kind, parse, specifiedRules, validate, visit } from "graphql"
import { make, validationFailed } from "./HasuraError.js"

export const parseDocument = (query: string): DocumentNode => {
  try {
    return parse(query)
  } catch {
    throw validationFailed("not a valid graphql query", "$.query")
  }
}

export const chooseOperation = (
  document: DocumentNode,
  operationName: string | undefined
): OperationDefinitionNode => {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION
  )
  const chosen =
    operationName === undefined
      ? operations.length === 1
        ? operations[0]
        : undefined
      : operations.find((candidate) => candidate.name?.value === operationName)
  if (chosen === undefined) {
    throw validationFailed(
      operationName === undefined
        ? "exactly one operation has to be present in the document when operationName is not specified"
        : `no such operation found in the document: "${operationName}"`
    )
  }
  if (chosen.operation === "mutation") throw validationFailed("no mutations exist")
  if (chosen.operation === "subscription") {
    throw make(
      "unexpected-payload",
      "subscriptions are not supported over HTTP, use websockets instead"
    )
  }
  return chosen
}

/**
 * The rules of the specification that say nothing about values and types, where Hasura has its own, but without which the
 * document has no meaning: fragments that exist and do not contain themselves, names that are unique. Whether fields merge
 * is seen where they are collected.
 */
const structuralRules = specifiedRules.filter((rule) =>
  [
    "KnownDirectivesRule",
    "KnownFragmentNamesRule",
    "NoFragmentCyclesRule",
    "UniqueArgumentNamesRule",
    "UniqueFragmentNamesRule",
    "UniqueInputFieldNamesRule",
    "UniqueOperationNamesRule"
  ].includes(rule.name)
)

export const checkStructure = (schema: GraphQLSchema, document: DocumentNode): void => {
  const first = validate(schema, document, structuralRules)[0]
  if (first !== undefined) throw validationFailed(first.message)
}

export const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : []
    )
  )

export const usedVariables = (
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
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
