import type { BooleanExpression, Comparison } from "./BooleanExpression.js"
import * as BooleanExpressions from "./BooleanExpression.js"
import * as ColumnType from "./ColumnType.js"
import * as ColumnValue from "./ColumnValue.js"
import * as EnumValue from "./EnumValue.js"
import { validationFailed } from "./HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { describe, elements, fields, isNull } from "./InputValue.js"
import { operatorsOf, valueOperatorsOf } from "./operators.js"
import type { Column, Relationship, Table } from "./Table.js"

/** Reads the argument `where` of a table, or throws the `HasuraError` that Hasura would answer with. */
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
  const object = expectObject(input, typeName, variables, path)
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  const relationships = new Map(table.relationships.map((related) => [related.name, related]))
  const counted = new Map(
    table.relationships
      .filter((related) => related.kind === "array" && related.table().aggregations)
      .map((related) => [`${related.name}_aggregate`, related])
  )
  const all: Array<BooleanExpression> = []
  for (const [name, value] of object) {
    const at = `${path}.${name}`
    const column = columns.get(name)
    const relationship = relationships.get(name)
    const countedRelationship = counted.get(name)
    if (relationship !== undefined) {
      const expression = parseExpression(relationship.table(), value, variables, at)
      all.push({ _tag: "Exists", relationship, expression })
    } else if (countedRelationship !== undefined) {
      all.push(parseAggregatePredicate(countedRelationship, value, variables, at))
    } else if (column !== undefined) {
      for (const comparison of parseComparisons(column, value, variables, at)) {
        all.push({ _tag: "Comparison", column, comparison })
      }
    } else if (name === "_and") {
      all.push({ _tag: "And", all: parseList(table, value, variables, at) })
    } else if (name === "_or") {
      all.push({ _tag: "Or", any: parseList(table, value, variables, at) })
    } else if (name === "_not") {
      all.push({ _tag: "Not", expression: parseExpression(table, value, variables, at) })
    } else {
      throw validationFailed(`field '${name}' not found in type: '${typeName}'`, at)
    }
  }
  return { _tag: "And", all }
}

/** `{count: {predicate, filter, arguments, distinct}}`. Hasura has two more functions, for boolean columns. */
const parseAggregatePredicate = (
  relationship: Relationship,
  input: InputValue,
  variables: Variables,
  path: string
): BooleanExpression => {
  const table = relationship.table()
  const typeName = `${table.name}_aggregate_bool_exp`
  const object = expectObject(input, typeName, variables, path)
  for (const name of object.keys()) {
    if (name !== "count") {
      throw validationFailed(`field '${name}' not found in type: '${typeName}'`, `${path}.${name}`)
    }
  }
  const count = object.get("count")
  if (count === undefined) throw validationFailed("exactly one predicate should be specified", path)
  return parseCount(relationship, count, variables, `${path}.count`)
}

const parseCount = (
  relationship: Relationship,
  input: InputValue,
  variables: Variables,
  path: string
): BooleanExpression => {
  const table = relationship.table()
  const typeName = `${table.name}_aggregate_bool_exp_count`
  const object = expectObject(input, typeName, variables, path)
  for (const name of object.keys()) {
    if (!["arguments", "distinct", "filter", "predicate"].includes(name)) {
      throw validationFailed(`field '${name}' not found in type: '${typeName}'`, `${path}.${name}`)
    }
  }
  const predicate = object.get("predicate")
  if (predicate === undefined) throw validationFailed("missing required field 'predicate'", path)
  const distinct = object.get("distinct")
  return {
    _tag: "Count",
    relationship,
    count: {
      columns: EnumValue.parseColumns(
        table,
        object.get("arguments"),
        variables,
        `${path}.arguments`
      ),
      distinct: distinct !== undefined && parseBoolean(distinct, variables, `${path}.distinct`)
    },
    filter: parseWhere(table, object.get("filter"), variables, `${path}.filter`),
    comparisons: parseComparisons(
      { type: ColumnType.Int },
      predicate,
      variables,
      `${path}.predicate`
    )
  }
}

