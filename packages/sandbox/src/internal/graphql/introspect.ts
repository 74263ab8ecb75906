import type {
  DefinitionNode,
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode
} from "graphql"
import {
  executeSync,
  Kind,
  KnownArgumentNamesRule,
  ProvidedRequiredArgumentsRule,
  ScalarLeafsRule,
  ValuesOfCorrectTypeRule,
  VariablesInAllowedPositionRule,
  validate,
  visit
} from "graphql"
import type { CollectedField } from "./collectFields.js"
import { usedVariables } from "./document.js"
import { validationFailed } from "./HasuraError.js"

interface Operation {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Readonly<Record<string, unknown>>
}

/** What checks arguments and selections; names have been checked already. */
const rules = [
  KnownArgumentNamesRule,
  ProvidedRequiredArgumentsRule,
  ScalarLeafsRule,
  ValuesOfCorrectTypeRule,
  VariablesInAllowedPositionRule
]

/** The JSON of root fields that ask about the schema, by their names in the answer. graphql-js knows what it is. */
export const introspect = (
  about: Operation,
  fields: ReadonlyArray<CollectedField>
): ReadonlyMap<string, string> => {
  if (fields.length === 0) return new Map()
  const { schema, variables } = about
  const document = documentOf(about, fields)
  const [invalid] = validate(schema, document, rules)
  if (invalid !== undefined) throw validationFailed(invalid.message)
  const { data, errors } = executeSync({ schema, document, variableValues: variables })
  if (errors?.[0] !== undefined) throw validationFailed(errors[0].message)
  return new Map(Object.entries(data ?? {}).map(([key, value]) => [key, JSON.stringify(value)]))
}

/** An operation of these fields alone, with the fragments and the variables that they use. */
const documentOf = (
  { fragments, operation }: Operation,
  fields: ReadonlyArray<CollectedField>
): DocumentNode => {
  const alone: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: operation.operation,
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: fields.map(({ node, responseKey, selectionSets }) => ({
        ...node,
        alias: { kind: Kind.NAME, value: responseKey },
        directives: [],
        ...(selectionSets.length === 0
          ? {}
          : {
              selectionSet: {
                kind: Kind.SELECTION_SET,
                selections: selectionSets.flatMap(({ selections }) => selections)
              }
            })
      }))
    }
  }
  const used = usedVariables(alone, fragments)
  const variableDefinitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.has(variable.name.value)
  )
  return {
    kind: Kind.DOCUMENT,
    definitions: [{ ...alone, variableDefinitions }, ...usedFragments(alone, fragments)]
  }
}

const usedFragments = (
  node: DefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
): Iterable<FragmentDefinitionNode> => {
  const used = new Set<FragmentDefinitionNode>()
  const walk = (definition: DefinitionNode): void => {
    visit(definition, {
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value)
        if (fragment === undefined || used.has(fragment)) return
        used.add(fragment)
        walk(fragment)
      }
    })
  }
  walk(node)
  return used
}
