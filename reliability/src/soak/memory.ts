/** JavaScript's memory after a garbage collection. */

const megabyte = 1024 * 1024

/** The size of the heap in bytes. Node must be started with `--expose-gc`. */
export const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

export const megabytes = (bytes: number): string => (bytes / megabyte).toFixed(0)

/**
 * Whether memory did not grow from the first half of the run to the second half. The second value
 * may be larger by 10 % or 8 MB, whichever is more. V8 may compile more code in the second half,
 * and keeps data about this code.
 */
export const isFlat = ([first, second]: readonly [number, number]): boolean =>
  second <= first + Math.max(first / 10, 8 * megabyte)
