import type {
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode
} from "graphql"
import {
  getNamedType,
  isObjectType,
  Kind,
  OverlappingFieldsCanBeMergedRule,
  parse,
  SchemaMetaFieldDef,
  specifiedRules,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  validate,
  visit
} from "graphql"
import { make, validationFailed } from "./HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { bindVariables, literal } from "./InputValue.js"
import * as JsonPath from "./JsonPath.js"
import type { SelectArguments } from "./SelectArguments.js"
import * as SelectArgumentsParser from "./SelectArguments.js"
import type { Column, Table } from "./Table.js"

/** One column in a row of the answer, under the name that the query gave it. */
export interface SelectedColumn {
  readonly responseKey: string
  readonly column: Column
  readonly jsonPath: ReadonlyArray<string> | undefined
}

/** What one root field asks of the database. */
export interface TablePlan {
  readonly responseKey: string
  readonly table: Table
  readonly args: SelectArguments
  readonly columns: ReadonlyArray<SelectedColumn>
}

/**
 * A checked operation. `document` is what graphql-js executes over the rows: arguments of tables and columns are taken
 * out, because they have been read already, and by Hasura's rules, which are not those of the GraphQL specification.
 */
export interface Compiled {
  readonly plans: ReadonlyArray<TablePlan>
  readonly document: DocumentNode
}

export interface GraphqlRequest {
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
}

/** Checks a request against the tables, or throws the `HasuraError` that Hasura would answer with. */
export const compile = (
  schema: GraphQLSchema,
  tables: ReadonlyMap<string, Table>,
  request: GraphqlRequest
): Compiled => {
  const document = parseDocument(request.query)
  const operation = chooseOperation(document, request.operationName)
  checkStructure(schema, document)
  const fragments = fragmentsOf(document)
  const used = usedVariables(operation, fragments)
  const variables = bindVariables(operation, request.variables, used)
  const collector: Collector = { fragments, variables }

  const queryType = schema.getQueryType()
  if (queryType === undefined || queryType === null) {
    throw make("unexpected", "the schema has no query type", { status: 500 })
  }
  const plans: Array<TablePlan> = []
  for (const field of collectFields(collector, queryType, operation.selectionSet)) {
    const name = field.node.name.value
    const path = `$.selectionSet.${name}`
    const table = tables.get(name)
    if (table !== undefined) {
      plans.push(planTable(schema, collector, table, field, path))
    } else {
      checkGenericField(schema, collector, queryType, field, path)
    }
  }
  return { plans, document: withoutTableArguments(document, operation) }
}

const parseDocument = (query: string): DocumentNode => {
  try {
    return parse(query)
  } catch {
    throw validationFailed("not a valid graphql query", "$.query")
  }
}

const chooseOperation = (
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
 * document has no meaning: fragments that exist and do not contain themselves, names that are unique, fields that merge.
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

const checkStructure = (schema: GraphQLSchema, document: DocumentNode): void => {
  const first =
    validate(schema, document, structuralRules)[0] ??
    validate(schema, document, [OverlappingFieldsCanBeMergedRule])[0]
  if (first !== undefined) throw validationFailed(first.message)
}

const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : []
    )
  )

const usedVariables = (
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

interface Collector {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Variables
}

/** A field with the selections of all its occurrences. */
interface CollectedField {
  readonly responseKey: string
  readonly node: FieldNode
  readonly selectionSets: ReadonlyArray<SelectionSetNode>
}

const collectFields = (
  collector: Collector,
  type: GraphQLObjectType,
  ...selectionSets: ReadonlyArray<SelectionSetNode>
): ReadonlyArray<CollectedField> => {
  const fields = new Map<string, { node: FieldNode; selectionSets: Array<SelectionSetNode> }>()
  const walk = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (!isIncluded(collector, selection.directives ?? [])) continue
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value
        const seen = fields.get(key) ?? { node: selection, selectionSets: [] }
        if (selection.selectionSet !== undefined) seen.selectionSets.push(selection.selectionSet)
        fields.set(key, seen)
        continue
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? collector.fragments.get(selection.name.value)
          : selection
      const condition = fragment?.typeCondition?.name.value ?? type.name
      if (fragment !== undefined && condition === type.name) walk(fragment.selectionSet)
    }
  }
  selectionSets.forEach(walk)
  return [...fields].map(([responseKey, field]) => ({ responseKey, ...field }))
}

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

