/**
 * Fills columns from rows as JSON. Each cell is read by the function that reads it for a row, so
 * nothing is accepted here that is not accepted there.
 */
import type { JsonObject, JsonValue } from "../../JsonValue.js"
import type { ColumnBuilder } from "./builder.js"
import { dayOf } from "./days.js"
import { isObject, parse } from "./json.js"
import { cellsOf, type Source } from "./sources.js"
import { hashOf } from "./texts.js"

/** A cell that a column cannot hold. */
export interface Misfit {
  readonly row: number
  readonly column: ColumnBuilder
  readonly cell: JsonValue | undefined
  /** What the column can hold, in words; `undefined` if the cell does not match its type either. */
  readonly expected: string | undefined
}

/**
 * Writes a row of a response. `source` is where the row begins in the bytes of the response: texts
 * that must be as the server wrote them are taken from there.
 */
export const fillRow = (
  columns: ReadonlyArray<ColumnBuilder>,
  json: JsonValue | undefined,
  source: Source,
  row: number
): Misfit | undefined => {
  if (!isObject(json)) {
    const [column] = columns
    return column && { row, column, cell: json, expected: undefined }
  }
  let cells: ReadonlyArray<Source> | undefined
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index]
    if (column === undefined) continue
    const { field, kind } = column
    const cell = ownCell(json, field.name)
    let isWrong: boolean
    if (kind === "json" || kind === "decimal") {
      cells ??= cellsOf(source, columns)
      isWrong = !fillSource(column, cell, cells[index] ?? noSource, row)
    } else if (cell === null && field.isNullable) {
      column.setNull(row)
      isWrong = false
    } else {
      const value = field.read(cell)
      isWrong = value === undefined || !fillValue(column, cell, value, row)
    }
    if (isWrong) return { row, column, cell, expected: expectedOf(column, cell) }
  }
  return undefined
}

const noSource: Source = { bytes: new Uint8Array(0), start: 0, end: 0 }

/** A row that lacks `constructor` inherits one. */
const ownCell = (row: JsonObject, name: string): JsonValue | undefined => {
  const cell = row[name]
  return name in Object.prototype && !Object.hasOwn(row, name) ? undefined : cell
}

const fillValue = (
  column: ColumnBuilder,
  cell: JsonValue | undefined,
  value: unknown,
  row: number
): boolean => {
  column.setValid(row)
  switch (column.kind) {
    case "int32":
      if (typeof value !== "number" || (value | 0) !== value) return false
      column.ints[row] = value
      return true
    case "float64":
      if (typeof value !== "number") return false
      column.doubles[row] = value
      return true
    case "int64":
      if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) return false
      column.setInt64(row, value)
      return true
    case "boolean":
      column.flags[row] = value === true ? 1 : 0
      return true
    case "date": {
      const [year, month, day] = String(value).split("-").map(Number)
      column.ints[row] = dayOf(year ?? 0, month ?? 0, day ?? 0)
      return true
    }
    case "timestamp":
      if (!isObject(value) || typeof value["epochMillis"] !== "number") return false
      column.doubles[row] = value["epochMillis"]
      fillMicros(column, String(cell), row)
      return true
    default:
      if (typeof value !== "string" || surrogate.test(value)) return false
      return fillText(column, encoder.encode(value), row)
  }
}

/** With the u flag a pair is one code point, so this finds halves of pairs only. */
const surrogate = /\p{Surrogate}/u

const encoder = new TextEncoder()

const fillText = (column: ColumnBuilder, bytes: Uint8Array, row: number): boolean => {
  column.setValid(row)
  column.texts?.set(row, bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length))
  return true
}

/** The digits of a second after the milliseconds. */
const finerDigits = /\.\d{3}(\d{1,3})(\d*)/

const fillMicros = (column: ColumnBuilder, text: string, row: number): void => {
  // Most texts have none.
  const [, micros = "", finer = ""] = text.length > 23 ? (finerDigits.exec(text) ?? []) : []
  column.setMicros(row, Number(micros.padEnd(3, "0")))
  if (/[1-9]/.test(finer)) column.isFiner = true
}

/** Writes a text as it is in the response. */
const fillSource = (
  column: ColumnBuilder,
  cell: JsonValue | undefined,
  { bytes, end, start }: Source,
  row: number
): boolean => {
  const { field } = column
  if (cell === null && (field.isNullable || (column.kind === "json" && !field.isChecked))) {
    column.setNull(row)
    return true
  }
  if (column.kind === "decimal") {
    if (typeof cell === "string") {
      return field.read(cell) !== undefined && fillText(column, encoder.encode(cell), row)
    }
    // A number is read by its digits, because the parser has rounded it.
    if (typeof cell !== "number") return false
    const text = decoder.decode(bytes.subarray(start, end))
    return field.read(text) !== undefined && fillText(column, encoder.encode(text), row)
  }
  if (field.isRelated) {
    if (cell === undefined) return false
  } else {
    const value = field.read(cell)
    if (value === undefined) return false
    if (value === null) {
      column.setNull(row)
      return true
    }
    if (field.mayBeText && typeof cell === "string" && parse(cell) !== undefined) {
      // The text of a text can have escapes, but not of half of a pair that stands for itself.
      return !surrogate.test(cell) && fillText(column, encoder.encode(cell), row)
    }
  }
  column.setValid(row)
  column.texts?.set(row, bytes, start, end, hashOf(bytes, start, end))
  return true
}

const decoder = new TextDecoder()

/** What a column can hold, if that is less than its type in a row. */
const expectedOf = (
  { field, kind }: ColumnBuilder,
  cell: JsonValue | undefined
): string | undefined => {
  if (field.read(cell) === undefined && kind !== "decimal") return undefined
  switch (kind) {
    case "int32":
      return "an integer of 32 bits"
    case "int64":
      return "an integer of 64 bits"
    case "text":
    case "json":
      return "text without half of a surrogate pair"
    default:
      return undefined
  }
}
