import { aggregateFunctions } from "./aggregateFunctions.js"
import type { CollectedField, Collector } from "./collectFields.js"
import { argumentsOf, collectFields } from "./collectFields.js"
import * as EnumValue from "./EnumValue.js"
import { validationFailed } from "./HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { isNull } from "./InputValue.js"
import * as JsonPath from "./JsonPath.js"
import type {
  Aggregate,
  AggregateNumber,
  AggregatePart,
  Select,
  Selected,
  Typename
} from "./Plan.js"
import { parseBoolean } from "./parseWhere.js"
import * as SelectArguments from "./SelectArguments.js"
import type { Column, Relationship, Table } from "./Table.js"

/** Reads a field that gives rows of a table, or throws the `HasuraError` that Hasura would answer with. */
export const planSelect = (
  collector: Collector,
  table: Table,
  field: CollectedField,
  path: string
): Select => ({
  table,
  args: SelectArguments.parse(
    field.node.name.value,
    table,
    argumentsOf(field.node),
    collector.variables,
    path
  ),
  selection: planRow(collector, table, field, path)
})

/** Reads the selection of a row. */
export const planRow = (
  collector: Collector,
  table: Table,
  field: CollectedField,
  path: string
): ReadonlyArray<Selected> => {
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  const relationships = new Map(table.relationships.map((related) => [related.name, related]))
  return childrenOf(collector, table.name, field, path).map((child): Selected => {
    const { at, name, responseKey } = child
    if (name === "__typename") return planTypename(table.name, child)
    const column = columns.get(name)
    if (column !== undefined) return planColumn(collector, column, child, at)
    const relationship = relationships.get(name)
    if (relationship !== undefined) return planRelated(collector, relationship, child, at)
    const counted = relationships.get(name.replace(/_aggregate$/, ""))
    if (counted?.kind === "array" && counted.table().aggregations) {
      return {
        _tag: "RelatedAggregate",
        responseKey,
        relationship: counted,
        aggregate: planAggregate(collector, counted.table(), child, at)
      }
    }
    throw unknownField(name, table.name, at)
  })
}

interface Child extends CollectedField {
  readonly name: string
  readonly at: string
}

const childrenOf = (
  collector: Collector,
  typeName: string,
  field: CollectedField,
  path: string
): ReadonlyArray<Child> => {
  if (field.selectionSets.length === 0) {
    throw validationFailed(`missing selection set for '${typeName}'`, `${path}.selectionSet`)
  }
  const at = `${path}.selectionSet`
  return collectFields(collector, typeName, at, field.selectionSets).map((child) => {
    const name = child.node.name.value
    return { ...child, name, at: `${at}.${name}` }
  })
}

const planTypename = (typeName: string, field: Child): Typename => {
  SelectArguments.checkNames("__typename", argumentsOf(field.node), [], field.at)
  expectLeaf(field, field.at)
  return { _tag: "Typename", responseKey: field.responseKey, typeName }
}

const unknownField = (name: string, typeName: string, path: string) =>
  validationFailed(`field '${name}' not found in type: '${typeName}'`, path)

const expectLeaf = (field: CollectedField, path: string): void => {
  if (field.selectionSets.length > 0) {
    throw validationFailed("unexpected subselection set for non-object field", path)
  }
}

const planColumn = (
  collector: Collector,
  column: Column,
  field: CollectedField,
  path: string
): Selected => {
  expectLeaf(field, path)
  return {
    _tag: "Column",
    responseKey: field.responseKey,
    column,
    jsonPath: parseJsonPath(column, argumentsOf(field.node), collector.variables, path)
  }
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

const planRelated = (
  collector: Collector,
  relationship: Relationship,
  field: CollectedField,
  path: string
): Selected => {
  const { responseKey } = field
  const table = relationship.table()
  if (relationship.kind === "array") {
    const select = planSelect(collector, table, field, path)
    return { _tag: "RelatedRows", responseKey, relationship, select }
  }
  SelectArguments.checkNames(relationship.name, argumentsOf(field.node), [], path)
  const selection = planRow(collector, table, field, path)
  return { _tag: "Related", responseKey, relationship, table, selection }
}

/** Reads a field that gives numbers about rows of a table. */
export const planAggregate = (
  collector: Collector,
  table: Table,
  field: CollectedField,
  path: string
): Aggregate => ({
  table,
  args: SelectArguments.parse(
    field.node.name.value,
    table,
    argumentsOf(field.node),
    collector.variables,
    path
  ),
  parts: childrenOf(collector, `${table.name}_aggregate`, field, path).map(
    (child): AggregatePart => {
      const { at, name, responseKey } = child
      switch (name) {
        case "__typename":
          return planTypename(`${table.name}_aggregate`, child)
        case "aggregate":
          return { _tag: "Numbers", responseKey, numbers: planNumbers(collector, table, child, at) }
        case "nodes":
          return { _tag: "Nodes", responseKey, selection: planRow(collector, table, child, at) }
        default:
          throw unknownField(name, `${table.name}_aggregate`, at)
      }
    }
  )
})

const planNumbers = (
  collector: Collector,
  table: Table,
  field: CollectedField,
  path: string
): ReadonlyArray<AggregateNumber> =>
  childrenOf(collector, `${table.name}_aggregate_fields`, field, path).map((child) => {
    const { at, name, responseKey } = child
    if (name === "__typename") return planTypename(`${table.name}_aggregate_fields`, child)
    if (name === "count") return planCount(collector, table, child, at)
    const known = aggregateFunctions.find((candidate) => candidate.name === name)
    const columns = table.columns.filter((column) => known?.accepts(column.type) ?? false)
    if (known === undefined || columns.length === 0) {
      throw unknownField(name, `${table.name}_aggregate_fields`, at)
    }
    const typeName = `${table.name}_${name}_fields`
    return {
      _tag: "Function",
      responseKey,
      name: known.name,
      columns: childrenOf(collector, typeName, child, at).map((leaf) => {
        if (leaf.name === "__typename") return planTypename(typeName, leaf)
        const column = columns.find((candidate) => candidate.name === leaf.name)
        if (column === undefined) throw unknownField(leaf.name, typeName, leaf.at)
        expectLeaf(leaf, leaf.at)
        return { _tag: "Column", responseKey: leaf.responseKey, column }
      })
    }
  })

const planCount = (
  collector: Collector,
  table: Table,
  field: CollectedField,
  path: string
): AggregateNumber => {
  const { variables } = collector
  const args = argumentsOf(field.node)
  expectLeaf(field, path)
  SelectArguments.checkNames("count", args, ["columns", "distinct"], path)
  const distinct = args.get("distinct")
  const at = `${path}.args`
  return {
    _tag: "Count",
    responseKey: field.responseKey,
    count: {
      columns: EnumValue.parseColumns(table, args.get("columns"), variables, `${at}.columns`),
      distinct:
        distinct !== undefined &&
        !isNull(variables.peel(distinct, "Boolean", `${at}.distinct`)) &&
        parseBoolean(distinct, variables, `${at}.distinct`)
    }
  }
}