const argumentsOf = (node: FieldNode): ReadonlyMap<string, InputValue> =>
  new Map((node.arguments ?? []).map((argument) => [argument.name.value, literal(argument.value)]))

const planTable = (
  schema: GraphQLSchema,
  collector: Collector,
  table: Table,
  field: CollectedField,
  path: string
): TablePlan => {
  const args = SelectArgumentsParser.parse(
    table,
    argumentsOf(field.node),
    collector.variables,
    path
  )
  const type = schema.getType(table.name)
  if (!isObjectType(type)) throw make("unexpected", `no type for table ${table.name}`)
  if (field.selectionSets.length === 0) {
    throw validationFailed(`missing selection set for '${table.name}'`, `${path}.selectionSet`)
  }
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  const selected: Array<SelectedColumn> = []
  for (const child of collectFields(collector, type, ...field.selectionSets)) {
    const name = child.node.name.value
    if (name === "__typename") continue
    const at = `${path}.selectionSet.${name}`
    const column = columns.get(name)
    if (column === undefined) {
      throw validationFailed(`field '${name}' not found in type: '${table.name}'`, at)
    }
    if (child.selectionSets.length > 0) {
      throw validationFailed("unexpected subselection set for non-object field", at)
    }
    selected.push({
      responseKey: child.responseKey,
      column,
      jsonPath: parseJsonPath(column, argumentsOf(child.node), collector.variables, at)
    })
  }
  return { responseKey: field.responseKey, table, args, columns: selected }
}

const parseJsonPath = (
  column: Column,
  args: ReadonlyMap<string, InputValue>,
  variables: Variables,
  path: string
): ReadonlyArray<string> | undefined => {
  let keys: ReadonlyArray<string> | undefined
  for (const [name, input] of args) {
    if (name !== "path" || column.type.kind !== "json") {
      throw validationFailed(`'${column.name}' has no argument named '${name}'`, path)
    }
    const text = variables.toJson(variables.peel(input, "String", `${path}.args.path`))
    if (text === null) continue
    keys = typeof text === "string" ? JsonPath.parse(text) : undefined
    if (keys === undefined) {
      throw validationFailed(`parse json path error: ${String(text)}`, `${path}.args.path`)
    }
  }
  return keys
}

/** Fields that the specification gives to every schema, and `__typename` to every type. */
const introspectionFields: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map((field) => [field.name, field])
)

/** Introspection: names are checked here, the rest is left to graphql-js. */
const checkGenericField = (
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
  for (const child of collectFields(collector, type, ...field.selectionSets)) {
    const at = `${path}.selectionSet.${child.node.name.value}`
    checkGenericField(schema, collector, type, child, at)
  }
}

const withoutTableArguments = (
  document: DocumentNode,
  operation: OperationDefinitionNode
): DocumentNode => {
  const stripped: DocumentNode = visit(document, {
    OperationDefinition: (node) => (node === operation ? undefined : null),
    Field: (node) => {
      if (node.name.value === "__schema" || node.name.value === "__type") return false
      return { ...node, arguments: [] }
    }
  })
  const used = new Set<string>()
  visit(stripped, {
    VariableDefinition: () => false,
    Variable: (variable) => {
      used.add(variable.name.value)
    }
  })
  return visit(stripped, {
    VariableDefinition: (node) => (used.has(node.variable.name.value) ? false : null)
  })
}
