import { make } from "../graphql/HasuraError.js"
import type { Column } from "../graphql/Table.js"
import type { ValueOperator } from "../graphql/values/ColumnType.js"
import type { BooleanExpression, Comparison } from "../graphql/where/BooleanExpression.js"
import { partitionOf, siteOf, timeOf } from "./keys.js"
import { notSupported } from "./notSupported.js"

/**
 * Whether a row matches. The row's quarter hour or its zone may not be known yet. `undefined` means
 * that the result depends on the unknown value. `false` means that no row with the known value
 * matches.
 */
export type Predicate = (
  quarter: number | undefined,
  zone: number | undefined
) => boolean | undefined

type Value = number | string

type Read = (quarter: number | undefined, zone: number | undefined) => Value | undefined

/**
 * The predicate of a filter. Throws a `HasuraError` for a column that is not a key, and for text
 * operators.
 */
export const rowPredicate = (where: BooleanExpression, groupId: string): Predicate => {
  switch (where._tag) {
    case "And":
      return connect(where.all, groupId, false)
    case "Or":
      return connect(where.any, groupId, true)
    case "Not": {
      const inner = rowPredicate(where.expression, groupId)
      return (quarter, zone) => {
        const result = inner(quarter, zone)
        return result === undefined ? undefined : !result
      }
    }
    case "Comparison":
      return compare(where.column, where.comparison, readerOf(where.column, groupId))
    case "Exists":
    case "Aggregate":
      throw notSupported(`a filter by ${where.relationship.name}`)
  }
}

/**
 * Connects the conditions of an "and" or an "or" by three-valued logic. A condition with the
 * decisive value (false for "and", true for "or") decides the result. Otherwise the result is
 * unknown if one condition is unknown.
 */
const connect = (
  parts: ReadonlyArray<BooleanExpression>,
  groupId: string,
  decisive: boolean
): Predicate => {
  const predicates = parts.map((part) => rowPredicate(part, groupId))
  return (quarter, zone) => {
    let open = false
    for (const predicate of predicates) {
      const result = predicate(quarter, zone)
      if (result === decisive) return decisive
      if (result === undefined) open = true
    }
    return open ? undefined : !decisive
  }
}

const readerOf = (column: Column, groupId: string): Read => {
  switch (column.name) {
    case "BUILDING_ID":
      return () => 900
    case "GRANULARITY":
      return () => "PT15M"
    case "GROUP_ID":
      return () => groupId
    case "DATE_PARTITION":
      return (quarter) => (quarter === undefined ? undefined : partitionOf(quarter))
    case "DATE_TIME_START":
      return (quarter) => (quarter === undefined ? undefined : timeOf(quarter))
    case "ZONE_ID":
      return (_quarter, zone) => zone
    case "SITE_ID":
      return (_quarter, zone) => (zone === undefined ? undefined : siteOf(zone))
    default:
      throw notSupported(`a filter by ${column.name}`)
  }
}

const compare = (column: Column, comparison: Comparison, read: Read): Predicate => {
  switch (comparison._tag) {
    case "IsNull":
      return () => !comparison.isNull
    case "Value": {
      const holds = operators[comparison.operator]
      const right = parse(column, comparison.value)
      return (quarter, zone) => {
        const left = read(quarter, zone)
        return left === undefined ? undefined : holds(left, right)
      }
    }
    case "Values": {
      const values = new Set(comparison.values.map((value) => parse(column, value)))
      const wanted = comparison.operator === "_in"
      return (quarter, zone) => {
        const left = read(quarter, zone)
        return left === undefined ? undefined : values.has(left) === wanted
      }
    }
    default:
      throw notSupported(`a pattern for ${column.name}`)
  }
}

const operators: Readonly<Record<ValueOperator, (left: Value, right: Value) => boolean>> = {
  _eq: (left, right) => left === right,
  _neq: (left, right) => left !== right,
  _gt: (left, right) => left > right,
  _gte: (left, right) => left >= right,
  _lt: (left, right) => left < right,
  _lte: (left, right) => left <= right
}

const parse = ({ type }: Column, text: string): Value => {
  if (type.kind === "text") return text
  const value = type.kind === "textual" ? Date.parse(text) : Number(text)
  if (text.trim() !== "" && Number.isFinite(value)) return value
  const name = type.kind === "textual" ? "timestamp with time zone" : type.sql
  throw make("data-exception", `invalid input syntax for type ${name}: "${text}"`)
}
