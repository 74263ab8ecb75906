/**
 * Caches a value on an object, under a key that is not enumerable: spread, comparison and printing
 * ignore it.
 *
 * The cache saves half of the time of a call with a new query. A `WeakMap` would also do. With many
 * short-lived objects, however, collecting the garbage of a `WeakMap` took longer than building the
 * values. `npm run bench -- requests build` measures this.
 */
export interface Memo<V> {
  readonly get: (object: object) => V | undefined
  /** Does nothing to a frozen object. */
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
