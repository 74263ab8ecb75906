/**
 * Queries: immutable descriptions of one selection from one table.
 *
 * Making one never fails and sends nothing; `QueryBuilder` checks it and turns it into an operation.
 */
import { dual } from "effect/Function"
import { type Pipeable, pipeArguments } from "effect/Pipeable"
import type * as Types from "effect/Types"
import type * as Column from "./Column.js"
import type * as Table from "./Table.js"

/**
 * Marks a `Query`.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 *
 * const isQuery = (value: object): value is Query.Query<unknown> => Query.TypeId in value
 * ```
 */
export const TypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Query")

/** Marks a `Query`. */
export type TypeId = typeof TypeId

/**
 * A selection from a table that answers a list of `Row`.
 */
export interface Query<out Row, Columns = unknown> extends Pipeable {
  readonly [TypeId]: { readonly _Row: Types.Covariant<Row> }
  readonly table: Table.Table<string, Columns>
  readonly select: ReadonlyArray<string>
  /** The filters, all of which must hold, as they were written. */
  readonly where: ReadonlyArray<Condition>
  readonly orderBy: ReadonlyArray<{ readonly [column: string]: Direction }>
  readonly limit: number | undefined
  readonly offset: number | undefined
  readonly alias: string | undefined
  readonly operationName: string
}

/** A filter whose columns are no longer known to the compiler. */
export interface Condition {
  readonly [key: string]: unknown
}

/**
 * A filter over the columns of a table. Several keys, and several operators of one column, must all hold.
 *
 * A column takes a value (equal to it), a list (any of its values), a `TimeRange` (within it), or an object of operators.
 */
export type Where<Columns> = {
  readonly [Name in Table.ColumnName<Columns>]?: Columns[Name] extends Column.Any
    ? Column.Filter<Columns[Name]>
    : never
} & {
  /** All hold. An empty list holds always. */
  readonly _and?: ReadonlyArray<Where<Columns>>
  /** At least one holds. */
  readonly _or?: readonly [Where<Columns>, ...ReadonlyArray<Where<Columns>>]
  readonly _not?: Where<Columns>
}

/** A row with the selected columns. */
export type Row<Columns, Name extends Table.ColumnName<Columns>> = {
  readonly [K in Name]: Columns[K] extends Column.Any ? Column.Decoded<Columns[K]> : never
}

/** `asc` puts nulls last and `desc` puts them first, unless said otherwise. */
export type Direction =
  | "asc"
  | "asc_nulls_first"
  | "asc_nulls_last"
  | "desc"
  | "desc_nulls_first"
  | "desc_nulls_last"

/**
 * One column and its direction. One only: a server does not keep the order of an object's keys, so several columns are a
 * list of these (https://github.com/hasura/graphql-engine/issues/10084).
 */
export type OrderBy<Columns> = {
  readonly [Name in Table.ColumnName<Columns>]: { readonly [K in Name]: Direction } & {
    readonly [Other in Exclude<Table.ColumnName<Columns>, Name>]?: never
  }
}[Table.ColumnName<Columns>]

/** At least one column name. */
export type Selection<Columns> = readonly [
  Table.ColumnName<Columns>,
  ...ReadonlyArray<Table.ColumnName<Columns>>
]

/** What a query is made of. */
export interface Options<Columns, Select extends Selection<Columns>> {
  readonly select: Select
  readonly where?: Where<Columns>
  readonly orderBy?: OrderBy<Columns> | ReadonlyArray<OrderBy<Columns>>
  /** At most this many rows; a server may have a lower limit of its own and does not say when it cuts. */
  readonly limit?: number
  readonly offset?: number
  /** Name of the operation, for logs and traces. Default: the table's name. */
  readonly operationName?: string
}

/**
 * A query over a table: which columns, of which rows.
 *
 * @example
 * ```ts
 * import { Query, TimeRange } from "@innerspace-metrics/core"
 * import { building_features } from "@innerspace-metrics/core/v1"
 *
 * const weekly = Query.from(building_features, {
 *   select: ["feature_value", "date_time_start"],
 *   where: {
 *     building_id: 71,
 *     granularity: "P1W",
 *     date_time_start: TimeRange.week("2024-W01", "America/Chicago")
 *   }
 * })
 * ```
 */
export const from = <Columns, const Select extends Selection<Columns>>(
  table: Table.Table<string, Columns>,
  options: Options<Columns, Select>
): Query<Row<Columns, Select[number]>, Columns> =>
  make({
    table,
    select: options.select,
    where: options.where === undefined ? [] : [options.where],
    orderBy:
      options.orderBy === undefined
        ? []
        : isList<OrderBy<Columns>>(options.orderBy)
          ? options.orderBy
          : [options.orderBy],
    limit: options.limit,
    offset: options.offset,
    alias: undefined,
    operationName: options.operationName ?? table.name
  })

/**
 * The query with one more filter, which must hold as well.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const all = Query.from(building_metrics, { select: ["metric_value"] })
 * const hourly = Query.and(all, { granularity: "PT1H", building_id: [71, 72] })
 * ```
 */
export const and = <Row, Columns>(
  query: Query<Row, Columns>,
  where: Where<Columns>
): Query<Row, Columns> => make({ ...query, where: [...query.where, where] })

/**
 * The query with at most `count` rows.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const sample = Query.from(building_metrics, { select: ["metric_value"] }).pipe(Query.limit(10))
 * ```
 */
export const limit: {
  (count: number): <Row, Columns>(query: Query<Row, Columns>) => Query<Row, Columns>
  <Row, Columns>(query: Query<Row, Columns>, count: number): Query<Row, Columns>
} = dual(
  2,
  <Row, Columns>(query: Query<Row, Columns>, count: number): Query<Row, Columns> =>
    make({ ...query, limit: count })
)

/**
 * The query with its root field under another name in the answer. Rows come back the same.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_features } from "@innerspace-metrics/core/v1"
 *
 * const aliased = Query.from(building_features, { select: ["feature_value"] }).pipe(Query.as("data"))
 * ```
 */
export const as: {
  (alias: string): <Row, Columns>(query: Query<Row, Columns>) => Query<Row, Columns>
  <Row, Columns>(query: Query<Row, Columns>, alias: string): Query<Row, Columns>
} = dual(
  2,
  <Row, Columns>(query: Query<Row, Columns>, alias: string): Query<Row, Columns> =>
    make({ ...query, alias })
)

const make = <Row, Columns>(fields: Fields<Columns>): Query<Row, Columns> => ({
  ...fields,
  [TypeId]: { _Row: (_: never) => _ },
  pipe() {
    // biome-ignore lint/complexity/noArguments: pipeArguments takes the arguments object
    return pipeArguments(this, arguments)
  }
})

type Fields<Columns> = Omit<Query<unknown, Columns>, typeof TypeId | "pipe">

const isList = <A>(value: A | ReadonlyArray<A>): value is ReadonlyArray<A> => Array.isArray(value)
