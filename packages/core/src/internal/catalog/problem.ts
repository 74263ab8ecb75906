/** The content of a `CatalogError`. The error itself is created where it becomes public. */
export interface Problem {
  readonly reason: Reason
  readonly problem: string
  readonly hint: string
}

/**
 * Why a catalogue cannot be read, printed or used.
 *
 * - `NotIntrospection`: not the JSON that a server returns for an introspection query
 * - `UnknownType`: the introspection leaves out a type that it refers to
 * - `InvalidName`: a name that GraphQL does not allow
 * - `NoTables`: no root field selects rows of a table
 * - `UnknownTable`: the catalogue has no such table
 */
type Reason = "NotIntrospection" | "UnknownType" | "InvalidName" | "NoTables" | "UnknownTable"
