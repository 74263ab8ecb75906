/**
 * Queries. A query is an immutable description of one root field of the API, with a filter and a
 * selection.
 *
 * Creating a query never fails and sends nothing. `QueryBuilder` checks a query and turns it into
 * an operation.
 */

import type * as BigDecimal from "effect/BigDecimal"
import { dual } from "effect/Function"
import { type Pipeable, pipeArguments } from "effect/Pipeable"
import type * as Types from "effect/Types"
import type * as Column from "./Column.js"
import { aggregateField } from "./internal/query/roots/aggregate.js"
import { byPkField } from "./internal/query/roots/byPk.js"
import { rowsField } from "./internal/query/roots/rows.js"
import type { QuerySpec } from "./internal/query/spec.js"
import { plainStep } from "./internal/rows/plainValue.js"
import { schemaStep } from "./internal/rows/throughSchema.js"
import type {
  DecodedAnswer,
  DecodedRow,
  NotInRow,
  ValueSchemas
} from "./internal/rows/valueSchemas.js"
import { QueryTypeId as TypeId } from "./internal/typeIds.js"
import type { JsonValue } from "./JsonValue.js"
import type { Plain } from "./Plain.js"
import type * as Relationship from "./Relationship.js"
import type * as Table from "./Table.js"

/** The type of a column's values in rows. */
type Decoded<C extends Column.Any> = C extends Column.Column<infer D, never> ? D : never

/** Whether a column holds numbers, which can be summed and averaged. */
type IsNumber<C extends Column.Any> =
  NonNullable<Decoded<C>> extends number | bigint | BigDecimal.BigDecimal ? true : false

/** The type that `where` accepts for a column. */
type FilterOf<C extends Column.Any> = C extends Column.Column<unknown, infer F> ? F : never

/** The names of the relationships of `Columns`. */
type RelationshipName<Columns> = {
  [Name in keyof Columns]: Columns[Name] extends Relationship.Relationship<unknown, boolean>
    ? Name
    : never
}[keyof Columns] &
  string

/**
 * A query on one table. `Row` is one row of its result. `Answer` is the whole result: a list of
 * rows, except for `byPk` (one row or null) and `aggregate` (the aggregates).
 */
export interface Query<out Row, Columns = unknown, out Answer = ReadonlyArray<Row>>
  extends QuerySpec,
    Pipeable {
  readonly [TypeId]: {
    readonly _Row: Types.Covariant<Row>
    readonly _Answer: Types.Covariant<Answer>
  }
  readonly table: Table.Table<string, Columns>
}

/** The result of a query. */
export type Answer<Q> = Q extends Query<unknown, unknown, infer A> ? A : never

/**
 * A filter over the columns of a table. All conditions of the filter must hold: the condition of
 * each key, and each operator of a column.
 *
 * A column accepts one of these forms:
 *
 * - a value, which the column must equal
 * - a list of values, of which the column must equal one
 * - a `TimeRange`, which must contain the column's time
 * - an object of operators
 *
 * A relationship accepts a filter on its table. The related row must match the filter. If the
 * relationship leads to many rows, at least one of them must match.
 */
export type Where<Columns> = {
  readonly [Name in keyof Columns]?: Columns[Name] extends Column.Any
    ? FilterOf<Columns[Name]>
    : Columns[Name] extends Relationship.Relationship<infer Target, boolean>
      ? Where<Target>
      : never
} & {
  /** All of these filters must hold. An empty list matches every row. */
  readonly _and?: ReadonlyArray<Where<Columns>>
  /** At least one of these filters must hold. */
  readonly _or?: readonly [Where<Columns>, ...ReadonlyArray<Where<Columns>>]
  readonly _not?: Where<Columns>
}

/** The direction of an order. `asc` puts nulls last, and `desc` puts nulls first. */
type Direction =
  | "asc"
  | "asc_nulls_first"
  | "asc_nulls_last"
  | "desc"
  | "desc_nulls_first"
  | "desc_nulls_last"

/**
 * One column with its direction. The column belongs to this table, or to a table behind a
 * relationship to one row. To sort by several columns, pass a list of these objects, because a
 * server does not keep the order of an object's keys
 * (https://github.com/hasura/graphql-engine/issues/10084).
 */