const parseList = (
  table: Table,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<BooleanExpression> => {
  const typeName = `${table.name}_bool_exp`
  const value = variables.peel(input, `[${typeName}!]`, path)
  const list = elements(value)
  return list === undefined
    ? [parseExpression(table, value, variables, path)]
    : list.map((element, index) => parseElement(table, element, variables, `${path}[${index}]`))
}

/** An element of a list must be non-null by its type, where the field itself need not be. */
const parseElement = (
  table: Table,
  input: InputValue,
  variables: Variables,
  path: string
): BooleanExpression =>
  parseExpression(table, variables.peel(input, `${table.name}_bool_exp!`, path), variables, path)

const expectObject = (
  input: InputValue,
  typeName: string,
  variables: Variables,
  path: string
): ReadonlyMap<string, InputValue> => {
  const value = variables.peel(input, typeName, path)
  const object = fields(value)
  if (object === undefined) {
    throw validationFailed(
      `expected an object for type '${typeName}', but found ${describe(value)}`,
      path
    )
  }
  return object
}

const parseComparisons = (
  column: Pick<Column, "type">,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<Comparison> => {
  const type = column.type
  const typeName = ColumnType.comparisonName(type)
  const operators = operatorsOf(type)
  const comparisons: Array<Comparison> = []
  for (const [name, value] of expectObject(input, typeName, variables, path)) {
    const at = `${path}.${name}`
    const compared = valueOperatorsOf(type).find((operator) => operator === name)
    const operator = operators.get(name)
    if (name === "_is_null") {
      comparisons.push({ _tag: "IsNull", isNull: parseBoolean(value, variables, at) })
    } else if (name === "_in" || name === "_nin") {
      comparisons.push({
        _tag: "Values",
        operator: name,
        values: parseValues(type, value, variables, at)
      })
    } else if (compared !== undefined) {
      comparisons.push({
        _tag: "Value",
        operator: compared,
        value: ColumnValue.parse(type, value, variables, at)
      })
    } else if (operator !== undefined) {
      comparisons.push({
        _tag: "Operator",
        operator,
        value: operator.isList
          ? parseValues(operator.type, value, variables, at)
          : ColumnValue.parse(operator.type, value, variables, at)
      })
    } else if (name === "_cast" && type.operators === "jsonb") {
      comparisons.push(parseCast(value, variables, at))
    } else {
      throw unknownOperator(name, typeName, at)
    }
  }
  return comparisons
}

const unknownOperator = (name: string, typeName: string, path: string) =>
  validationFailed(`field '${name}' not found in type: '${typeName}'`, path)

const parseCast = (input: InputValue, variables: Variables, path: string): Comparison => {
  const comparisons: Array<Comparison> = []
  for (const [name, value] of expectObject(input, "jsonb_cast_exp", variables, path)) {
    const at = `${path}.${name}`
    if (name !== "String") throw unknownOperator(name, "jsonb_cast_exp", at)
    comparisons.push(...parseComparisons({ type: ColumnType.String }, value, variables, at))
  }
  return { _tag: "AsText", comparisons }
}

const parseValues = (
  type: ColumnType.ColumnType,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<string> => {
  const value = variables.peel(input, `[${type.name}!]`, path)
  if (isNull(value)) {
    throw validationFailed(`unexpected null value for type '[${type.name}!]'`, path)
  }
  const list = elements(value)
  return list === undefined
    ? [ColumnValue.parse(type, value, variables, path)]
    : list.map((element, index) =>
        ColumnValue.parse(type, element, variables, `${path}[${index}]`, `${type.name}!`)
      )
}

export const parseBoolean = (input: InputValue, variables: Variables, path: string): boolean => {
  const value = variables.peel(input, "Boolean", path)
  if (isNull(value)) throw validationFailed("unexpected null value for type 'Boolean'", path)
  const plain = variables.toJson(value)
  if (typeof plain !== "boolean") {
    throw validationFailed(
      `expected a boolean for type 'Boolean', but found ${describe(value)}`,
      path
    )
  }
  return plain
}
