import type { Column, Relationship, Table } from "../Table.js"
import * as EnumValue from "../values/EnumValue.js"
import type { InputValue, ReadField, Variables } from "../values/InputValue.js"
import { isNull, parseList, parseObject } from "../values/InputValue.js"
import type { AggregateFunctionName } from "./aggregateFunctions.js"
import { aggregateFunctions } from "./aggregateFunctions.js"

export const orderDirections = {
  asc: "asc nulls last",
  asc_nulls_first: "asc nulls first",
  asc_nulls_last: "asc nulls last",
  desc: "desc nulls first",
  desc_nulls_first: "desc nulls first",
  desc_nulls_last: "desc nulls last"
} as const

export type OrderDirection = keyof typeof orderDirections

const directions: ReadonlyArray<OrderDirection> = [
  "asc",
  "asc_nulls_first",
  "asc_nulls_last",
  "desc",
  "desc_nulls_first",
  "desc_nulls_last"
]

/**
 * A key of an order. It is a column, a key of the related row, or an aggregate of the related rows.
 */
export type OrderTarget =
  | { readonly _tag: "Column"; readonly column: Column }
  | {
      readonly _tag: "Related"
      readonly relationship: Relationship
      readonly target: OrderTarget
    }
  | { readonly _tag: "Count"; readonly relationship: Relationship }
  | {
      readonly _tag: "Aggregate"
      readonly relationship: Relationship
      readonly function: AggregateFunctionName
      readonly column: Column
    }

export interface OrderBy {
  readonly target: OrderTarget
  readonly direction: OrderDirection
}

/**
 * Reads the argument `order_by` of a table. Throws the same errors as Hasura, in the form of a
 * `HasuraError`.
 */
export const parse = (
  table: Table,
  input: InputValue | undefined,
  variables: Variables,
  path: string
): ReadonlyArray<OrderBy> => {
  if (input === undefined) return []
  const typeName = `${table.name}_order_by`
  const value = variables.peel(input, `[${typeName}!]`, path)
  if (isNull(value)) return []
  return parseList(value, typeName, variables, path, (element, at) =>
    parseTable(table, element, variables, at)
  ).flat()
}

/**
 * Reads one key of an object. Hasura ignores the order of the keys in the object, and uses the
 * order of its schema.
 */
type Read = ReadField<ReadonlyArray<OrderBy>>

/** Reads the key of a relationship. A value of null means the same as no key. */
const unlessNull =
  (typeName: string, variables: Variables, read: Read): Read =>
  (input, path) => {
    const value = variables.peel(input, typeName, path)
    return isNull(value) ? [] : read(value, path)
  }

const parseTable = (
  table: Table,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<OrderBy> => {
  const known = new Map<string, Read>(columnReaders(table.columns, variables))
  for (const relationship of table.relationships) {
    const other = relationship.table()
    if (relationship.kind === "object") {
      known.set(
        relationship.name,
        unlessNull(`${other.name}_order_by`, variables, (value, at) =>
          parseTable(other, value, variables, at).map(({ direction, target }) => ({
            direction,
            target: { _tag: "Related", relationship, target }
          }))
        )
      )
    } else if (other.aggregations) {
      known.set(
        `${relationship.name}_aggregate`,
        unlessNull(`${other.name}_aggregate_order_by`, variables, (value, at) =>
          parseAggregate(relationship, value, variables, at)
        )
      )
    }
  }
  return parseObject(`${table.name}_order_by`, input, known, variables, path).flat()
}

const columnReaders = (
  columns: ReadonlyArray<Column>,
  variables: Variables
): ReadonlyArray<readonly [string, Read]> =>
  columns.map((column) => [
    column.name,
    (value, at) => parseDirection({ _tag: "Column", column }, value, variables, at)
  ])

const parseAggregate = (
  relationship: Relationship,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<OrderBy> => {
  const other = relationship.table()
  const known = new Map<string, Read>([
    ["count", (value, at) => parseDirection({ _tag: "Count", relationship }, value, variables, at)]
  ])
  for (const { name, accepts } of aggregateFunctions) {
    const columns = other.columns.filter((column) => accepts(column.type))
    if (columns.length === 0) continue
    known.set(name, (value, at) =>
      parseObject(
        `${other.name}_${name}_order_by`,
        value,
        new Map(columnReaders(columns, variables)),
        variables,
        at
      )
        .flat()
        .flatMap(({ direction, target }) =>
          target._tag === "Column"
            ? [
                {
                  direction,
                  target: { _tag: "Aggregate", relationship, function: name, column: target.column }
                }
              ]
            : []
        )
    )
  }
  return parseObject(`${other.name}_aggregate_order_by`, input, known, variables, path).flat()
}

const parseDirection = (
  target: OrderTarget,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<OrderBy> => {
  const value = variables.peel(input, "order_by", path)
  if (isNull(value)) return []
  return [{ target, direction: EnumValue.parse(value, "order_by", directions, path) }]
}
