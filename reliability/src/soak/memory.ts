/** JavaScript's memory after a collection. */

const megabyte = 1024 * 1024

/** In bytes. Node must be started with `--expose-gc`. */
export const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

export const megabytes = (bytes: number): string => (bytes / megabyte).toFixed(0)

/**
 * Allows up to 10 % or 8 MB more, whichever is larger. The second half may compile code, and V8
 * keeps data about it.
 */
export const isFlat = ([first, second]: readonly [number, number]): boolean =>
  second <= first + Math.max(first / 10, 8 * megabyte)
