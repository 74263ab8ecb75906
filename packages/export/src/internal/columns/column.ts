/**
 * The columns of a file. The types of the columns come from the catalogue and never from the
 * values.
 */
import type * as Column from "@innerspace-metrics/core/Column"
import type * as Query from "@innerspace-metrics/core/Query"
import type * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Either from "effect/Either"
import { ExportError } from "../../ExportError.js"

/**
 * The type of a column. It determines the type of its values in a `Batch`.
 *
 * | type | value | scalars |
 * | --- | --- | --- |
 * | `boolean` | boolean | `Boolean` |
 * | `int32` | number | `Int`, `smallint` |
 * | `int64` | bigint | `bigint` |
 * | `float64` | number | `float8`, `Float` |
 * | `instant` | bigint, microseconds since 1970 | `timestamptz` |
 * | `date` | text, as 2024-01-31 | `date` |
 * | `decimal` | text with all digits | `numeric` |
 * | `json` | JSON text | `jsonb`, `json`, geometries, related rows, scalars that are not known |
 * | `text` | text | all others |
 */
export type ColumnType =
  | "boolean"
  | "int32"
  | "int64"
  | "float64"
  | "instant"
  | "date"
  | "decimal"
  | "json"
  | "text"

/** A value that is not null. */
export type Value = boolean | number | bigint | string

export interface FileColumn {
  readonly name: string
  readonly type: ColumnType
  readonly isNullable: boolean
}

/**
 * The column type of each known scalar. An unknown scalar is text if it is an enumeration, and
 * otherwise JSON.
 */
const types: { readonly [scalar: string]: ColumnType } = {
  Boolean: "boolean",
  Int: "int32",
  smallint: "int32",
  bigint: "int64",
  float8: "float64",
  Float: "float64",
  timestamptz: "instant",
  date: "date",
  numeric: "decimal",
  String: "text",
  uuid: "text",
  citext: "text",
  bpchar: "text",
  ltree: "text",
  timestamp: "text",
  time: "text",
  timetz: "text"
}

export const typeOf = (scalar: Scalar.Any): ColumnType =>
  // The values of an enumeration are names, which are text.
  types[scalar.name] ?? (scalar.values === undefined ? "json" : "text")

export const fileColumn = (name: string, column: Column.Any): FileColumn => {
  const type = typeOf(column.scalar)
  // A JSON column can contain JSON's null, even if it is never null in the database. No file format
  // distinguishes the two kinds of null.
  return { name, type, isNullable: column.isNullable || type === "json" }
}

/** The columns of a query's rows. */
export const columnsOf = (
  query: Query.Query<unknown>
): Either.Either<ReadonlyArray<FileColumn>, ExportError> =>
  Either.all([...new Set(query.select)].map((entry) => selected(query, entry)))

const selected = (
  { table }: Query.Query<unknown>,
  entry: unknown
): Either.Either<FileColumn, ExportError> => {
  const { as, column, path, relationship } = isObject(entry)
    ? entry
    : { as: entry, column: entry, path: undefined, relationship: undefined }
  const name = as ?? relationship
  if (typeof name === "string") {
    if (relationship !== undefined || path !== undefined) {
      return Either.right({ name, type: "json", isNullable: true })
    }
    const found = typeof column === "string" ? table.byName.get(column) : undefined
    if (found !== undefined) return Either.right(fileColumn(name, found))
  }
  return Either.left(
    new ExportError({
      reason: "InvalidSelection",
      problem: `${JSON.stringify(entry)} in the selection of ${table.name} is not a column of its rows`,
      hint: `Pass a query made by Query.from that selects some of ${[...table.byName.keys()].join(", ")}`
    })
  )
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null
