/**
 * A1: the operators that most types have, compared with an evaluation of the same rows in memory.
 */
import type * as Query from "@innerspace-metrics/core/Query"
import type * as EffectOrder from "effect/Order"
import type { Filtered } from "../rule.js"

export type Over<Row, Columns> = (
  rule: string,
  where: (rows: ReadonlyArray<Row>) => Query.Where<Columns>,
  keeps: (row: Row, rows: ReadonlyArray<Row>) => boolean,
  share?: Filtered["share"]
) => Filtered

/** The operators that all ordered types have. */
interface Comparison<Value> {
  readonly _eq?: Value
  readonly _neq?: Value
  readonly _gt?: Value
  readonly _gte?: Value
  readonly _lt?: Value
  readonly _lte?: Value
  readonly _in?: ReadonlyArray<Value>
  readonly _nin?: ReadonlyArray<Value>
  readonly _is_null?: boolean
}

interface OfType<Row, Columns, Value> {
  readonly cell: (row: Row) => Value | null
  readonly filter: (comparison: Comparison<Value>) => Query.Where<Columns>
  readonly order: EffectOrder.Order<Value>
  readonly hasNulls: boolean
  /** The operators that match no row if the type has only the values of these rows. */
  readonly none?: ReadonlyArray<string>
}

const at = <Value>(values: ReadonlyArray<Value>, share: number): Value => {
  const value = values[Math.floor(values.length * share)]
  if (value === undefined) throw new Error("no value to compare with")
  return value
}

/** The values that occur in the rows, sorted by `order`. */
const valuesOf = <Row, Columns, Value>(
  { cell, order }: OfType<Row, Columns, Value>,
  rows: ReadonlyArray<Row>
): ReadonlyArray<Value> =>
  rows
    .map(cell)
    .filter((value): value is Value & {} => value !== null)
    .toSorted(order)

const comparer =
  <Row, Columns, Value>(type: string, rule: Over<Row, Columns>, of: OfType<Row, Columns, Value>) =>
  (
    operator: "_eq" | "_neq" | "_gt" | "_gte" | "_lt" | "_lte",
    holds: (sign: number) => boolean
  ): Filtered => {
    const middle = (rows: ReadonlyArray<Row>): Value => at(valuesOf(of, rows), 0.5)
    return rule(
      `A1 ${type} ${operator}`,
      (rows) => of.filter({ [operator]: middle(rows) }),
      (row, rows) => {
        const value = of.cell(row)
        return value !== null && holds(of.order(value, middle(rows)))
      },
      of.none?.includes(operator) ? "none" : "some"
    )
  }

/** The five operators of every type. A null cell matches only `_is_null`. */
export const equality = <Row, Columns, Value>(
  type: string,
  rule: Over<Row, Columns>,
  of: OfType<Row, Columns, Value>
): ReadonlyArray<Filtered> => {
  const { cell, filter, hasNulls, order } = of
  const compared = comparer(type, rule, of)
  const some = (rows: ReadonlyArray<Row>) => {
    const values = valuesOf(of, rows)
    return [at(values, 0.3), at(values, 0.5)]
  }
  const isOneOf = (value: Value, list: ReadonlyArray<Value>) =>
    list.some((element) => order(value, element) === 0)
  return [
    compared("_eq", (sign) => sign === 0),
    compared("_neq", (sign) => sign !== 0),
    rule(
      `A1 ${type} _in`,
      (rows) => filter({ _in: some(rows) }),
      (row, rows) => {
        const value = cell(row)
        return value !== null && isOneOf(value, some(rows))
      }
    ),
    rule(
      `A1 ${type} _nin`,
      (rows) => filter({ _nin: some(rows) }),
      (row, rows) => {
        const value = cell(row)
        return value !== null && !isOneOf(value, some(rows))
      },
      of.none?.includes("_nin") ? "none" : "some"
    ),
    rule(
      `A1 ${type} _is_null: false`,
      () => filter({ _is_null: false }),
      (row) => cell(row) !== null,
      hasNulls ? "some" : "all"
    ),
    rule(
      `A1 ${type} _is_null: true`,
      () => filter({ _is_null: true }),
      (row) => cell(row) === null,
      hasNulls ? "some" : "none"
    )
  ]
}

/** The nine operators of a type with an order. */
export const ordered = <Row, Columns, Value>(
  type: string,
  rule: Over<Row, Columns>,
  of: OfType<Row, Columns, Value>
): ReadonlyArray<Filtered> => {
  const compared = comparer(type, rule, of)
  return [
    ...equality(type, rule, of),
    compared("_gt", (sign) => sign > 0),
    compared("_gte", (sign) => sign >= 0),
    compared("_lt", (sign) => sign < 0),
    compared("_lte", (sign) => sign <= 0)
  ]
}