export type OrderBy<Columns> = {
  readonly [Name in keyof Columns]: OneKey<Columns, Name>
}[keyof Columns]

type OneKey<Columns, Name extends keyof Columns> = {
  readonly [K in Name]: OrderOf<Columns[K]>
} & {
  readonly [Other in Exclude<keyof Columns, Name>]?: never
}

/**
 * The direction of a column, or the order of the table behind a relationship. This type has its own
 * name, because the compiler evaluates a named type only when the type is used. An earlier
 * evaluation would not end, because the relationships of tables can form a cycle.
 */
type OrderOf<C> = C extends Column.Any
  ? Direction
  : C extends Relationship.ToOne<infer Target>
    ? OrderBy<Target>
    : never

/** What to select: a list with at least one entry. */
export type Selection<Columns> = readonly [Selected<Columns>, ...ReadonlyArray<Selected<Columns>>]

/** A column by its name, a column under another name, or rows of a related table. */
type Selected<Columns> =
  | Table.ColumnName<Columns>
  | SelectedColumn<Columns>
  | SelectedRelationship<Columns>

/** A column under another name, or a part of a `jsonb` column. */
interface SelectedColumn<Columns> {
  readonly column: Table.ColumnName<Columns>
  /** The name of the value in the row. */
  readonly as: string
  /** A path into `jsonb`, such as `$.a[0]`. The value is null if there is nothing at the path. */
  readonly path?: string
}

/**
 * The rows of a related table. For a relationship to many rows, the selected value is a list of
 * rows. For a relationship to one row, it is this row or null.
 */
type SelectedRelationship<Columns> = {
  readonly [Name in RelationshipName<Columns>]: Columns[Name] extends Relationship.Relationship<
    infer Target,
    boolean
  >
    ? RelatedRows<Name, Target>
    : never
}[RelationshipName<Columns>]

/**
 * Rows of the table behind a relationship. This is an interface, because the compiler evaluates the
 * fields of an interface only when they are used. An earlier evaluation would not end, because the
 * relationships of tables can form a cycle.
 */
interface RelatedRows<Name extends string, Target> extends RowFilter<Target> {
  readonly relationship: Name
  /** The name of the related rows in the row. Default: the relationship's name. */
  readonly as?: string
  readonly select: Selection<Target>
}

/** A row with the selected values. */
export type Row<Columns, Entry> = {
  readonly [E in Entry as NameOf<E>]: ValueOf<Columns, E>
}

type NameOf<Entry> = Entry extends string
  ? Entry
  : Entry extends { readonly as: infer Name extends string }
    ? Name
    : Entry extends { readonly relationship: infer Name extends string }
      ? Name
      : never

type ValueOf<Columns, Entry> = Entry extends string
  ? Cell<Columns, Entry>
  : Entry extends { readonly path: string }
    ? JsonValue
    : Entry extends { readonly column: infer Name }
      ? Cell<Columns, Name>
      : Entry extends { readonly relationship: infer Name; readonly select: infer Select }
        ? Name extends keyof Columns
          ? Related<Columns[Name], Select>
          : never
        : never

type Cell<Columns, Name> = Name extends keyof Columns
  ? Columns[Name] extends Column.Any
    ? Decoded<Columns[Name]>
    : never
  : never

type Related<R, Select> =
  R extends Relationship.Relationship<infer Target, infer Many>
    ? Select extends ReadonlyArray<infer Entry>
      ? Many extends true
        ? ReadonlyArray<Row<Target, Entry>>
        : Row<Target, Entry> | null
      : never
    : never

