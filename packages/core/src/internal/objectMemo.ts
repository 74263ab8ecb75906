/**
 * Values kept on the objects that they were made of, where spread, comparison and printing do not
 * see them.
 *
 * Saves half of the time of a call with a new query. A `WeakMap` does the same, but with many
 * objects of a short life, collecting it took longer than making the values. Measure it with
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
    // Nothing but `set` has the key.
    get: (object) => (object as { readonly [key]?: V } | undefined)?.[key],
    set: (object, value) => void Reflect.defineProperty(object, key, { value })
  }
}
