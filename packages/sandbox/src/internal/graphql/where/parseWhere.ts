import { validationFailed } from "../HasuraError.js"
import type { Column, Relationship, Table } from "../Table.js"
import * as BooleanValue from "../values/BooleanValue.js"
import * as ColumnType from "../values/ColumnType.js"
import * as ColumnValue from "../values/ColumnValue.js"
import * as EnumValue from "../values/EnumValue.js"
import type { InputValue, ReadField, Variables } from "../values/InputValue.js"
import { isNull, knownFields, parseList, parseObject } from "../values/InputValue.js"
import type { BooleanExpression, Comparison } from "./BooleanExpression.js"
import * as BooleanExpressions from "./BooleanExpression.js"
import type { Operator } from "./operators.js"
import { operatorsOf, valueOperatorsOf } from "./operators.js"
import * as PredicateFunction from "./PredicateFunction.js"

/**
 * Reads the argument `where` of a table. Throws the same errors as Hasura, in the form of a
 * `HasuraError`.
 */
export const parseWhere = (
  table: Table,
  input: InputValue | undefined,
  variables: Variables,
  path: string
): BooleanExpression => {
  if (input === undefined) return BooleanExpressions.everything
  const value = variables.peel(input, `${table.name}_bool_exp`, path)
  if (isNull(value)) return BooleanExpressions.everything
  return parseExpression(table, value, variables, path)
}

const parseExpression = (
  table: Table,
  input: InputValue,
  variables: Variables,
  path: string
): BooleanExpression => {
  const typeName = `${table.name}_bool_exp`
  const readers = new Map<string, ReadField<ReadonlyArray<BooleanExpression>>>()
  for (const column of table.columns) {
    readers.set(column.name, (value, at) =>
      parseComparisons(column, value, variables, at).map((comparison) => ({
        _tag: "Comparison",
        column,
        comparison
      }))
    )
  }
  for (const relationship of table.relationships) {
    readers.set(relationship.name, (value, at) => {
      const expression = parseExpression(relationship.table(), value, variables, at)
      return [{ _tag: "Exists", relationship, expression }]
    })
  }
  const each: ReadField<ReadonlyArray<BooleanExpression>> = (value, at) =>
    parseList(value, typeName, variables, at, (element, elementAt) =>
      parseExpression(table, element, variables, elementAt)
    )
  readers.set("_or", (value, at) => [{ _tag: "Or", any: each(value, at) }])
  readers.set("_and", (value, at) => [{ _tag: "And", all: each(value, at) }])
  readers.set("_not", (value, at) => [
    { _tag: "Not", expression: parseExpression(table, value, variables, at) }
  ])
  for (const relationship of table.relationships) {
    if (relationship.kind === "array" && relationship.table().aggregations) {
      readers.set(`${relationship.name}_aggregate`, (value, at) => [
        parseAggregatePredicate(relationship, value, variables, at)
      ])
    }
  }
  return { _tag: "And", all: parseObject(typeName, input, readers, variables, path).flat() }
}

const parseAggregatePredicate = (
  relationship: Relationship,
  input: InputValue,
  variables: Variables,
  path: string
): BooleanExpression => {
  const table = relationship.table()
  const readers = new Map<string, ReadField<BooleanExpression>>(
    PredicateFunction.functionsOf(table).map((called) => [
      called.name,
      (value, at) => parseFunction(relationship, called, value, variables, at)
    ])
  )
  const [predicate, ...others] = parseObject(
    PredicateFunction.typeName(table),
    input,
    readers,
    variables,
    path
  )
  if (predicate === undefined || others.length > 0) {
    throw validationFailed("exactly one predicate should be specified", path)
  }
  return predicate
}

const functionFields = new Set(["arguments", "distinct", "predicate", "filter"])

