import type { Column, Table } from "../Table.js"
import * as ColumnType from "../values/ColumnType.js"

/**
 * An aggregate function over related rows that can be used in a filter. It has the same name in
 * GraphQL and PostgreSQL.
 */
export interface PredicateFunction {
  readonly name: string
  /** The type of the function's result in comparisons. */
  readonly result: ColumnType.ColumnType
  /**
   * "column" for one column, or "columns" for any number of columns. If the function has several
   * arguments, the names of the arguments, which take one column each.
   */
  readonly takes: "columns" | "column" | ReadonlyArray<string>
  readonly accepts: (type: ColumnType.ColumnType) => boolean
}

/**
 * Hasura has the numeric functions only for columns of type float8. There is, for example, no sum
 * of integers.
 */
const isDouble = ({ name }: ColumnType.ColumnType): boolean => name === ColumnType.float8.name
const isBoolean = ({ kind }: ColumnType.ColumnType): boolean => kind === "boolean"

const double = (name: string, takes: PredicateFunction["takes"] = "column"): PredicateFunction => ({
  name,
  result: ColumnType.float8,
  takes,
  accepts: isDouble
})

const boolean = (name: string): PredicateFunction => ({
  name,
  result: ColumnType.Boolean,
  takes: "column",
  accepts: isBoolean
})

const pair = ["Y", "X"]

const all: ReadonlyArray<PredicateFunction> = [
  double("avg"),
  boolean("bool_and"),
  boolean("bool_or"),
  { name: "count", result: ColumnType.Int, takes: "columns", accepts: () => true },
  double("max"),
  double("min"),
  double("sum"),
  double("corr", pair),
  double("covar_samp", pair),
  double("stddev_samp"),
  double("var_samp")
]

/** The functions that can be used with the columns of a table. */
export const functionsOf = (table: Table): ReadonlyArray<PredicateFunction> =>
  all.filter((candidate) => columnsOf(table, candidate).length > 0)

export const columnsOf = (table: Table, { accepts }: PredicateFunction): ReadonlyArray<Column> =>
  table.columns.filter((column) => accepts(column.type))

export const typeName = (table: Table): string => `${table.name}_aggregate_bool_exp`

export const functionType = (table: Table, { name }: PredicateFunction): string =>
  `${typeName(table)}_${name}`

/** The enum of the columns that a function accepts. */
export const columnsType = (table: Table, accepting: PredicateFunction): string =>
  accepting.takes === "columns"
    ? `${table.name}_select_column`
    : `${table.name}_select_column_${functionType(table, accepting)}_arguments_columns`

export const argumentsType = (table: Table, accepting: PredicateFunction): string =>
  `${functionType(table, accepting)}_arguments`
