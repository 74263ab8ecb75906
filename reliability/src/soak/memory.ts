/** JavaScript's memory, without what could be collected. */

const megabyte = 1024 * 1024

/** In bytes. Node has to be started with `--expose-gc`. */
export const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

export const megabytes = (bytes: number): string => (bytes / megabyte).toFixed(0)

/**
 * Up to 10 % or 8 MB more, whichever is more, are code that the second half compiled and what V8
 * noted of it.
 */
export const isFlat = ([first, second]: readonly [number, number]): boolean =>
  second <= first + Math.max(first / 10, 8 * megabyte)
