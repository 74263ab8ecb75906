/**
 * Relationships: from a row of one table to the rows of another table that belong to it.
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
  /** A function, because tables refer to each other. */
  readonly table: () => Table.Any
}

/** To one row: a foreign key of this table. */
export type ToOne<Target> = Relationship<Target, false>

/** To many rows: a foreign key of the other table. */
export type ToMany<Target> = Relationship<Target, true>

/**
 * A relationship to one row. It is null if the foreign key is null or if the token may not read the
 * row.
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
 * A relationship to any number of rows.
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
