/**
 * Caches a value on an object, under a key that is not enumerable. A spread, a comparison and
 * `JSON.stringify` ignore such a key.
 *
 * The caches save half of the time of a call with a new query: if an earlier query had the same
 * shape, the document and the text of the document are found in caches. A `WeakMap` could also hold
 * the values. With many short-lived objects, however, the garbage collection of the `WeakMap` took
 * longer than building the values. `npm run bench -- requests build` measures this.
 */
export interface Memo<V> {
  readonly get: (object: object) => V | undefined
  /** Caches the value. For a frozen object, `set` does nothing. */
  readonly set: (object: object, value: V) => void
}

export const makeMemo = <V>(): Memo<V> => {
  const key = Symbol("memo")
  return {
    // No other code has the key, so only `set` can have set the value.
    get: (object) => (object as { readonly [key]?: V } | undefined)?.[key],
    set: (object, value) => void Reflect.defineProperty(object, key, { value })
  }
}
