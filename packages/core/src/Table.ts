/** Tables of the API. A table is a root field of the GraphQL schema, with its columns. */
import type * as Column from "./Column.js"
import { RelationshipTypeId } from "./internal/typeIds.js"
import type * as Relationship from "./Relationship.js"

const TypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Table")

type TypeId = typeof TypeId

/**
 * A table. It has the name of the root field that returns its rows. Use a named interface for
 * `Columns`, because the compiler then checks a catalogue of hundreds of tables fast.
 */
export interface Table<out Name extends string, Columns> {
  readonly [TypeId]: TypeId
  readonly name: Name
  readonly columns: Columns
  /** The columns by name, to look up a name that the compiler has not checked. */
  readonly byName: ReadonlyMap<string, Column.Any>
  readonly relationships: ReadonlyMap<string, Relationship.Relationship<unknown, boolean>>
  /**
   * Columns that a query must filter by values, such as the group of people and the granularity.
   * For one period, a table has a row for each value of such a column. With the option `allowOpen`,
   * a query can leave out the filter of a dimension.
   */
  readonly dimensions: ReadonlyArray<string>
}

/** Options of `make`. */
interface Options<Columns> {
  readonly dimensions?: ReadonlyArray<ColumnName<Columns>>
}

/** Any table. */
export type Any = Table<string, unknown>

/** The names of the columns of `Columns`. */
export type ColumnName<Columns> = {
  [Name in keyof Columns]: Columns[Name] extends Column.Any ? Name : never
}[keyof Columns] &
  string

/**
 * Defines a table that is missing or wrong in the shipped catalogues.
 *
 * @example
 * ```ts
 * import { Column, Scalar, Table } from "@innerspace-metrics/core"
 *
 * const zone_metrics = Table.make("zone_metrics", {
 *   zone_id: Column.observed(Scalar.Int, "the live schema"),
 *   metric_value: Column.nullable(Column.observed(Scalar.float8, "the live schema"))
 * })
 * ```
 */
export const make = <
  const Name extends string,
  Columns extends {
    readonly [K in keyof Columns]: Column.Any | Relationship.Relationship<unknown, boolean>
  }
>(
  name: Name,
  columns: Columns,
  options: Options<NoInfer<Columns>> = {}
): Table<Name, Columns> => {
  const byName = new Map<string, Column.Any>()
  const relationships = new Map<string, Relationship.Relationship<unknown, boolean>>()
  for (const [key, value] of Object.entries<
    Column.Any | Relationship.Relationship<unknown, boolean>
  >(columns)) {
    if (isRelationship(value)) relationships.set(key, value)
    else byName.set(key, value)
  }
  const dimensions = options.dimensions ?? []
  return { [TypeId]: TypeId, name, columns, byName, relationships, dimensions }
}

const isRelationship = (
  value: Column.Any | Relationship.Relationship<unknown, boolean>
): value is Relationship.Relationship<unknown, boolean> => RelationshipTypeId in value
