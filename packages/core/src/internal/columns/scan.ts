/**
 * Scans a response into columns, if it is `{"data":{"table":[rows]}}` and nothing else.
 *
 * A row is expected to have its values in the order of the selection, without spaces. If it does
 * not, each value is found by its name. If a row cannot be scanned by name either, `JSON.parse`
 * reads the row. If anything else is not as expected, the scan fails, and `reader.ts` reads the
 * whole body in another way.
 */

import type { ColumnBuilder, RowsBuilder } from "./builder.js"
import {
  closeList,
  closeObject,
  colon,
  comma,
  decodeText,
  isList,
  openList,
  openObject,
  parse,
  skipBlanks,
  skipBrackets,
  skipBytes
} from "./bytes.js"
import { lookAhead, scanCell } from "./cells.js"
import { fillRow } from "./fill.js"

/** Returns whether the whole body was as expected. If it was not, `rows` must not be used. */
export const scan = (
  body: Uint8Array,
  key: string,
  rows: RowsBuilder,
  example: RowsBuilder,
  scratch: Scratch
): boolean => {
  const first = skipFrame(body, key)
  if (first < 0) return false
  rows.expect(example, scratch.starts(rows.columns[0]?.capacity ?? 0))
  const end = scanRows(body, first, rows)
  return end > 0 && isEndOfFrame(body, end)
}

/** The position after `{"data":{"key":[`, or -1. */
const skipFrame = (body: Uint8Array, key: string): number => {
  let at = skipBlanks(body, 0)
  for (const name of ["data", key]) {
    if (body[at] !== openObject) return -1
    at = skipBytes(body, skipBlanks(body, at + 1), encoder.encode(`"${name}"`))
    if (at < 0) return -1
    at = skipBlanks(body, at)
    if (body[at] !== colon) return -1
    at = skipBlanks(body, at + 1)
  }
  return body[at] === openList ? skipBlanks(body, at + 1) : -1
}

/** Whether the rest is `}}`. */
const isEndOfFrame = (body: Uint8Array, at: number): boolean => {
  let next = skipBlanks(body, at)
  for (let level = 0; level < 2; level++) {
    if (body[next] !== closeObject) return false
    next = skipBlanks(body, next + 1)
  }
  return next === body.length
}

const encoder = new TextEncoder()

/**
 * The largest number of rows that one `JSON.parse` reads. As long as rows cannot be scanned, each
 * `JSON.parse` reads twice as many rows as the one before.
 */
const maxOdd = 1_024

/** After this many scanned rows, the next row that cannot be scanned is parsed alone again. */
const steady = 32

/** The position after the list, or -1. */
const scanRows = (body: Uint8Array, first: number, rows: RowsBuilder): number => {
  let at = first
  if (body[at] === closeList) return at + 1
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  let together = 1
  let expected = 0
  for (;;) {
    if (body[at] !== openObject) return -1
    rows.reserve(rows.length + 1)
    let next = scanRow(body, view, at, rows)
    if (next < 0) next = scanNamedRow(body, view, at, rows)
    if (next > 0) {
      rows.starts[rows.length] = at
      rows.length++
      expected++
      if (expected === steady) together = 1
    } else {
      next = readRows(body, at, together, rows)
      if (next < 0) return -1
      together = Math.min(maxOdd, 2 * together)
      expected = 0
    }
    if (body[next] === comma && body[next + 1] === openObject) {
      at = next + 1
      continue
    }
    at = skipBlanks(body, next)
    if (body[at] === closeList) return at + 1
    if (body[at] !== comma) return -1
    at = skipBlanks(body, at + 1)
  }
}

/** The position after a row that is as expected, or -1. */
const scanRow = (
  body: Uint8Array,
  view: DataView,
  start: number,
  { columns, length: row }: RowsBuilder
): number => {
  let at = start
  const { length } = columns
  // The code below and the code for cells read a few bytes without checking for the end.
  const limit = body.length - lookAhead
  for (let index = 0; index < length; index++) {
    const column = columns[index]
    if (column === undefined) return -1
    const { size } = column
    const cell = at + size
    if (cell > limit) return -1
    if (size < 8) {
      if (skipBytes(body, at, column.prefix) < 0) return -1
    } else {
      if (view.getFloat64(cell - 8, true) !== column.lastWord) return -1
      if (size > 8 && view.getFloat64(at, true) !== column.firstWord) return -1
      if (size > 16) {
        const { words } = column
        for (let word = 0; word < words.length; word++) {
          if (view.getFloat64(at + 8 * word + 8, true) !== words[word]) return -1
        }
      }
    }
    at = scanCell(column, body, view, cell, row)
    if (at < 0) return -1
  }
  return body[at] === closeObject ? at + 1 : -1
}

