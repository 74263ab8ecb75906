/**
 * The keys of a page of columns. The key of a row has the values of its key columns.
 *
 * `mayBeWrong` applies the rules of `checkKeys` (`stream/page.ts`) to columns: each row must be in
 * the window, in order, and after the last row before the page. `mayBeWrong` compares values and
 * not their JSON, so it also reports some correct pages. `checkKeys` then checks the pages that
 * `mayBeWrong` has reported.
 */
import type { JsonValue } from "../../JsonValue.js"
import type { Keys, KeyValues, PageRequest } from "../stream/page.js"
import type { ColumnBuilder, RowsBuilder } from "./builder.js"
import { decodeText, isObject, parse, skipBrackets } from "./bytes.js"
import type { Tools } from "./tools.js"

/** Keys of rows that were scanned. A key is parsed when it is needed, because few are needed. */
export class KeysInBody implements Keys {
  readonly length: number

  constructor(
    readonly body: Uint8Array,
    readonly starts: Int32Array,
    readonly names: ReadonlyArray<string>
  ) {
    this.length = starts.length
  }

  at(row: number): KeyValues | undefined {
    const start = this.starts.at(row)
    if (start === undefined) return undefined
    const json = parse(decodeText(this.body.subarray(start, skipBrackets(this.body, start))))
    return keyOf(json, this.names)
  }
}

/** Keys of rows that were parsed as JSON. */
export class KeysInRows implements Keys {
  readonly length: number

  constructor(
    readonly rows: ReadonlyArray<JsonValue>,
    readonly names: ReadonlyArray<string>
  ) {
    this.length = rows.length
  }

  at(row: number): KeyValues | undefined {
    const json = this.rows.at(row)
    return keyOf(json, this.names)
  }
}

const keyOf = (row: JsonValue | undefined, names: ReadonlyArray<string>): KeyValues | undefined => {
  if (!isObject(row)) return undefined
  // A loop, because V8 would optimize a closure again for each page.
  const key: Array<JsonValue> = []
  for (const name of names) key.push(row[name] ?? null)
  return key
}

export const mayBeWrong = (
  rows: RowsBuilder,
  key: ReadonlyArray<ColumnBuilder>,
  keys: Keys,
  { after, window }: PageRequest,
  [, , , , , isBefore, timeOf]: Tools
): boolean => {
  const [time, ...others] = key
  if (time === undefined || time.isFiner || time.validity.length > 0) return true
  const { doubles, micros } = time
  const end = window.end.epochMillis
  const afterTime = timeOf(after)
  if (after !== undefined && doubles[0] === afterTime) {
    const firstKey = keys.at(0)
    if (firstKey === undefined || isBefore(firstKey, after)) return true
  }
  const first = micros.length === 0 ? intsOf(others[0]) : noInts
  const second = first.length > 0 ? intsOf(others[1]) : noInts
  for (
    let row = 0;
    row < rows.length;
    row = nextUnsure(doubles, first, second, row + 1, rows.length, end, afterTime)
  ) {
    const millis = doubles[row] ?? Number.NaN
    const latest =
      row === 0 ? Math.max(window.start.epochMillis, afterTime) : (doubles[row - 1] ?? Number.NaN)
    if (!(millis >= latest && millis < end)) return true
    if (row > 0 && millis === latest && mayBeBefore(others, micros, row)) return true
    if (
      millis === afterTime &&
      after !== undefined &&
      mayEqual(others, after, row) &&
      JSON.stringify(after) === JSON.stringify(keys.at(row))
    ) {
      return true
    }
  }
  return false
}

/**
 * Returns the first row, from `from` on, whose order its time and its integers do not prove, or
 * `length`. The row before `from` was checked already.
 *
 * This loop is a function of its own. In a stream, V8 discarded the optimized code of `mayBeWrong`
 * several times, because it had seen only a few calls of it, each with many rows.
 */
const nextUnsure = (
  times: Float64Array,
  first: Int32Array,
  second: Int32Array,
  from: number,
  length: number,
  end: number,
  afterTime: number
): number => {
  const hasFirst = first.length > 0
  const hasSecond = second.length > 0
  let before = times[from - 1] ?? Number.NaN
  for (let row = from; row < length; row++) {
    const millis = times[row] ?? Number.NaN
    if (millis !== before) {
      if (!(millis > before && millis < end) || millis === afterTime) return row
      before = millis
    } else if (!hasFirst || millis === afterTime) return row
    else {
      let step = (first[row] ?? 0) - (first[row - 1] ?? 0)
      if (step === 0 && hasSecond) step = (second[row] ?? 0) - (second[row - 1] ?? 0)
      if (step <= 0) return row
    }
  }
  return length
}

/** The integers of a column without nulls, otherwise no integers. */
const intsOf = (column: ColumnBuilder | undefined): Int32Array =>
  column?.kind === "int32" && column.validity.length === 0 ? column.ints : noInts

const noInts = new Int32Array(0)

/** Whether a row may have this key. Only numbers are compared, because they exclude most rows. */
const mayEqual = (others: ReadonlyArray<ColumnBuilder>, key: KeyValues, row: number): boolean => {
  for (const [index, { doubles, ints, kind }] of others.entries()) {
    const value = key[index + 1]
    if (typeof value !== "number") continue
    if (kind === "int32" ? value !== ints[row] : kind === "float64" && value !== doubles[row]) {
      return false
    }
  }
  return true
}

/** Whether a row may belong before the previous row, whose time has the same millisecond. */
const mayBeBefore = (
  others: ReadonlyArray<ColumnBuilder>,
  micros: Uint16Array,
  row: number
): boolean => {
  const rest = (micros[row] ?? 0) - (micros[row - 1] ?? 0)
  if (rest !== 0) return rest < 0
  for (const column of others) {
    if (column.validity.length > 0) {
      const isNull = column.isNull(row)
      const wasNull = column.isNull(row - 1)
      if (isNull && wasNull) continue
      if (isNull || wasNull) return wasNull
    }
    const order = compare(column, row)
    if (order !== 0) return order < 0
  }
  return false
}

/**
 * Compares a row with the previous row. A text never counts as less than the previous text, because
 * the order of texts depends on the server's collation.
 */
const compare = (column: ColumnBuilder, row: number): number => {
  switch (column.kind) {
    case "int32":
    case "date":
      return (column.ints[row] ?? 0) - (column.ints[row - 1] ?? 0)
    case "float64":
    case "timestamp":
      return (column.doubles[row] ?? 0) - (column.doubles[row - 1] ?? 0)
    case "int64":
      return (
        (column.ints[2 * row + 1] ?? 0) - (column.ints[2 * row - 1] ?? 0) ||
        ((column.ints[2 * row] ?? 0) >>> 0) - ((column.ints[2 * row - 2] ?? 0) >>> 0)
      )
    case "boolean":
      return column.flags[row] === column.flags[row - 1] ? 0 : 1
    case "decimal":
      return (column.texts?.number(row) ?? 0) - (column.texts?.number(row - 1) ?? 0)
    default:
      return column.texts?.isRepeated(row) === true ? 0 : 1
  }
}