/** Which rows to return, and in which order. */
interface RowFilter<Columns> {
  readonly where?: Where<Columns>
  readonly orderBy?: OrderBy<Columns> | ReadonlyArray<OrderBy<Columns>>
  /** Maximum number of rows. If a server has a lower limit, it leaves out rows without an error. */
  readonly limit?: number
  readonly offset?: number
  /**
   * Returns only the first row for each combination of values in these columns. The columns must be
   * the first columns of `orderBy`.
   */
  readonly distinctOn?: ReadonlyArray<Table.ColumnName<Columns>>
  /**
   * Dimensions of the table (`Table.dimensions`) that the filter may leave open. The filter must
   * restrict every other dimension to a value or a list of values. Otherwise the query fails with a
   * `QueryError` (`OpenDimension`), because its rows would mix metrics, groups or granularities. A
   * query with a `limit` of 1 may leave all dimensions open.
   */
  readonly allowOpen?: ReadonlyArray<Table.ColumnName<Columns>>
}

/** Options of `from`. */
export interface Options<Columns, Select extends Selection<Columns>> extends RowFilter<Columns> {
  readonly select: Select
  /** Name of the operation, for logs and traces. Default: the table's name. */
  readonly operationName?: string
}

/**
 * Creates a query on a table, with the columns to select and the rows to return.
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
 *     feature_name: "weekly_frequency_dist",
 *     granularity: "P1W",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
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
    root: rowsField,
    table,
    alias: undefined,
    operationName: options.operationName ?? table.name,
    isRaw: false,
    decoders: [],
    ...rowFields(options)
  })

/** The primary key of one row: a value for each column of the key. */
type Key<Columns> = {
  readonly [Name in Table.ColumnName<Columns>]?: Columns[Name] extends Column.Any
    ? Equal<FilterOf<Columns[Name]>>
    : never
}

/** The type of one value in the list of values that a filter accepts. */
type Equal<Filter> = Filter extends ReadonlyArray<infer Value> ? Value : never

/**
 * Creates a query for one row by its primary key. Its result is null if no such row exists or the
 * token may not read it.
 *
 * @example
 * ```ts
 * import { Column, Query, Scalar, Table } from "@innerspace-metrics/core"
 *
 * const zones = Table.make("zones", {
 *   zone_id: Column.observed(Scalar.Int, "the live schema"),
 *   name: Column.observed(Scalar.String, "the live schema")
 * })
 * const lobby = Query.byPk(zones, { zone_id: 12 }, { select: ["name"] })
 * ```
 */
export const byPk = <Columns, const Select extends Selection<Columns>>(
  table: Table.Table<string, Columns>,
  key: Key<Columns>,
  options: Pick<Options<Columns, Select>, "select" | "operationName">
): Query<Row<Columns, Select[number]>, Columns, Row<Columns, Select[number]> | null> =>
  make({
    root: byPkField(key),
    table,
    alias: undefined,
    operationName: options.operationName ?? table.name,
    isRaw: false,
    decoders: [],
    ...rowFields(options)
  })

/** Which aggregates to compute, and of which columns. */
export interface AggregateSelection<Columns> {
  /**
   * `true` counts the rows. A list of columns counts the rows that have a value in these columns.
   */
  readonly count?: true | ReadonlyArray<Table.ColumnName<Columns>>
  /** The number of different combinations of values of the columns. */
  readonly countDistinct?: ReadonlyArray<Table.ColumnName<Columns>>
  readonly sum?: ReadonlyArray<NumberColumn<Columns>>
  readonly avg?: ReadonlyArray<NumberColumn<Columns>>
  readonly stddev?: ReadonlyArray<NumberColumn<Columns>>
  readonly stddev_pop?: ReadonlyArray<NumberColumn<Columns>>
  readonly stddev_samp?: ReadonlyArray<NumberColumn<Columns>>
  readonly variance?: ReadonlyArray<NumberColumn<Columns>>
  readonly var_pop?: ReadonlyArray<NumberColumn<Columns>>
  readonly var_samp?: ReadonlyArray<NumberColumn<Columns>>
  readonly min?: ReadonlyArray<Table.ColumnName<Columns>>
  readonly max?: ReadonlyArray<Table.ColumnName<Columns>>
}

/** The columns that hold numbers. */
type NumberColumn<Columns> = {
  [Name in keyof Columns]: Columns[Name] extends Column.Any
    ? IsNumber<Columns[Name]> extends true
      ? Name
      : never
    : never
}[keyof Columns] &
  string

/**
 * The selected aggregates. If there are no values to aggregate, counts are 0 and other aggregates
 * are null.
 */
