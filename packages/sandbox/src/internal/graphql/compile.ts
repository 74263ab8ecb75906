import type { GraphQLSchema, OperationDefinitionNode } from "graphql"
import { OperationTypeNode } from "graphql"
import type { CollectedField, Collector } from "./collectFields.js"
import { argumentsOf, collectFields } from "./collectFields.js"
import * as Document from "./Document.js"
import { checkOperation } from "./directives/check.js"
import { make, validationFailed } from "./HasuraError.js"
import { readIntrospection } from "./introspection/readIntrospection.js"
import type { JsonObject } from "./json/Json.js"
import type { Plan, Select } from "./select/Plan.js"
import { planAggregate, planRow, planSelect } from "./select/planSelection.js"
import * as SelectArguments from "./select/SelectArguments.js"
import type { Table } from "./Table.js"
import * as ColumnValue from "./values/ColumnValue.js"
import { bindVariables, checkArguments } from "./values/InputValue.js"

/** A checked operation, with its root fields in order. */
export interface Compiled {
  readonly fields: ReadonlyArray<Plan | Introspected>
}

/** A root field of introspection, or `__typename`, with the JSON of the field's value. */
export interface Introspected {
  readonly _tag: "Introspected"
  readonly responseKey: string
  readonly json: string
}

export interface GraphqlRequest {
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: JsonObject
}

/** The tables and the schema of a role. */
export interface View {
  readonly schema: GraphQLSchema
  readonly tables: ReadonlyArray<Table>
  readonly introspection: boolean
}

/**
 * Checks a request against the tables. Throws the same error as Hasura, in the form of a
 * `HasuraError`.
 */
export const compile = (view: View, request: GraphqlRequest): Compiled => {
  const parsed = Document.parseDocument(request.query)
  const operation = Document.chooseOperation(parsed, request.operationName)
  const fragments = Document.fragmentsOf(parsed)
  Document.checkSpreads(operation, fragments)
  if (operation.operation === OperationTypeNode.MUTATION) {
    throw validationFailed("no mutations exist")
  }
  const used = Document.usedVariables(operation, fragments)
  const variables = bindVariables(operation, request.variables, used)
  const collector: Collector = { fragments, variables }
  const { root, place } = roots[operation.operation]
  const selected = collectFields(collector, root, "$.selectionSet", [operation.selectionSet])
  const planners = rootFields(view.tables)
  const fields = selected.map((field) => planRoot(view, planners, collector, root, field))
  checkOperation(operation.directives ?? [], place, variables)
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
    throw refusedSubscription(operation, fields)
  }
  const asksForSchema = selected.some(({ node }) => /^__(schema|type)$/.test(node.name.value))
  if (!view.introspection && asksForSchema) throw introspectionDisabled
  return { fields }
}

const roots = {
  [OperationTypeNode.QUERY]: { root: "query_root", place: "a query" },
  [OperationTypeNode.SUBSCRIPTION]: { root: "subscription_root", place: "a subscription" }
} as const

const planRoot = (
  { schema }: View,
  planners: ReadonlyMap<string, PlanField>,
  collector: Collector,
  root: string,
  field: CollectedField
): Plan | Introspected => {
  const { node, responseKey } = field
  const name = node.name.value
  const path = `$.selectionSet.${name}`
  const plan = planners.get(name)
  if (plan !== undefined) return plan(collector, field, path)
  const value = name === "__typename" ? root : readIntrospection(schema, collector, field, path)
  if (value !== undefined) return { _tag: "Introspected", responseKey, json: JSON.stringify(value) }
  throw validationFailed(`field '${name}' not found in type: '${root}'`, path)
}

const refusedSubscription = (
  { directives = [], selectionSet }: OperationDefinitionNode,
  fields: Compiled["fields"]
) => {
  const isOne =
    selectionSet.selections.length === 1 ||
    directives.some(({ name }) => name.value === "_multiple_top_level_fields")
  if (!isOne) return validationFailed("subscriptions must select one top level field")
  return fields.some(({ _tag }) => _tag === "Introspected")
    ? make("not-supported", "Introspection at root field level is not supported over subscriptions")
    : make(
        "unexpected-payload",
        "subscriptions are not supported over HTTP, use websockets instead"
      )
}

/** The path and the code are from Hasura's tests. The role's name is an assumption. */
const introspectionDisabled = make(
  "not-supported",
  'introspection is disabled for role: "customer"'
)

type PlanField = (collector: Collector, field: CollectedField, path: string) => Plan

const rootFields = (tables: ReadonlyArray<Table>): ReadonlyMap<string, PlanField> => {
  const planners = new Map<string, PlanField>()
  for (const table of tables) {
    planners.set(table.name, (collector, field, path) => ({
      _tag: "Rows",
      responseKey: field.responseKey,
      select: planSelect(collector, table, field, path)
    }))
    if (table.key.length > 0) {
      planners.set(`${table.name}_by_pk`, (collector, field, path) => ({
        _tag: "Row",
        responseKey: field.responseKey,
        select: planByKey(collector, table, field, path)
      }))
    }
    if (table.aggregations) {
      planners.set(`${table.name}_aggregate`, (collector, field, path) => ({
        _tag: "Aggregate",
        responseKey: field.responseKey,
        aggregate: planAggregate(collector, table, field, path)
      }))
    }
  }
  return planners
}

const planByKey = (
  collector: Collector,
  table: Table,
  field: CollectedField,
  path: string
): Select => {
  const args = argumentsOf(field.node)
  checkArguments(
    field.node.name.value,
    args,
    table.key.map((column) => column.name),
    path
  )
  return {
    table,
    args: {
      ...SelectArguments.none,
      where: {
        _tag: "And",
        all: table.key.map((column) => {
          const at = `${path}.args.${column.name}`
          const input = args.get(column.name)
          if (input === undefined) {
            throw validationFailed(`missing required field '${column.name}'`, at)
          }
          const expected = `${column.type.name}!`
          const value = ColumnValue.parse(column.type, input, collector.variables, at, expected)
          return {
            _tag: "Comparison",
            column,
            comparison: { _tag: "Value", operator: "_eq", value }
          }
        })
      }
    },
    selection: planRow(collector, table, field, path)
  }
}
