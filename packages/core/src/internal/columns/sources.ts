/** Where the cells of a row are in the bytes of a response that is known to be JSON. */
import type { ColumnBuilder } from "./builder.js"
import {
  closeList,
  comma,
  openList,
  openObject,
  quote,
  skipBlanks,
  skipBrackets,
  skipBytes,
  skipValue
} from "./bytes.js"
import { decodeText, parse } from "./json.js"

/** A part of a response. */
export interface Source {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/**
 * The cells of a row, in the order of the columns. Of members with the same name the last one
 * counts, as in `JSON.parse`.
 */
export const cellsOf = (
  row: Source,
  columns: ReadonlyArray<ColumnBuilder>
): ReadonlyArray<Source> => {
  const cells: Array<Source> = new Array(columns.length)
  for (const { nameStart, nameEnd, ...cell } of membersOf(row)) {
    const length = nameEnd - nameStart + 2
    let index = columns.findIndex(
      ({ prefix }) =>
        prefix.length === length &&
        skipBytes(row.bytes, nameStart, prefix.subarray(1, length - 1)) > 0
    )
    // A name can be written with escapes.
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

/** The last member of an object with a name. */
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
    // A colon follows.
    const cell = skipBlanks(bytes, skipBlanks(bytes, nameEnd) + 1)
    const end = endOf(bytes, cell)
    yield { bytes, start: cell, end, nameStart: at, nameEnd }
    at = skipBlanks(bytes, end)
    if (bytes[at] !== comma) return
    at = skipBlanks(bytes, at + 1)
  }
}

/** Where each element of a list is. */
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

/** The whole of a response, without the mark that may begin it. */
export const wholeOf = (bytes: Uint8Array): Source => {
  const mark = skipBytes(bytes, 0, byteOrderMark)
  return { bytes, start: skipBlanks(bytes, Math.max(0, mark)), end: bytes.length }
}

const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf)
