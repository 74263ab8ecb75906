/**
 * Caches a value on an object, under a key that is not enumerable: spread, comparison and printing
 * ignore it.
 *
 * The cache saves half of the time of a call with a new query. A `WeakMap` would do, but with many
 * short-lived objects its collection took longer than building the values. Measure it with
 * `npm run bench -- requests build`.
 */
export interface Memo<V> {
  readonly get: (object: object) => V | undefined
  /** Does nothing to a frozen object. */
  readonly set: (object: object, value: V) => void
}

export const makeMemo = <V>(): Memo<V> => {
  const key = Symbol("memo")
  return {
    // Only `set` has the key.
    get: (object) => (object as { readonly [key]?: V } | undefined)?.[key],
    set: (object, value) => void Reflect.defineProperty(object, key, { value })
  }
}
