import type { CollectedField, Collector } from "../collectFields.js"
import { argumentsOf, collectFields } from "../collectFields.js"
import { databaseQueryError, validationFailed } from "../HasuraError.js"
import type { Column, Relationship, Table } from "../Table.js"
import * as BooleanValue from "../values/BooleanValue.js"
import * as EnumValue from "../values/EnumValue.js"
import type { InputValue, Variables } from "../values/InputValue.js"
import { checkArguments } from "../values/InputValue.js"
import * as StringValue from "../values/StringValue.js"
import { aggregateFunctions } from "./aggregateFunctions.js"
import * as JsonPath from "./JsonPath.js"
import type {
  Aggregate,
  AggregateNumber,
  AggregatePart,
  Select,
  Selected,
  Typename
} from "./Plan.js"
import * as SelectArguments from "./SelectArguments.js"

/**
 * Reads a field that returns rows of a table. Throws the same errors as Hasura, in the form of a
 * `HasuraError`.
 */
export const planSelect = (
  collector: Collector,
  table: Table,
  field: CollectedField,
  path: string
): Select => ({
  table,
  args: argumentsFor(collector, table, field, path),
  selection: planRow(collector, table, field, path)
})

const argumentsFor = (
  { variables }: Collector,
  table: Table,
  { node }: CollectedField,
  path: string
): SelectArguments.SelectArguments =>
  SelectArguments.parse(node.name.value, table, argumentsOf(node), variables, path)

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
  const at = `${path}.selectionSet`
  if (field.selectionSets.length === 0) {
    throw validationFailed(`missing selection set for '${typeName}'`, at)
  }
  return collectFields(collector, typeName, at, field.selectionSets).map((child) => {
    const name = child.node.name.value
    return { ...child, name, at: `${at}.${name}` }
  })
}

/** Plans `__typename`. Hasura ignores arguments and a selection of this field. */
const planTypename = (typeName: string, { responseKey }: Child): Typename => ({
  _tag: "Typename",
  responseKey,
  typeName
})

const unknownField = (name: string, typeName: string, path: string) =>
  validationFailed(`field '${name}' not found in type: '${typeName}'`, path)

const expectLeaf = (field: CollectedField, path: string): void => {
  if (field.selectionSets.length > 0) {
    throw validationFailed("unexpected subselection set for non-object field", path)
  }
}

const expectNoArguments = ({ node }: CollectedField, path: string): void =>
  checkArguments(node.name.value, argumentsOf(node), [], path)

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
  checkArguments(column.name, args, column.type.kind === "json" ? ["path"] : [], path)
  const input = args.get("path")
  if (input === undefined) return undefined
  const text = StringValue.parse(input, variables, `${path}.args.path`)
  const keys = JsonPath.parse(text)
  if (keys === undefined) {
    throw validationFailed(
      `parse json path error: ${text}. Accept letters, digits, underscore (_) or hyphen (-) only. ` +
        `Use quotes enclosed in bracket (["..."]) if there is any special character`,
      `${path}.args`
    )
  }
  return keys.length === 0 ? undefined : keys
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
  expectNoArguments(field, path)
  const selection = planRow(collector, table, field, path)
  return { _tag: "Related", responseKey, relationship, table, selection }
}

/** Reads a field that returns aggregates of rows of a table. */
export const planAggregate = (
  collector: Collector,
  table: Table,
  field: CollectedField,
  path: string
): Aggregate => ({
  table,
  args: argumentsFor(collector, table, field, path),
  parts: childrenOf(collector, `${table.name}_aggregate`, field, path).map(
    (child): AggregatePart => {
      const { at, name, responseKey } = child
      switch (name) {
        case "aggregate":
          expectNoArguments(child, at)
          return { _tag: "Numbers", responseKey, numbers: planNumbers(collector, table, child, at) }
        case "__typename":
          return planTypename(`${table.name}_aggregate`, child)
        case "nodes":
          expectNoArguments(child, at)
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
    expectNoArguments(child, at)
    return {
      _tag: "Function",
      responseKey,
      name: known.name,
      columns: childrenOf(collector, typeName, child, at).map((leaf) => {
        if (leaf.name === "__typename") return planTypename(typeName, leaf)
        const column = columns.find((candidate) => candidate.name === leaf.name)
        if (column === undefined) throw unknownField(leaf.name, typeName, leaf.at)
        expectLeaf(leaf, leaf.at)
        expectNoArguments(leaf, leaf.at)
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
  checkArguments("count", args, ["columns", "distinct"], path)
  const at = `${path}.args`
  const distinct = args.get("distinct")
  const isDistinct =
    distinct !== undefined && BooleanValue.parse(distinct, variables, `${at}.distinct`)
  const given = args.get("columns")
  const typeName = EnumValue.columnsType(table)
  const columns =
    given === undefined
      ? undefined
      : EnumValue.parseColumns(typeName, table.columns, given, variables, `${at}.columns`)
  // Hasura compiles an empty list of columns to `count(())`, which PostgreSQL cannot parse.
  if (columns?.length === 0) throw databaseQueryError
  return {
    _tag: "Count",
    responseKey: field.responseKey,
    count: { columns: columns ?? [], distinct: isDistinct }
  }
}
