/**
 * Fills columns from rows that were parsed as JSON. Each cell is read by the same function as in
 * the reader of rows, so columns accept no cell that the reader of rows would refuse.
 */
import type { JsonObject, JsonValue } from "../../JsonValue.js"
import type { ColumnBuilder } from "./builder.js"
import {
  closeList,
  comma,
  decodeText,
  isObject,
  openList,
  openObject,
  parse,
  quote,
  skipBlanks,
  skipBrackets,
  skipBytes,
  skipValue
} from "./bytes.js"
import { dayOf } from "./cells.js"
import { hashOf } from "./texts.js"

/** A cell that a column cannot hold. */
export interface Misfit {
  readonly row: number
  readonly column: ColumnBuilder
  readonly cell: JsonValue | undefined
}

/**
 * Writes a row of a response into the columns. `source` begins at the row in the bytes of the
 * response. JSON and numbers with many digits are read from these bytes, because `JSON.parse`
 * changes them. Returns the first cell that a column cannot hold.
 */
export const fillRow = (
  columns: ReadonlyArray<ColumnBuilder>,
  json: JsonValue | undefined,
  source: Source,
  row: number
): Misfit | undefined => {
  if (!isObject(json)) {
    const [column] = columns
    return column && { row, column, cell: json }
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
    } else if (kind === "int64" && typeof cell === "number" && !Number.isSafeInteger(cell)) {
      // The parser may have rounded the number, so it is read from its bytes.
      cells ??= cellsOf(source, columns)
      const { bytes, end, start } = cells[index] ?? noSource
      const value = field.read(decoder.decode(bytes.subarray(start, end)))
      isWrong = value === undefined || !fillValue(column, cell, value, row)
    } else {
      const value = field.read(cell)
      isWrong = value === undefined || !fillValue(column, cell, value, row)
    }
    if (isWrong) return { row, column, cell }
  }
  return undefined
}

export const noSource: Source = { bytes: new Uint8Array(0), start: 0, end: 0 }

/** The cell of a row. A row inherits a value such as `constructor`, which is not a cell. */
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

/** With the flag `u`, a surrogate pair is one code point, so this finds only halves of pairs. */
const surrogate = /\p{Surrogate}/u

const encoder = new TextEncoder()

const fillText = (column: ColumnBuilder, bytes: Uint8Array, row: number): boolean => {
  column.setValid(row)
  column.texts?.set(row, bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length))
  return true
}

/** The digits of a fraction of a second after the milliseconds. */
const finerDigits = /\.\d{3}(\d{1,3})(\d*)/

const fillMicros = (column: ColumnBuilder, text: string, row: number): void => {
  // Most times have no such digits.
  const [, micros = "", finer = ""] = text.includes(".") ? (finerDigits.exec(text) ?? []) : []
  column.setMicros(row, Number(micros.padEnd(3, "0")))
  if (/[1-9]/.test(finer)) column.isFiner = true
}

/** Writes a decimal or JSON exactly as the server wrote it. */
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
    // A number is read from its bytes, because the parser may have rounded it.
    if (typeof cell !== "number") return false
    const text = decoder.decode(bytes.subarray(start, end))
    return field.read(text) !== undefined && fillText(column, encoder.encode(text), row)
  }
  const value = field.read(cell)
  if (value === undefined) return false
  if (value === null) {
    column.setNull(row)
    return true
  }
  if (field.mayBeText && typeof cell === "string" && parse(cell) !== undefined) {
    // The cell is a text that contains JSON. In the bytes, this JSON can have the escapes of a
    // text, so the decoded text is written. Half of a surrogate pair cannot be written as UTF-8.
    return !surrogate.test(cell) && fillText(column, encoder.encode(cell), row)
  }
  column.setValid(row)
  column.texts?.set(row, bytes, start, end, hashOf(bytes, start, end))
  return true
}

const decoder = new TextDecoder()

/** A part of the bytes of a response. */
export interface Source {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/**
 * The cells of a row, in the order of the columns. If several members have the same name, the last
 * member counts, as in `JSON.parse`.
 */
const cellsOf = (row: Source, columns: ReadonlyArray<ColumnBuilder>): ReadonlyArray<Source> => {
  const cells: Array<Source> = new Array(columns.length)
  for (const { nameStart, nameEnd, ...cell } of membersOf(row)) {
    const length = nameEnd - nameStart + 2
    let index = columns.findIndex(
      ({ prefix }) =>
        prefix.length === length &&
        skipBytes(row.bytes, nameStart, prefix.subarray(1, length - 1)) > 0
    )
    // The name may be written with escapes.
    if (index < 0) {
      const name = nameOf(row.bytes, nameStart, nameEnd)
      index = columns.findIndex(({ field }) => field.name === name)
    }
    if (index >= 0) cells[index] = cell
  }
  return cells
}

const nameOf = (bytes: Uint8Array, start: number, end: number): unknown =>
  parse(decodeText(bytes.subarray(start, end)))

/** The value of the last member that has this name; `undefined` if there is none. */
export const memberOf = (object: Source, name: string): Source | undefined => {
  let found: Source | undefined
  for (const { nameStart, nameEnd, ...member } of membersOf(object)) {
    if (nameOf(object.bytes, nameStart, nameEnd) === name) found = member
  }
  return found
}

interface Member extends Source {
  readonly nameStart: number
  readonly nameEnd: number
}

function* membersOf({ bytes, start }: Source): Generator<Member, void> {
  if (bytes[start] !== openObject) return
  let at = skipBlanks(bytes, start + 1)
  while (bytes[at] === quote) {
    const nameEnd = endOf(bytes, at)
    // A colon follows the name.
    const cell = skipBlanks(bytes, skipBlanks(bytes, nameEnd) + 1)
    const end = endOf(bytes, cell)
    yield { bytes, start: cell, end, nameStart: at, nameEnd }
    at = skipBlanks(bytes, end)
    if (bytes[at] !== comma) return
    at = skipBlanks(bytes, at + 1)
  }
}

/** The position of each element of a list. */
export function* elementsOf({ bytes, start }: Source): Generator<Source, void> {
  if (bytes[start] !== openList) return
  let at = skipBlanks(bytes, start + 1)
  while (bytes[at] !== closeList) {
    const end = endOf(bytes, at)
    yield { bytes, start: at, end }
    at = skipBlanks(bytes, end)
    if (bytes[at] !== comma) return
    at = skipBlanks(bytes, at + 1)
  }
}

/** The position after a value that is known to be JSON. */
const endOf = (bytes: Uint8Array, at: number): number => {
  const isNested = bytes[at] === openObject || bytes[at] === openList
  return isNested ? skipBrackets(bytes, at) : skipValue(bytes, at)
}

/** The whole response, without a byte order mark at its beginning. */
export const wholeOf = (bytes: Uint8Array): Source => {
  const mark = skipBytes(bytes, 0, byteOrderMark)
  return { bytes, start: skipBlanks(bytes, Math.max(0, mark)), end: bytes.length }
}

const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf)
