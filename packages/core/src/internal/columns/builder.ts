/** Columns that are being filled, row by row. */
import type { Column } from "../../ColumnBatch.js"
import type { Field, Kind } from "./plan.js"
import { grown, TextStore } from "./texts.js"

/**
 * A column that is being filled. All kinds of columns have this one class, so that all columns have
 * the same hidden class in V8, which makes the loop of `scan.ts` faster. Only the arrays of the
 * column's kind are created.
 */
export class ColumnBuilder {
  readonly field: Field
  readonly kind: Kind
  /**
   * The bytes that `scan.ts` expects in front of a cell: `{"name":` for the first column of a row,
   * otherwise `,"name":`. Empty until `expectAt` is called.
   */
  prefix: Uint8Array = noBytes
  /** The length of the prefix. */
  size = 0
  /**
   * The first and the last eight bytes of the prefix, as doubles. A double has eight bytes, so two
   * prefixes can be compared in steps of eight bytes. Not set if the prefix has fewer than eight.
   * They are not in an array, because V8 checks the bounds of an array each time.
   */
  firstWord = 0
  lastWord = 0
  /** The doubles that follow the first one. The last eight bytes may overlap them. */
  words: Float64Array = noDoubles
  ints: Int32Array = noInts
  doubles: Float64Array = noDoubles
  flags: Uint8Array = noBytes
  /** Empty until a timestamp has microseconds. */
  micros: Uint16Array = noShorts
  texts: TextStore | undefined
  /** Empty until a row is null. */
  validity: Uint8Array = noBytes
  /** Where the timestamp that was last read digit by digit begins in the body, or -1. */
  lastAt = -1
  /** This timestamp, in epoch milliseconds. */
  lastTime = 0
  /** Where the date that was last read digit by digit begins in the body, or -1. */
  dayAt = -1
  /** The days from 1970-01-01 to this date. */
  day = 0
  /** Whether a timestamp has a digit other than 0 after its microseconds. */
  isFiner = false
  /** The last row in which the column was found by its name. */
  namedIn = -1

  constructor(
    field: Field,
    public capacity: number,
    memory: Memory | undefined
  ) {
    this.field = field
    this.kind = field.kind
    switch (field.kind) {
      case "int32":
      case "date":
        this.ints = intsOf(capacity, memory)
        break
      case "int64":
        this.ints = intsOf(2 * capacity, memory)
        break
      case "float64":
      case "timestamp":
        this.doubles = memory?.doubles(capacity) ?? new Float64Array(capacity)
        break
      case "boolean":
        this.flags = new Uint8Array(capacity)
        break
      default:
        this.texts = new TextStore(capacity)
    }
  }

  /**
   * Sets the prefix and its parts, and takes them from `example` if there is one. `index` is the
   * column's place in a row.
   */
  expectAt(index: number, example: ColumnBuilder | undefined): void {
    if (example !== undefined) {
      this.prefix = example.prefix
      this.size = example.size
      this.firstWord = example.firstWord
      this.lastWord = example.lastWord
      this.words = example.words
      return
    }
    const prefix = encoder.encode(`${index === 0 ? "{" : ","}"${this.field.name}":`)
    const size = prefix.length
    this.prefix = prefix
    this.size = size
    if (size < 8) return
    const view = new DataView(prefix.buffer, prefix.byteOffset, size)
    this.firstWord = view.getFloat64(0, true)
    this.lastWord = view.getFloat64(size - 8, true)
    const count = Math.max(0, ((size + 7) >> 3) - 2)
    this.words = Float64Array.from({ length: count }, (_, word) =>
      view.getFloat64(8 * word + 8, true)
    )
  }

  grow(capacity: number): void {
    this.capacity = capacity
    if (this.ints.length > 0) {
      this.ints = grown(this.ints, this.kind === "int64" ? 2 * capacity : capacity)
    }
    if (this.doubles.length > 0) this.doubles = grown(this.doubles, capacity)
    if (this.flags.length > 0) this.flags = grown(this.flags, capacity)
    if (this.micros.length > 0) this.micros = grown(this.micros, capacity)
    this.texts?.grow(capacity)
    if (this.validity.length > 0) {
      const before = this.validity.length
      this.validity = grown(this.validity, bytesOf(capacity)).fill(255, before)
    }
  }

