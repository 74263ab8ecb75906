/** A map of what is in flight, such as calls. Its entries come and go. */

/**
 * Like a `Map`. The entries are moved to a new `Map` again and again.
 *
 * V8 keeps many deleted values of a long-lived `Map` or `Set` until the next collection of the
 * whole heap (`findings/v8-map-of-short-lived-entries.sh`). Copying this garbage took a fifth of
 * the time of a call. A new `Map` is in the young generation, where V8 frees what was deleted.
 */
export class InFlightMap<K, V> {
  #entries = new Map<K, V>()
  #added = 0

  get size(): number {
    return this.#entries.size
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  set(key: K, value: V): void {
    this.#added++
    // With many entries, moving them costs more than it saves.
    if (this.#added >= mostAdded && this.#added > 2 * this.#entries.size) {
      this.#entries = new Map(this.#entries)
      this.#added = 0
    }
    this.#entries.set(key, value)
  }

  /** Whether the map contained the key. */
  delete(key: K): boolean {
    return this.#entries.delete(key)
  }

  /** After a `set` during an iteration, the iteration may not show later changes. */
  keys(): IterableIterator<K> {
    return this.#entries.keys()
  }
}

/**
 * In a program that allocates little for each entry, a `Map` is replaced before two minor
 * collections have moved it to the old generation. Otherwise the old table keeps at most this many
 * deleted entries.
 */
const mostAdded = 256
