import type { ColumnType } from "./values/ColumnType.js"

/** A column as the API shows it. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  readonly description?: string
}

/** How a row finds its related rows: one of them, or any number. */
export interface Relationship {
  readonly name: string
  readonly kind: "object" | "array"
  /** A function, because tables can be related in circles. */
  readonly table: () => Table
  /** The column of this table and the column of the other one that are equal. */
  readonly columns: { readonly here: string; readonly there: string }
}

/**
 * How the building of a row is found, which is what permissions go by: a column has its id, or the
 * id of a row of another relation that has it.
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
 * A table as data: its name in GraphQL, where its rows are in PostgreSQL, and its columns. The
 * GraphQL schema, the checks and the SQL are all derived from this description.
 */
export interface Table {
  readonly name: string
  readonly relation: { readonly schema: string; readonly name: string }
  readonly description: string
  readonly columns: ReadonlyArray<Column>
  readonly relationships: ReadonlyArray<Relationship>
  /** The columns of the primary key; without any there is no `_by_pk` field. */
  readonly key: ReadonlyArray<Column>
  /** Whether the role may aggregate its rows. */
  readonly aggregations: boolean
  /** Without it, everybody sees all rows. */
  readonly buildingOf?: BuildingOf
  /**
   * For tables that are published night by night: the column with the start of a period. Their
   * relations have the columns `published_at` and `day_start` besides those that the API shows.
   */
  readonly periodStart?: string
}
