import type { GraphQLSchema } from "graphql"
import * as ColumnValue from "./ColumnValue.js"
import type { CollectedField, Collector } from "./collectFields.js"
import { argumentsOf, collectFields } from "./collectFields.js"
import * as document from "./document.js"
import { make, validationFailed } from "./HasuraError.js"
import { bindVariables } from "./InputValue.js"
import { introspect } from "./introspect.js"
import { checkGenericField } from "./introspection.js"
import type { Plan, Select } from "./Plan.js"
import { planAggregate, planRow, planSelect } from "./planSelection.js"
import * as SelectArguments from "./SelectArguments.js"
import type { Table } from "./Table.js"

/** A checked operation: its root fields in their order. */
export interface Compiled {
  readonly fields: ReadonlyArray<Plan | Introspected>
}

/** A root field that asks for the schema, or `__typename`, with the JSON of its value. */
export interface Introspected {
  readonly _tag: "Introspected"
  readonly responseKey: string
  readonly json: string
}

export interface GraphqlRequest {
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
}

/** What a role sees. */
export interface View {
  readonly schema: GraphQLSchema
  readonly tables: ReadonlyArray<Table>
  readonly introspection: boolean
}

/** Checks a request against the tables, or throws the `HasuraError` that Hasura would answer with. */
export const compile = (view: View, request: GraphqlRequest): Compiled => {
  const { schema } = view
  const parsed = document.parseDocument(request.query)
  const operation = document.chooseOperation(parsed, request.operationName)
  document.checkStructure(schema, parsed)
  const fragments = document.fragmentsOf(parsed)
  const used = document.usedVariables(operation, fragments)
  const variables = bindVariables(operation, request.variables, used)
  const collector: Collector = { fragments, variables }

  const queryType = schema.getQueryType()
  if (queryType === undefined || queryType === null) {
    throw make("unexpected", "the schema has no query type", { status: 500 })
  }
  const planners = rootFields(view.tables)
  const at = "$.selectionSet"
  const selected = collectFields(collector, queryType.name, at, [operation.selectionSet])
  const fields = selected.map((field): Plan | CollectedField => {
    const name = field.node.name.value
    const path = `${at}.${name}`
    const plan = planners.get(name)
    if (plan !== undefined) return plan(collector, field, path)
    if (!view.introspection && (name === "__schema" || name === "__type")) {
      throw introspectionDisabled
    }
    checkGenericField(schema, collector, queryType, field, path)
    return field
  })
  const about = { schema, operation, fragments, variables: request.variables }
  const introspected = introspect(about, fields.filter(isCollected))
  return {
    fields: fields.map((field) =>
      isCollected(field)
        ? {
            _tag: "Introspected",
            responseKey: field.responseKey,
            json: introspected.get(field.responseKey) ?? "null"
          }
        : field
    )
  }
}

const isCollected = (field: Plan | CollectedField): field is CollectedField => !("_tag" in field)

/** The words were seen at other servers; the code is an assumption. */
const introspectionDisabled = validationFailed('introspection is disabled for role: "customer"')

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
  SelectArguments.checkNames(
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
