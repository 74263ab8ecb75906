import type { ColumnType } from "./values/ColumnType.js"

/** A column of the API. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  readonly description?: string
}

/** A relationship to one row ("object") or to any number of rows ("array"). */
export interface Relationship {
  readonly name: string
  readonly kind: "object" | "array"
  /** The other table. It is a function, because tables can refer to each other. */
  readonly table: () => Table
  /** The columns of this table and of the other table that must be equal. */
  readonly columns: { readonly here: string; readonly there: string }
}

/**
 * How to find the building of a row. Permissions depend on the building. `column` contains the
 * building's id. With `in`, `column` contains the id of a row of another relation, and the building
 * of that row is used.
 */
export interface BuildingOf {
  readonly column: string
  readonly in?: {
    readonly relation: Table["relation"]
    readonly key: string
    readonly buildingOf: BuildingOf
  }
}

/**
 * A table as data, with its name in GraphQL, its relation in PostgreSQL, and its columns. The
 * GraphQL schema, the checks and the SQL are all derived from this description.
 */
export interface Table {
  readonly name: string
  readonly relation: { readonly schema: string; readonly name: string }
  readonly description: string
  readonly columns: ReadonlyArray<Column>
  readonly relationships: ReadonlyArray<Relationship>
  /** The columns of the primary key. If the table has no key, there is no `_by_pk` field. */
  readonly key: ReadonlyArray<Column>
  /** Whether the role may aggregate its rows. */
  readonly aggregations: boolean
  /** How to find a row's building. If it is missing, every role can read all rows. */
  readonly buildingOf?: BuildingOf
  /**
   * The column with the start of a period, for tables whose rows are published after the end of a
   * day. The relations of these tables also have the columns `published_at` and `day_start`, which
   * the API does not show.
   */
  readonly periodStart?: string
}
