/** JavaScript's memory, without what could be collected. */

const megabyte = 1024 * 1024

/** In bytes. Node has to be started with `--expose-gc`. */
export const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

export const megabytes = (bytes: number): string => (bytes / megabyte).toFixed(0)

/**
 * The most of the last half against the most of the first half: up to 10 % or 8 MB more, whichever is more, are the calls that
 * happen to be under way.
 */
export const isFlat = (samples: ReadonlyArray<number>): boolean => {
  const half = Math.floor(samples.length / 2)
  const first = Math.max(...samples.slice(0, half))
  return Math.max(...samples.slice(half)) <= first + Math.max(first / 10, 8 * megabyte)
}
