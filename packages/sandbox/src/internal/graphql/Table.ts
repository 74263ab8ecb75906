import type { ColumnType } from "./ColumnType.js"

/** A column as the API shows it. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  readonly description?: string
}

/**
 * A table as data: its name in GraphQL, where its rows are in PostgreSQL, and its columns. The GraphQL schema, the checks
 * and the SQL are all derived from this description.
 */
export interface Table {
  readonly name: string
  readonly relation: { readonly schema: string; readonly name: string }
  readonly description: string
  readonly columns: ReadonlyArray<Column>
}
