/**
 * The texts of a column. Their bytes are in one array, and equal texts are stored once. If most
 * texts differ, each row gets a text of its own, which costs less to write and to read.
 */

/** With more different texts than this, looking up each text takes longer than storing it again. */
const maxTexts = 4_096

/**
 * From this many different texts on, each row gets a text of its own if more than three quarters of
 * the rows before had a new text.
 */
const enough = 2_048

/** The length of the hash table: a power of two, more than twice `maxTexts`. */
const slotCount = 16_384

const noSlots = new Int32Array(0)

export class TextStore {
  bytes = new Uint8Array(1_024)
  offsets: Int32Array = new Int32Array(257)
  /** The number of each row's text. `undefined` if row and text have the same number. */
  codes: Int32Array | undefined
  /** Number of different texts. Not used if each row has a text of its own. */
  count = 0
  #slots = noSlots
  /** `#followers[n]` is the number of the text that was last set after text number `n`. */
  #followers = new Int32Array(256)
  /** The number of the text that was set last. */
  #last = 0
  #hashes = new Int32Array(256)

  constructor(capacity: number) {
    this.codes = new Int32Array(capacity)
  }

  grow(capacity: number): void {
    if (this.codes !== undefined) this.codes = grown(this.codes, capacity)
    else this.offsets = grown(this.offsets, capacity + 1)
  }

  /** Gives a row a text: the bytes from `start` to `end`, whose hash is `hash`. */
  set(row: number, bytes: Uint8Array, start: number, end: number, hash: number): void {
    const { codes } = this
    if (codes === undefined) {
      const at = this.offsets[row] ?? 0
      this.#write(at, bytes, start, end)
      this.offsets[row + 1] = at + end - start
      return
    }
    if (this.#slots.length === 0) this.#slots = new Int32Array(slotCount)
    const slots = this.#slots
    const hashes = this.#hashes
    let slot = (hash ^ (hash >>> 15)) & (slotCount - 1)
    for (let code = slots[slot] ?? 0; code !== 0; code = slots[slot] ?? 0) {
      if (hashes[code - 1] === hash && this.has(code - 1, bytes, start, end)) {
        this.#note(codes, row, code - 1)
        return
      }
      slot = (slot + 1) & (slotCount - 1)
    }
    const { count } = this
    if (count >= maxTexts || (count >= enough && 4 * count > 3 * row)) {
      this.#giveEachRowItsOwn(codes, row)
      this.set(row, bytes, start, end, hash)
      return
    }
    if (count + 1 >= this.offsets.length) {
      this.offsets = grown(this.offsets, 2 * this.offsets.length)
      this.#hashes = grown(this.#hashes, this.offsets.length)
      this.#followers = grown(this.#followers, this.offsets.length)
    }
    const at = this.offsets[count] ?? 0
    this.#write(at, bytes, start, end)
    this.offsets[count + 1] = at + end - start
    this.#hashes[count] = hash
    slots[slot] = count + 1
    this.count = count + 1
    this.#note(codes, row, count)
  }

  /** Gives a row no text. Its code is -1 until the column is finished. */
  skip(row: number): void {
    if (this.codes !== undefined) this.codes[row] = -1
    else this.offsets[row + 1] = this.offsets[row] ?? 0
  }

  /** Whether a text has the bytes from `start` to `end`. */
  has(text: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { offsets } = this
    const begin = offsets[text] ?? 0
    return (
      (offsets[text + 1] ?? 0) - begin === end - start &&
      matches(this.bytes, begin, bytes, start, end)
    )
  }

  /** Whether a row has the text of the row before. */
  isRepeated(row: number): boolean {
    const { codes, offsets } = this
    return codes === undefined
      ? this.has(row - 1, this.bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0)
      : codes[row] === codes[row - 1]
  }

  /** The text of a row as a number. */
  number(row: number): number {
    const text = this.codes?.[row] ?? row
    return Number(decoder.decode(this.bytes.subarray(this.offsets[text], this.offsets[text + 1])))
  }

  /**
   * The end of the text that is likely to come next, if the bytes at `start` begin with it, and
   * otherwise -1. The caller must check that the text really ends there.
   *
   * The rows of many zones arrive in the same order for each point in time, so a text is mostly
   * followed by the same text as before. If each row has a text of its own, the text of the
   * previous row is tried.
   */
  endOfLikely(row: number, bytes: Uint8Array, start: number): number {
    const { codes, offsets } = this
    const text = codes === undefined ? row - 1 : (this.#followers[this.#last] ?? 0)
    if (text < 0 || (codes !== undefined && text >= this.count)) return -1
    const begin = offsets[text] ?? 0
    const end = start + (offsets[text + 1] ?? 0) - begin
    return matches(this.bytes, begin, bytes, start, end) ? end : -1
  }

  /** Gives a row the text whose end was found by `endOfLikely`. */
  setLikely(row: number, bytes: Uint8Array, start: number, end: number): void {
    const { codes } = this
    if (codes === undefined) this.set(row, bytes, start, end, 0)
    else {
      this.#last = this.#followers[this.#last] ?? 0
      codes[row] = this.#last
    }
  }

  #note(codes: Int32Array, row: number, text: number): void {
    codes[row] = text
    this.#followers[this.#last] = text
    this.#last = text
  }

  #write(at: number, bytes: Uint8Array, start: number, end: number): void {
    const needed = at + end - start
    if (needed > this.bytes.length) this.bytes = grown(this.bytes, Math.max(needed, 2 * at))
    const own = this.bytes
    // For a short text, a call of the array's `set` takes longer than the loop.
    if (end - start > 64) own.set(bytes.subarray(start, end), at)
    else for (let to = at, from = start; from < end; to++, from++) own[to] = bytes[from] ?? 0
  }

  /** Rewrites the texts of the rows before `rows`, one for each row. */
  #giveEachRowItsOwn(codes: Int32Array, rows: number): void {
    const { bytes, offsets } = this
    this.codes = undefined
    this.bytes = new Uint8Array(2 * bytes.length)
    this.offsets = new Int32Array(codes.length + 1)
    for (let row = 0; row < rows; row++) {
      const text = codes[row] ?? -1
      if (text < 0) this.skip(row)
      else this.set(row, bytes, offsets[text] ?? 0, offsets[text + 1] ?? 0, 0)
    }
  }
}

const matches = (
  own: Uint8Array,
  begin: number,
  bytes: Uint8Array,
  start: number,
  end: number
): boolean => {
  for (let at = start, from = begin; at < end; at++, from++) {
    if (own[from] !== bytes[at]) return false
  }
  return true
}

const decoder = new TextDecoder()

/** A copy of the array with room for `length` elements. */
export const grown = <A extends Int32Array | Float64Array | Uint8Array | Uint16Array>(
  array: A,
  length: number
): A => {
  // The array's constructor creates an array of the same type.
  const next = new (array.constructor as new (length: number) => A)(Math.max(length, array.length))
  next.set(array)
  return next
}

/** The hash of bytes, by which texts are found (FNV-1a). */
export const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = noHash
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), hashFactor)
  return hash
}

export const noHash = -2_128_831_035

export const hashFactor = 16_777_619
