/**
 * What was made of an object, kept on it, where spread, comparison and printing do not see it. A
 * WeakMap does the same, but with many objects that come and go it took longer to collect than all
 * that was made of them.
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
