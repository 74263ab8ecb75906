/**
 * A batch holds some rows, column by column. All formats write batches, for an export and for a
 * dataset.
 */
import * as Columns from "@innerspace-metrics/core/ColumnBatch"
import { DecodeError } from "@innerspace-metrics/core/MetricsError"
import type * as Table from "@innerspace-metrics/core/Table"
import * as Either from "effect/Either"
import type { FileColumn, Value } from "./column.js"

export interface Batch {
  readonly length: number
  /** One list of values for each column, in the order of the columns. */
  readonly values: ReadonlyArray<Values>
}

export type Values = ReadonlyArray<Value | null>

type AnyBatch = Columns.ColumnBatch<{ readonly [name: string]: unknown }>

/**
 * Makes a function that converts a batch of core to a batch of this package. Core reads its batches
 * with the scalars of `source.ts`. A cell that does not fit its column is a `DecodeError`.
 */
export const batchReader = (
  columns: ReadonlyArray<FileColumn>,
  table: Table.Any
): ((batch: AnyBatch) => Either.Either<Batch, DecodeError>) => {
  const acceptText = columns.map(({ name, type }) => type === "json" && isJsonInText(table, name))
  return (batch) => {
    const values: Array<Values> = []
    for (const [index, column] of columns.entries()) {
      const source = batch.columns[column.name]
      // This does not happen: the batch has the query's columns, and `columns` is derived from the
      // same query.
      if (source === undefined) continue
      const read = valuesOf(source, batch.length, column, acceptText[index] === true)
      if (typeof read === "number") {
        const cell = source.kind === "json" ? Columns.text(source, read) : null
        return Either.left(wrongCell(table.name, column, read, cell))
      }
      values.push(read)
    }
    return Either.right({ length: batch.length, values })
  }
}

/**
 * Whether a text in this column may contain JSON, according to the catalogue. Such a text is read
 * as the JSON that it contains.
 */
const isJsonInText = ({ byName }: Table.Any, name: string): boolean => {
  const decoded = byName.get(name)?.scalar.decode("{}")
  return decoded !== undefined && Either.isRight(decoded) && typeof decoded.right === "object"
}

/** The values of a column, or the row number of the first value that does not fit. */
const valuesOf = (
  column: Columns.Column,
  length: number,
  { isNullable, type }: FileColumn,
  acceptsText: boolean
): Values | number => {
  switch (column.kind) {
    case "int32":
    case "float64":
    case "int64":
      return column.nullCount === 0
        ? Array.from<number | bigint>(column.values)
        : Array.from<number | bigint, Value | null>(column.values, (value, row) =>
            Columns.isNull(column, row) ? null : value
          )
    case "boolean":
      return Array.from(column.values, (value, row) =>
        Columns.isNull(column, row) ? null : value === 1
      )
    case "date":
      return Array.from(column.values, (value, row) =>
        Columns.isNull(column, row) ? null : dateOf(value)
      )
    case "timestamp":
      return instantsOf(column)
    case "text":
    case "decimal":
      return textsOf(column, length, Columns.strings(column))
    case "json": {
      const texts = Columns.strings(column)
      if (type !== "decimal") {
        return textsOf(column, length, acceptsText ? texts.map(innerJson) : texts)
      }
      const values = textsOf(column, length, texts.map(decimalOf))
      const wrong = values.findIndex(
        (value) => value === wrongDecimal || (value === null && !isNullable)
      )
      return wrong < 0 ? values : wrong
    }
  }
}

const textsOf = (
  column: Columns.Texts & Columns.Column,
  length: number,
  texts: ReadonlyArray<string>
): Array<string | null> => {
  const { codes } = column
  const values: Array<string | null> = new Array(length)
  for (let row = 0; row < length; row++) {
    values[row] = Columns.isNull(column, row) ? null : (texts[codes?.[row] ?? row] ?? null)
  }
  return values
}

/**
 * Rows are mostly in the order of time, and many rows have the same time. A time is therefore
 * converted only if it differs from the time of the row before it.
 */
const instantsOf = (column: Columns.TimestampColumn): Values => {
  const { micros, values } = column
  let millis = Number.NaN
  let rest = 0
  let instant = 0n
  return Array.from(values, (value, row) => {
    if (Columns.isNull(column, row)) return null
    const finer = micros?.[row] ?? 0
    if (value !== millis || finer !== rest) {
      millis = value
      rest = finer
      instant = BigInt(value) * 1_000n + BigInt(finer)
    }
    return instant
  })
}

const dateOf = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10)

const decimalText = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$|^NaN$|^-?Infinity$/

/** Stands for a text that is not a decimal. `valuesOf` searches the values for this mark. */
const wrongDecimal = "wrong"

/** The digits of a number, or of a text with a number, as the server wrote them. */
const decimalOf = (json: string): string => {
  const text = json.startsWith('"') ? json.slice(1, -1) : json
  return decimalText.test(text) ? text : wrongDecimal
}

/** The JSON that a JSON string holds, or the string itself. */
const innerJson = (json: string): string => {
  if (!json.startsWith('"')) return json
  const text: string = JSON.parse(json)
  try {
    JSON.parse(text)
    return text
  } catch {
    return json
  }
}

const wrongCell = (
  table: string,
  { isNullable, name }: FileColumn,
  row: number,
  cell: string | null
): DecodeError => {
  const text = cell ?? "null"
  const found = text.length > 60 ? `${text.slice(0, 59)}…` : text
  const expected = "a decimal without an exponent, as text or as a number"
  return new DecodeError({
    reason: "WrongValue",
    problem: `${table}.${name} of row ${row} is ${found}, expected ${expected}`,
    hint:
      cell === null && !isNullable
        ? "Mark the column with Column.nullable, or compare the catalogue with the live schema (Catalog.diff)"
        : "Compare the catalogue with the live schema (Catalog.diff), and fix the column's type",
    table,
    row,
    column: name,
    expected,
    found
  })
}
