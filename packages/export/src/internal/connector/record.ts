/** Rows as JSON in messages of Airbyte and Singer, and the JSON Schema of their columns. */
import * as Either from "effect/Either"
import { ExportError } from "../../ExportError.js"
import type { Batch } from "../columns/batch.js"
import type { ColumnType, FileColumn } from "../columns/column.js"
import type { TableDefinition } from "../dataset/definition.js"
import { cellText } from "../formats/ndjson.js"

/** JSON Schema of a column's values. */
export type TypeSchema = Readonly<Record<string, unknown>> & { readonly type: string }

export type TypeSchemas = { readonly [Type in ColumnType]: TypeSchema }

/** The types that both protocols describe in the same way. */
export const commonSchemas = {
  boolean: { type: "boolean" },
  int32: { type: "integer" },
  // A bigint is a JSON number with all of its digits, as other Singer taps send the type BIGINT.
  // The type `integer` of JSON Schema has no maximum.
  int64: { type: "integer" },
  float64: { type: "number" },
  date: { type: "string", format: "date" },
  // A JSON value is sent as a string with its source text. If the message contained the value
  // itself, the consumer would parse it and round its numbers.
  json: { type: "string", contentMediaType: "application/json" },
  text: { type: "string" }
} as const satisfies Partial<TypeSchemas>

/** JSON Schema of a row. */
export const schemaOf = (columns: ReadonlyArray<FileColumn>, types: TypeSchemas) => ({
  type: "object",
  properties: Object.fromEntries(
    columns.map(({ isNullable, name, type }) => {
      const schema = types[type]
      return [name, { ...schema, type: isNullable ? ["null", schema.type] : schema.type }]
    })
  )
})

/** How many rows are passed to the consumer at a time. */
const together = 1_000

/**
 * Makes one line for each row: `before`, then the row as a JSON object, then `after`. The object
 * has only the selected columns.
 */
export const lines = (
  { columns, name: table }: TableDefinition,
  selected: ReadonlySet<string>,
  before: string,
  after: string
): ((rows: Batch) => Iterable<Either.Either<string, ExportError>>) => {
  const cells = columns.flatMap(({ name, type }, index) =>
    selected.has(name) ? [{ name, index, type, text: valueText(type) }] : []
  )
  const heads = cells.map(({ name }, index) => `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`)
  return function* (rows) {
    for (let from = 0; from < rows.length; from += together) {
      let text = ""
      for (let row = from; row < Math.min(rows.length, from + together); row++) {
        text += before
        for (const [position, cell] of cells.entries()) {
          const value = rows.values[cell.index]?.[row] ?? null
          if (typeof value === "number" && !Number.isFinite(value)) {
            yield Either.left(notJson(table, cell.name, value))
            return
          }
          text += `${heads[position]}${cell.text(value)}`
        }
        text += `}${after}\n`
      }
      yield Either.right(text)
    }
  }
}

/**
 * Formats a value as in NDJSON, with two exceptions that `commonSchemas` describes: a `bigint` is a
 * number, and JSON is a string.
 */
const valueText = (type: ColumnType): ReturnType<typeof cellText> => {
  switch (type) {
    case "int64":
      return (value) => String(value)
    case "json":
      return (value) => JSON.stringify(value)
    default:
      return cellText({ type })
  }
}

const notJson = (table: string, column: string, value: number): ExportError =>
  new ExportError({
    reason: "InvalidSelection",
    problem: `A row of ${table} has ${value} in ${column}, and JSON has no such number`,
    hint: "Leave the column out of the selected fields, or use a Parquet file, which can hold it"
  })
