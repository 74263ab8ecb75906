/** A table of a DuckDB database: the types of its columns, and appending rows to it. */
import type * as DuckDb from "@duckdb/node-api"
import * as Effect from "effect/Effect"
import type { ExportError } from "../../ExportError.js"
import type { Batch } from "../columns/batch.js"
import type { ColumnType, FileColumn, Value } from "../columns/column.js"
import type { Encoder } from "../formats/target.js"
import { type Connection, identifier, type Library } from "./connection.js"

/** The types that DuckDB uses when it reads a Parquet file of this package. */
const sqlTypes: { readonly [Type in ColumnType]: string } = {
  boolean: "BOOLEAN",
  int32: "INTEGER",
  int64: "BIGINT",
  float64: "DOUBLE",
  instant: "TIMESTAMPTZ",
  date: "DATE",
  decimal: "VARCHAR",
  json: "VARCHAR",
  text: "VARCHAR"
}

/** The columns of a table as SQL. */
export const definitions = (columns: ReadonlyArray<FileColumn>): string =>
  columns
    .map(
      ({ isNullable, name, type }) =>
        `${identifier(name)} ${sqlTypes[type]}${isNullable ? "" : " NOT NULL"}`
    )
    .join(", ")

/** Number of rows of a data chunk. DuckDB itself uses chunks of this size. */
const chunkSize = 2_048

/** Appends rows to a table, within the transaction of the connection. */
export const append = (
  { library, step }: Connection,
  table: string,
  columns: ReadonlyArray<FileColumn>,
  schema?: string
): Effect.Effect<Encoder, ExportError> =>
  Effect.map(
    step(`append to ${table} in`, (connection) => connection.createAppender(table, schema)),
    (appender) => {
      const types = columns.map(({ type }) => chunkType(library, type))
      const chunk = (batch: Batch, from: number): DuckDb.DuckDBDataChunk => {
        const to = Math.min(batch.length, from + chunkSize)
        const chunk = library.DuckDBDataChunk.create(types, to - from)
        chunk.setColumns(
          columns.map(({ type }, index) => {
            const convert = converter(library, type)
            return (batch.values[index] ?? [])
              .slice(from, to)
              .map((value) => (value === null ? null : convert(value)))
          })
        )
        return chunk
      }
      return {
        write: (batch) =>
          step(`append to ${table} in`, async () => {
            for (let from = 0; from < batch.length; from += chunkSize) {
              appender.appendDataChunk(chunk(batch, from))
            }
          }),
        end: step(`append to ${table} in`, async () => appender.closeSync())
      }
    }
  )

const chunkType = (library: Library, type: ColumnType): DuckDb.DuckDBType => {
  switch (type) {
    case "boolean":
      return library.BOOLEAN
    case "int32":
      return library.INTEGER
    case "int64":
      return library.BIGINT
    case "float64":
      return library.DOUBLE
    case "instant":
      return library.TIMESTAMPTZ
    case "date":
      return library.DATE
    case "decimal":
    case "json":
    case "text":
      return library.VARCHAR
  }
}

const converter = (library: Library, type: ColumnType): ((value: Value) => DuckDb.DuckDBValue) => {
  switch (type) {
    case "instant":
      return (value) => new library.DuckDBTimestampTZValue(BigInt(value))
    case "date":
      return (value) => new library.DuckDBDateValue(Date.parse(String(value)) / 86_400_000)
    default:
      return (value) => value
  }
}