/** Reads `{arguments, distinct, predicate, filter}`. Hasura accepts `distinct` but ignores it. */
const parseFunction = (
  relationship: Relationship,
  called: PredicateFunction.PredicateFunction,
  input: InputValue,
  variables: Variables,
  path: string
): BooleanExpression => {
  const table = relationship.table()
  const typeName = PredicateFunction.functionType(table, called)
  const value = variables.peel(input, typeName, path)
  const object = knownFields(value, typeName, (name) => functionFields.has(name), path)
  const columns = parseArguments(table, called, object.get("arguments"), variables, path)
  const distinct = object.get("distinct")
  if (distinct !== undefined) BooleanValue.parse(distinct, variables, `${path}.distinct`)
  const comparisons = parseComparisons(
    { type: called.result },
    required(object.get("predicate"), "predicate", path),
    variables,
    `${path}.predicate`
  )
  const filter = object.get("filter")
  return {
    _tag: "Aggregate",
    relationship,
    function: called.name,
    columns,
    result: called.result,
    filter:
      filter === undefined
        ? BooleanExpressions.everything
        : parseExpression(table, filter, variables, `${path}.filter`),
    comparisons
  }
}

const required = (input: InputValue | undefined, name: string, path: string): InputValue => {
  if (input !== undefined) return input
  throw validationFailed(`missing required field '${name}'`, `${path}.${name}`)
}

const parseArguments = (
  table: Table,
  called: PredicateFunction.PredicateFunction,
  input: InputValue | undefined,
  variables: Variables,
  path: string
): ReadonlyArray<Column> => {
  const typeName = PredicateFunction.columnsType(table, called)
  const columns = PredicateFunction.columnsOf(table, called)
  const at = `${path}.arguments`
  if (called.takes === "columns") {
    return input === undefined
      ? []
      : EnumValue.parseColumns(typeName, columns, input, variables, at)
  }
  const one = (value: InputValue, place: string): ReadonlyArray<Column> =>
    EnumValue.parseColumn(typeName, columns, variables.peel(value, `${typeName}!`, place), place)
  const given = required(input, "arguments", path)
  if (called.takes === "column") return one(given, at)
  const names = called.takes
  const objectName = PredicateFunction.argumentsType(table, called)
  const object = knownFields(
    variables.peel(given, `${objectName}!`, at),
    objectName,
    (name) => names.includes(name),
    at
  )
  return names.flatMap((name) => one(required(object.get(name), name, at), `${at}.${name}`))
}

const parseComparisons = (
  column: Pick<Column, "type">,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<Comparison> => {
  const { type } = column
  const readers = new Map<string, ReadField<Comparison>>()
  if (type.operators === "jsonb") {
    readers.set("_cast", (value, at) => parseCast(value, variables, at))
  }
  readers.set("_is_null", (value, at) => ({
    _tag: "IsNull",
    isNull: BooleanValue.parse(value, variables, at)
  }))
  const comparing = (names: ReadonlyArray<ColumnType.ValueOperator>): void => {
    for (const operator of names.filter((name) => valueOperatorsOf(type).includes(name))) {
      readers.set(operator, (value, at) => ({
        _tag: "Value",
        operator,
        value: ColumnValue.parse(type, value, variables, at)
      }))
    }
  }
  comparing(["_eq", "_neq"])
  for (const operator of ["_in", "_nin"] as const) {
    readers.set(operator, (value, at) => ({
      _tag: "Values",
      operator,
      values: ColumnValue.parseValues(type, value, variables, at)
    }))
  }
  comparing(["_gt", "_lt", "_gte", "_lte"])
  for (const [name, operator] of operatorsOf(type)) {
    readers.set(name, (value, at) => ({
      _tag: "Operator",
      operator,
      value: parseOperand(operator, value, variables, at)
    }))
  }
  return parseObject(ColumnType.comparisonName(type), input, readers, variables, path)
}

const parseOperand = (
  { isList, isNullable, type }: Operator,
  input: InputValue,
  variables: Variables,
  path: string
): string | null | ReadonlyArray<string> => {
  if (isList) return ColumnValue.parseValues(type, input, variables, path)
  if (isNullable && isNull(variables.peel(input, type.name, path))) return null
  return ColumnValue.parse(type, input, variables, path)
}

const parseCast = (input: InputValue, variables: Variables, path: string): Comparison => {
  const readers = new Map<string, ReadField<ReadonlyArray<Comparison>>>([
    ["String", (value, at) => parseComparisons({ type: ColumnType.String }, value, variables, at)]
  ])
  return {
    _tag: "AsText",
    comparisons: parseObject("jsonb_cast_exp", input, readers, variables, path).flat()
  }
}