  setNull(row: number): void {
    if (this.validity.length === 0) this.validity = new Uint8Array(bytesOf(this.capacity)).fill(255)
    this.validity[row >> 3] = (this.validity[row >> 3] ?? 0) & ~(1 << (row & 7))
    switch (this.kind) {
      case "int32":
      case "date":
        this.ints[row] = 0
        break
      case "int64":
        this.ints[2 * row] = 0
        this.ints[2 * row + 1] = 0
        break
      case "float64":
      case "timestamp":
        this.doubles[row] = Number.NaN
        break
      case "boolean":
        this.flags[row] = 0
        break
      default:
        this.texts?.skip(row)
    }
  }

  /** Marks a row as not null. A scan that failed later in this row may have marked it as null. */
  setValid(row: number): void {
    if (this.validity.length > 0) {
      this.validity[row >> 3] = (this.validity[row >> 3] ?? 0) | (1 << (row & 7))
    }
  }

  setMicros(row: number, micros: number): void {
    if (this.micros.length === 0) {
      if (micros === 0) return
      this.micros = new Uint16Array(this.capacity)
    }
    this.micros[row] = micros
  }

  isNull(row: number): boolean {
    return this.validity.length > 0 && (((this.validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0
  }

  /** Writes a `bigint` of 64 bits. */
  setInt64(row: number, value: bigint): void {
    this.ints[2 * row] = Number(BigInt.asIntN(32, value))
    this.ints[2 * row + 1] = Number(BigInt.asIntN(32, value >> 32n))
  }

  /** Returns the column of the first `rows` rows. Only its texts are copied from the builder. */
  finish(rows: number): Column {
    const nulls = this.#nulls(rows)
    switch (this.kind) {
      case "int32":
      case "date":
        return { kind: this.kind, values: firstOf(this.ints, rows), ...nulls }
      case "int64":
        return { kind: "int64", values: int64Of(this.ints, rows), ...nulls }
      case "float64":
        return { kind: "float64", values: firstOf(this.doubles, rows), ...nulls }
      case "timestamp":
        return {
          kind: "timestamp",
          values: firstOf(this.doubles, rows),
          micros: this.micros.length === 0 ? undefined : this.micros.subarray(0, rows),
          ...nulls
        }
      case "boolean":
        return { kind: "boolean", values: this.flags.subarray(0, rows), ...nulls }
      case "text":
      case "decimal":
      case "json": {
        const { bytes, codes, count, offsets } = this.texts ?? new TextStore(0)
        const texts = codes === undefined ? rows : count
        if (codes !== undefined && nulls.nullCount > 0) {
          for (let row = 0; row < rows; row++) if (this.isNull(row)) codes[row] = 0
        }
        return {
          kind: this.kind,
          bytes: bytes.slice(0, offsets[texts]),
          offsets: offsets.slice(0, texts + 1),
          codes: codes?.subarray(0, rows),
          ...nulls
        }
      }
    }
  }

  #nulls(rows: number) {
    if (this.validity.length === 0) return { validity: undefined, nullCount: 0 }
    let nullCount = 0
    for (let row = 0; row < rows; row++) if (this.isNull(row)) nullCount++
    return {
      validity: nullCount === 0 ? undefined : this.validity.subarray(0, bytesOf(rows)),
      nullCount
    }
  }
}

/**
 * The first `length` elements. If the array has this length, it is returned itself, because a view
 * of it would cost as much time as two rows.
 */
const firstOf = <A extends { length: number; subarray: (begin: number, end: number) => A }>(
  array: A,
  length: number
): A => (length === array.length ? array : array.subarray(0, length))

/** If a batch has at most this many rows, its arrays of numbers share one `ArrayBuffer`. */
const few = 512

/**
 * The memory that the arrays of a batch with few rows share. An `ArrayBuffer` for each array would
 * cost the garbage collector more time than the rows themselves.
 */
class Memory {
  readonly #buffer: ArrayBuffer
  #used = 0

  constructor(bytes: number) {
    this.#buffer = new ArrayBuffer(bytes)
  }

  doubles(length: number): Float64Array {
    const array = new Float64Array(this.#buffer, this.#used, length)
    this.#used += array.byteLength
    return array
  }

  ints(length: number): Int32Array {
    const array = new Int32Array(this.#buffer, this.#used, length)
    // A `Float64Array` must begin at a multiple of eight bytes.
    this.#used += (array.byteLength + 7) & ~7
    return array
  }
}

const intsOf = (length: number, memory: Memory | undefined): Int32Array =>
  memory?.ints(length) ?? new Int32Array(length)

const bytesOf = (rows: number): number => (rows + 7) >> 3

/**
 * The integers of 64 bits, whose lower and upper halves are in `halves`. On a little-endian
 * machine, two halves in this order already are the bytes of one such integer.
 */
const int64Of = (halves: Int32Array, rows: number): BigInt64Array => {
  const values = new BigInt64Array(halves.buffer, halves.byteOffset, rows)
  if (isLittleEndian) return values
  for (let row = 0; row < rows; row++) {
    values[row] =
      (BigInt(halves[2 * row + 1] ?? 0) << 32n) | BigInt.asUintN(32, BigInt(halves[2 * row] ?? 0))
  }
  return values
}

const isLittleEndian = new Uint8Array(new Int32Array([1]).buffer)[0] === 1

const encoder = new TextEncoder()

const noInts = new Int32Array(0)
const noDoubles = new Float64Array(0)
const noBytes = new Uint8Array(0)
const noShorts = new Uint16Array(0)

/** The columns of a page, which are filled row by row. */
export class RowsBuilder {
  readonly columns: ReadonlyArray<ColumnBuilder>
  /** The position in the body at which each row begins. Only a scan sets these positions. */
  starts: Int32Array = noInts
  /** Number of rows. */
  length = 0

  constructor(fields: ReadonlyArray<Field>, capacity: number) {
    const memory = capacity > few ? undefined : new Memory(8 * capacity * fields.length)
    // The loops of this class have no closures, because V8 would optimize them again for each page.
    const columns: Array<ColumnBuilder> = []
    for (const field of fields) columns.push(new ColumnBuilder(field, capacity, memory))
    this.columns = columns
  }

  /**
   * Prepares the columns for reading the bytes of rows. `example` has the same columns, which have
   * already been prepared.
   */
  expect(
    example?: RowsBuilder,
    starts: Int32Array = new Int32Array(this.columns[0]?.capacity ?? 0)
  ): this {
    this.starts = starts
    for (const [index, column] of this.columns.entries()) {
      column.expectAt(index, example?.columns[index])
    }
    return this
  }

  /** Makes the arrays long enough for `rows` rows. */
  reserve(rows: number): void {
    if (rows <= this.starts.length) return
    const capacity = Math.max(rows, 2 * this.starts.length)
    this.starts = grown(this.starts, capacity)
    for (const column of this.columns) column.grow(capacity)
  }

  /** The first `count` columns, by name. */
  finish(count: number): { readonly [name: string]: Column } {
    const finished: Array<readonly [string, Column]> = []
    for (const column of this.columns) {
      if (finished.length === count) break
      finished.push([column.field.name, column.finish(this.length)])
    }
    return Object.fromEntries(finished)
  }
}

/**
 * The number of rows for which the arrays are created: the number of requested rows, or the number
 * of rows that fit into the body if this number is smaller. The arrays therefore rarely grow.
 */
export const capacityOf = (
  fields: ReadonlyArray<Field>,
  limit: number,
  bodySize: number
): number => {
  // A row needs at least two bytes, and at least `"name":0,` for each value.
  let leastRow = 2
  for (const { name } of fields) leastRow += name.length + 5
  return Math.max(1, Math.min(limit, Math.ceil(bodySize / leastRow)))
}
