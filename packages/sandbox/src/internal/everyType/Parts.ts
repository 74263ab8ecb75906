import type { Column } from "../graphql/Table.js"
import * as ColumnType from "../graphql/values/ColumnType.js"

/**
 * Rows that are related to some rows of `every_type`. They are for tests of aggregates, of filters
 * by aggregates, and of orders by aggregates.
 */
export const relation = { schema: "innerspace_sandbox_types", name: "every_type_part" }

export const columns: ReadonlyArray<Column> = [
  { name: "id", type: ColumnType.Int, nullable: false },
  { name: "whole_id", type: ColumnType.Int, nullable: false },
  { name: "rank", type: ColumnType.smallint, nullable: true },
  { name: "flag", type: ColumnType.Boolean, nullable: true },
  { name: "weight", type: ColumnType.float8, nullable: true }
]

/**
 * Two rows belong to row 1 of `every_type`, three rows to row 2, and one row to row 3. One of the
 * rows that belong to row 2 has only nulls.
 */
export const rows: ReadonlyArray<Readonly<Record<string, number | boolean | null>>> = [
  { id: 1, whole_id: 1, rank: 1, flag: true, weight: 1.5 },
  { id: 2, whole_id: 1, rank: 1, flag: false, weight: 2.5 },
  { id: 3, whole_id: 2, rank: 2, flag: true, weight: 10 },
  { id: 4, whole_id: 2, rank: 3, flag: true, weight: 20 },
  { id: 5, whole_id: 2, rank: null, flag: null, weight: null },
  { id: 6, whole_id: 3, rank: 9, flag: false, weight: -1 }
]