/**
 * The position after a row that has each value once, in any order, or -1. Values that `scanRow` has
 * already written are written again from the same cells.
 */
const scanNamedRow = (
  body: Uint8Array,
  view: DataView,
  start: number,
  { columns, length: row }: RowsBuilder
): number => {
  let at = skipBlanks(body, start + 1)
  let index = -1
  for (let found = 1; ; found++) {
    index = indexOfName(columns, index + 1, body, at)
    const column = columns[index]
    if (column === undefined || column.namedIn === row) return -1
    column.namedIn = row
    at = skipBlanks(body, at + column.prefix.length - 2)
    if (body[at] !== colon) return -1
    at = skipBlanks(body, at + 1)
    if (at + lookAhead > body.length) return -1
    at = scanCell(column, body, view, at, row)
    if (at < 0) return -1
    at = skipBlanks(body, at)
    if (body[at] === closeObject) return found === columns.length ? at + 1 : -1
    if (body[at] !== comma) return -1
    at = skipBlanks(body, at + 1)
  }
}

/**
 * The index of the column whose name, in quotes, is at the position `at`, or -1. The search begins
 * with the column `first`.
 */
const indexOfName = (
  columns: ReadonlyArray<ColumnBuilder>,
  first: number,
  body: Uint8Array,
  at: number
): number => {
  const { length } = columns
  for (let step = 0; step < length; step++) {
    const index = (first + step) % length
    const prefix = columns[index]?.prefix
    if (prefix !== undefined && isName(prefix, body, at)) return index
  }
  return -1
}

const isName = (prefix: Uint8Array, body: Uint8Array, at: number): boolean => {
  const end = prefix.length - 1
  for (let index = 1; index < end; index++) {
    if (prefix[index] !== body[at + index - 1]) return false
  }
  return true
}

/**
 * Reads up to `count` rows by `JSON.parse`. Returns the position after them, or -1 if one of them
 * is wrong.
 */
const readRows = (body: Uint8Array, start: number, count: number, rows: RowsBuilder): number => {
  const first = rows.length
  let end = start
  let found = 0
  for (let at = start; found < count; found++) {
    if (body[at] !== openObject) return -1
    const next = skipBrackets(body, at)
    if (next < 0) return -1
    rows.reserve(first + found + 1)
    rows.starts[first + found] = at
    end = next
    at = skipBlanks(body, next)
    if (body[at] !== comma) {
      found++
      break
    }
    at = skipBlanks(body, at + 1)
  }
  const text = decodeText(body.subarray(start, end))
  const json = text === undefined ? undefined : parse(`[${text}]`)
  if (!isList(json) || json.length !== found) return -1
  for (let index = 0; index < found; index++) {
    const row = first + index
    const source = { bytes: body, start: rows.starts[row] ?? 0, end }
    if (fillRow(rows.columns, json[index], source, row) !== undefined) return -1
    rows.length++
  }
  return end
}

/**
 * Memory for reading the bytes of a page. A stream uses the same memory for its next page.
 *
 * V8 collects the whole heap after some megabytes of new arrays. If each page has memory of its
 * own, a stream of columns causes 1.7 times as many of these collections, and takes about 14 % more
 * CPU time. Measure it with `npm run bench -- columns`.
 */
export class Scratch {
  #bytes = new Uint8Array(0)
  #starts = new Int32Array(0)

  /** The bytes of a body in one array. The next call writes into the same array. */
  join(chunks: ReadonlyArray<Uint8Array>): Uint8Array {
    const [first] = chunks
    if (first !== undefined && chunks.length === 1) return first
    const size = chunks.reduce((sum, { length }) => sum + length, 0)
    const isKept = size <= maxKept
    const memory =
      size > this.#bytes.length ? new Uint8Array(isKept ? size + (size >> 2) : size) : this.#bytes
    if (isKept) this.#bytes = memory
    let end = 0
    for (const chunk of chunks) {
      memory.set(chunk, end)
      end += chunk.length
    }
    return memory.subarray(0, size)
  }

  /** An array for the places at which rows begin. The next call returns the same memory. */
  starts(capacity: number): Int32Array {
    const memory = capacity > this.#starts.length ? new Int32Array(capacity) : this.#starts
    if (4 * capacity <= maxKept) this.#starts = memory
    return memory.subarray(0, capacity)
  }
}

/** In bytes. Larger memory is not kept, because a stream may have only one page of this size. */
const maxKept = 8 * 1024 * 1024