type Aggregates<Columns, Select> = {
  readonly [Fn in keyof Select]: Fn extends "count" | "countDistinct"
    ? number
    : Select[Fn] extends ReadonlyArray<infer Name extends string>
      ? {
          readonly [K in Name]: Fn extends "sum" | "min" | "max"
            ? NonNullable<Cell<Columns, K>> | null
            : number | null
        }
      : never
}

/** Options of `aggregate`. */
interface AggregateOptions<Columns, Select extends AggregateSelection<Columns>>
  extends RowFilter<Columns> {
  readonly select: Select
  readonly operationName?: string
}

/**
 * Creates a query for aggregates over the rows of a table. A `limit` limits the rows that are
 * aggregated. If the token's role may not aggregate the table, the server reports that the field
 * does not exist.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const busiest = Query.aggregate(building_metrics, {
 *   select: { count: true, max: ["metric_value", "date_time_start"] },
 *   where: {
 *     building_id: 71,
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * })
 * ```
 */
export const aggregate = <Columns, const Select extends AggregateSelection<Columns>>(
  table: Table.Table<string, Columns>,
  options: AggregateOptions<Columns, Select>
): Query<Aggregates<Columns, Select>, Columns, Aggregates<Columns, Select>> =>
  make({
    root: aggregateField,
    table,
    alias: undefined,
    operationName: options.operationName ?? table.name,
    isRaw: false,
    decoders: [],
    ...rowFields({ ...options, select: [options.select] })
  })

/** A row whose cells are undecoded JSON. */
type RawRow<R> = { readonly [Name in keyof R]: JsonValue }

/**
 * Returns the query with undecoded rows, for code that passes the JSON on or decodes it itself. The
 * client only checks that the result consists of rows. The client does not copy the rows, except in
 * a stream.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const raw = Query.raw(Query.from(building_metrics, {
 *   select: ["date_time_start", "metric_value"],
 *   where: {
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * }))
 * ```
 */
export const raw = <R, Columns>(query: Query<R, Columns>): Query<RawRow<R>, Columns> =>
  make({ ...query, isRaw: true })

/**
 * Returns the query with Schemas that decode values of its rows. The key of a Schema is the name of
 * its value in the row.
 *
 * A Schema decodes the value that the row has without the Schema: `JsonValue` for `jsonb` and for
 * an entry with a `path`, `BigDecimal` for `numeric`, an object or a list of objects for a
 * relationship. Null stays null and is not passed to the Schema. JSON is an exception: null is an
 * ordinary value there, so a Schema for JSON must accept null (`Schema.NullOr`). If a value does
 * not match, the call fails with a `DecodeError` (`SchemaMismatch`) that names the table, the row,
 * the column and the place within the value.
 *
 * In code that the compiler did not check, the query can fail with a `QueryError`:
 *
 * - `UnknownColumn`: the row has no value of this name
 * - `InvalidValue`: the value is not a Schema, or the query is a `raw` query
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_features } from "@innerspace-metrics/core/v1"
 * import * as Schema from "effect/Schema"
 *
 * // Assumed: the shape of this feature is not documented.
 * const Frequencies = Schema.Record({ key: Schema.String, value: Schema.Number })
 *
 * const weekly = Query.decode(
 *   Query.from(building_features, {
 *     select: ["feature_value", "date_time_start"],
 *     where: {
 *       building_id: 71,
 *       feature_name: "weekly_frequency_dist",
 *       granularity: "P1W",
 *       group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *     }
 *   }),
 *   { feature_value: Frequencies }
 * )
 * ```
 */
export const decode = <R, Columns, A, const Schemas extends ValueSchemas<R>>(
  query: Query<R, Columns, A>,
  schemas: Schemas & { readonly [Name in Exclude<keyof Schemas, keyof R>]: NotInRow<Name> }
): Query<DecodedRow<R, Schemas>, Columns, DecodedAnswer<A, DecodedRow<R, Schemas>>> =>
  make({
    ...query,
    decoders: [
      ...query.decoders,
      ...Object.entries(schemas).map(([name, schema]) => schemaStep(name, schema))
    ]
  })

