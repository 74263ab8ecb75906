import * as ColumnType from "../values/ColumnType.js"

export type AggregateFunctionName =
  | "avg"
  | "max"
  | "min"
  | "stddev"
  | "stddev_pop"
  | "stddev_samp"
  | "sum"
  | "var_pop"
  | "var_samp"
  | "variance"

/**
 * A function over the values of one column. Its names in GraphQL and in PostgreSQL are the same.
 */
export interface AggregateFunction {
  readonly name: AggregateFunctionName
  readonly accepts: (type: ColumnType.ColumnType) => boolean
  readonly result: (type: ColumnType.ColumnType) => ColumnType.ColumnType
}

const same = (type: ColumnType.ColumnType): ColumnType.ColumnType => type
const floating = (): ColumnType.ColumnType => ColumnType.Float

export const aggregateFunctions: ReadonlyArray<AggregateFunction> = [
  { name: "avg", accepts: ColumnType.isNumeric, result: floating },
  { name: "max", accepts: ColumnType.isOrdered, result: same },
  { name: "min", accepts: ColumnType.isOrdered, result: same },
  { name: "stddev", accepts: ColumnType.isNumeric, result: floating },
  { name: "stddev_pop", accepts: ColumnType.isNumeric, result: floating },
  { name: "stddev_samp", accepts: ColumnType.isNumeric, result: floating },
  { name: "sum", accepts: ColumnType.isNumeric, result: same },
  { name: "var_pop", accepts: ColumnType.isNumeric, result: floating },
  { name: "var_samp", accepts: ColumnType.isNumeric, result: floating },
  { name: "variance", accepts: ColumnType.isNumeric, result: floating }
]
