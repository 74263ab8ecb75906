/**
 * Relationships. A relationship leads from a row of one table to the related rows of another table.
 */
import type * as Types from "effect/Types"
import { RelationshipTypeId as TypeId } from "./internal/typeIds.js"
import type * as Table from "./Table.js"

/**
 * A relationship to one row or to many rows of a table with the columns `Target`.
 */
export interface Relationship<out Target, out Many extends boolean> {
  readonly [TypeId]: { readonly _Target: Types.Covariant<Target> }
  readonly isMany: Many
  /** The other table. This is a function, because two tables can refer to each other. */
  readonly table: () => Table.Any
}

/** A relationship to one row, by a foreign key of this table. */
export type ToOne<Target> = Relationship<Target, false>

/** A relationship to many rows, by a foreign key of the other table. */
export type ToMany<Target> = Relationship<Target, true>

/**
 * Makes a relationship to one row. The value in a row is null if the foreign key is null or if the
 * token may not read the related row.
 *
 * @example
 * ```ts
 * import { Column, Relationship, Scalar, Table } from "@innerspace-metrics/core"
 *
 * const sites = Table.make("sites", { name: Column.observed(Scalar.String, "the live schema") })
 * const zones = Table.make("zones", {
 *   name: Column.observed(Scalar.String, "the live schema"),
 *   site: Relationship.one(() => sites)
 * })
 * ```
 */
export const one = <Target>(table: () => Table.Table<string, Target>): ToOne<Target> =>
  make(false, table)

/**
 * Makes a relationship to any number of rows.
 *
 * @example
 * ```ts
 * import { Column, Relationship, Scalar, Table } from "@innerspace-metrics/core"
 *
 * const zones = Table.make("zones", { name: Column.observed(Scalar.String, "the live schema") })
 * const sites = Table.make("sites", { zones: Relationship.many(() => zones) })
 * ```
 */
export const many = <Target>(table: () => Table.Table<string, Target>): ToMany<Target> =>
  make(true, table)

const make = <Target, Many extends boolean>(
  isMany: Many,
  table: () => Table.Table<string, Target>
): Relationship<Target, Many> => ({
  [TypeId]: { _Target: (_: never) => _ },
  isMany,
  table
})