/**
 * Returns the query with plain values in its rows, for code that writes rows as JSON or does not
 * use Effect: a `timestamptz` is a `Date`, and a `bigint` or `numeric` is a number or its decimal
 * text (`PlainNumber`). This also applies to related rows, aggregates and arrays, and to the
 * results of your own Schemas and scalars. JSON and all other values stay as they are.
 *
 * The promise clients apply `plain` to every query. Rows of a `raw` query stay as they are.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * // Rows of { date_time_start: Date, metric_value: number | null }
 * const hours = Query.plain(Query.from(building_metrics, {
 *   select: ["date_time_start", "metric_value"],
 *   where: {
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * }))
 * ```
 */
export const plain = <R, Columns, A>(
  query: Query<R, Columns, A>
): Query<Plain<R>, Columns, Plain<A>> =>
  make({ ...query, decoders: [...query.decoders, plainStep] })

/**
 * Returns the query with an additional filter. Rows must match all filters of the query.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const all = Query.from(building_metrics, {
 *   select: ["metric_value"],
 *   where: {
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * })
 * const hourly = Query.and(all, { granularity: "PT1H", building_id: [71, 72] })
 * ```
 */
export const and = <R, Columns, A>(
  query: Query<R, Columns, A>,
  where: Where<Columns>
): Query<R, Columns, A> => make({ ...query, where: [...query.where, where] })

/**
 * Returns the query with a limit of `count` rows.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const sample = Query.from(building_metrics, {
 *   select: ["metric_value"],
 *   where: {
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * }).pipe(Query.limit(10))
 * ```
 */
export const limit: {
  (count: number): <R, Columns, A>(query: Query<R, Columns, A>) => Query<R, Columns, A>
  <R, Columns, A>(query: Query<R, Columns, A>, count: number): Query<R, Columns, A>
} = dual(
  2,
  <R, Columns, A>(query: Query<R, Columns, A>, count: number): Query<R, Columns, A> =>
    make({ ...query, limit: count })
)

/**
 * Returns the query with an alias for its root field. The alias does not change the result.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_features } from "@innerspace-metrics/core/v1"
 *
 * const aliased = Query.from(building_features, {
 *   select: ["feature_value"],
 *   where: {
 *     feature_name: "weekly_frequency_dist",
 *     granularity: "P1W",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * }).pipe(Query.as("data"))
 * ```
 */
export const as: {
  (alias: string): <R, Columns, A>(query: Query<R, Columns, A>) => Query<R, Columns, A>
  <R, Columns, A>(query: Query<R, Columns, A>, alias: string): Query<R, Columns, A>
} = dual(
  2,
  <R, Columns, A>(query: Query<R, Columns, A>, alias: string): Query<R, Columns, A> =>
    make({ ...query, alias })
)

type Fields<Columns> = Omit<Query<unknown, Columns, unknown>, typeof TypeId | "pipe">

const make = <R, Columns, A>(fields: Fields<Columns>): Query<R, Columns, A> => ({
  [TypeId]: variance,
  pipe,
  // The spread comes last, because on Node 20 each property after a spread costs a microsecond or
  // two.
  ...fields
})

const variance = { _Row: (_: never) => _, _Answer: (_: never) => _ }

function pipe(this: unknown) {
  // biome-ignore lint/complexity/noArguments: pipeArguments takes the arguments object
  return pipeArguments(this, arguments)
}

interface Written {
  readonly select: ReadonlyArray<unknown>
  readonly where?: unknown
  readonly orderBy?: unknown
  readonly distinctOn?: ReadonlyArray<unknown>
  readonly limit?: number
  readonly offset?: number
  readonly allowOpen?: ReadonlyArray<unknown>
}

const rowFields = (options: Written) => ({
  written: options,
  select: options.select,
  besides: [],
  where: options.where === undefined ? [] : [options.where],
  orderBy: options.orderBy === undefined ? [] : [options.orderBy].flat(),
  distinctOn: options.distinctOn ?? [],
  limit: options.limit,
  offset: options.offset,
  allowOpen: options.allowOpen ?? []
})
