/**
 * Some rows by column. It is what the formats write, wherever the rows come from.
 */
import { DecodeError } from "@innerspace-metrics/core/MetricsError"
import * as Either from "effect/Either"
import type { ColumnType, FileColumn, Value } from "./column.js"
import { memoLast, parseInstant } from "./instant.js"

export interface Batch {
  readonly length: number
  /** One list for each column, in their order. */
  readonly values: ReadonlyArray<ReadonlyArray<Value | null>>
}

/** A row as its JSON came, which is what a query made by `Query.raw` returns. */
export interface RawRow {
  readonly [name: string]: unknown
}

/** Makes batches of raw rows. A cell that does not fit its column is a `DecodeError`. */
export const batchReader = (
  columns: ReadonlyArray<FileColumn>,
  table: string
): ((rows: ReadonlyArray<RawRow>) => Either.Either<Batch, DecodeError>) => {
  const readers = columns.map(({ type }) => reader(type))
  return (rows) => {
    const values: Array<ReadonlyArray<Value | null>> = []
    for (const [index, column] of columns.entries()) {
      const read = readers[index]
      if (read === undefined) continue
      const cells: Array<Value | null> = new Array(rows.length)
      for (const [at, row] of rows.entries()) {
        const cell = row[column.name]
        const value = cell === null && column.isNullable ? null : read(cell)
        if (value === undefined) return Either.left(wrongCell(table, column, at, cell))
        cells[at] = value
      }
      values.push(cells)
    }
    return Either.right({ length: rows.length, values })
  }
}

/** Returns the value of a cell, or `undefined` if the cell is not of the type. */
type Read = (cell: unknown) => Value | null | undefined

const reader = (type: ColumnType): Read => {
  switch (type) {
    case "boolean":
      return (cell) => (typeof cell === "boolean" ? cell : undefined)
    case "int32":
      return (cell) => (typeof cell === "number" && (cell | 0) === cell ? cell : undefined)
    case "int64":
      return readInt64
    case "float64":
      return readFloat64
    case "instant":
      return memoLast(parseInstant)
    case "date":
      return (cell) => (typeof cell === "string" && isDate(cell) ? cell : undefined)
    case "decimal":
      return readDecimal
    case "json":
      // A field that is missing has no value. Postgres has no JSON of that kind.
      return (cell) => (cell === undefined ? undefined : JSON.stringify(cell))
    case "text":
      return (cell) => (typeof cell === "string" ? cell : undefined)
  }
}

const readInt64 = (cell: unknown): bigint | undefined => {
  if (typeof cell === "number") return Number.isSafeInteger(cell) ? BigInt(cell) : undefined
  if (typeof cell !== "string" || !/^-?\d{1,19}$/.test(cell)) return undefined
  const value = BigInt(cell)
  return BigInt.asIntN(64, value) === value ? value : undefined
}

// No two parts can match the same run of digits, because the expression would then backtrack at
// each digit.
const floatText = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/

const readFloat64 = (cell: unknown): number | undefined => {
  if (typeof cell === "number") return cell
  return typeof cell === "string" && floatText.test(cell) ? Number(cell) : undefined
}

const decimalText = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$|^NaN$|^-?Infinity$/

/** Core gives a number of `numeric` as text if a double would not hold all of its digits. */
const readDecimal = (cell: unknown): string | undefined => {
  if (typeof cell === "string") return decimalText.test(cell) ? cell : undefined
  if (typeof cell !== "number") return undefined
  const text = String(cell)
  return decimalText.test(text) ? text : undefined
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

const expected: { readonly [Type in ColumnType]: string } = {
  boolean: "true or false",
  int32: "an integer of 32 bits",
  int64: "an integer of 64 bits, as text or as a number that is a safe integer",
  float64: "a number, or a number as text",
  instant: "a point in time, as 2024-01-01T06:00:00+00:00",
  date: "a calendar date, as 2024-01-31",
  decimal: "a decimal without an exponent, as text or as a number",
  json: "JSON",
  text: "a string"
}

const wrongCell = (
  table: string,
  { isNullable, name, type }: FileColumn,
  row: number,
  cell: unknown
): DecodeError => {
  const text = JSON.stringify(cell) ?? "missing"
  const found = text.length > 60 ? `${text.slice(0, 59)}…` : text
  return new DecodeError({
    reason: "WrongValue",
    problem: `${table}.${name} of row ${row} is ${found}, expected ${expected[type]}`,
    hint:
      cell === null && !isNullable
        ? "Mark the column with Column.nullable, or compare the catalogue with the live schema (Catalog.diff)"
        : "Compare the catalogue with the live schema (Catalog.diff), and fix the column's type",
    table,
    row,
    column: name,
    expected: expected[type],
    found
  })
}
