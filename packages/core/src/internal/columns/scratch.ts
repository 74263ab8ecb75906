/**
 * Memory for reading the bytes of a page, which a stream uses again for its next page.
 *
 * V8 collects the whole heap after some megabytes of new arrays. If each page had memory of its
 * own, a stream of columns had more than twice as many of these collections, and took a quarter
 * more CPU time. Measure it with `npm run bench -- columns`.
 */
export class Scratch {
  #bytes = new Uint8Array(0)
  #starts = new Int32Array(0)

  /** The bytes of a body in one array. The next call writes into the same array. */
  join(chunks: ReadonlyArray<Uint8Array>): Uint8Array {
    const [first] = chunks
    if (first !== undefined && chunks.length === 1) return first
    const size = chunks.reduce((sum, { length }) => sum + length, 0)
    const memory = size > this.#bytes.length ? new Uint8Array(size + (size >> 2)) : this.#bytes
    if (size <= maxKept) this.#bytes = memory
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
