// Assertions without a test runner, because no test runner works in all runtimes.

import { MetricsError } from "@innerspace-metrics/core"

export function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`)
}

export function ok(condition, what) {
  if (!condition) throw new Error(what)
}

/** The error of a promise that must reject. */
export async function rejection(promise) {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error) => ({ error })
  )
  if ("error" in outcome) return outcome.error
  throw new Error(`It returned ${JSON.stringify(outcome.value)?.slice(0, 200)}, not an error`)
}

/** The error of a promise that must reject with an error of the library that has this tag. */
export async function failure(promise, tag, reason) {
  const error = await rejection(promise)
  ok(MetricsError.isMetricsError(error), `It rejected with ${error}, not with a MetricsError`)
  equal([error._tag, error.reason], [tag, reason], error.message)
  ok(error.hint.length > 0, "The error has no hint")
  return error
}

/** All items of an async iterable. */
export async function all(items) {
  const found = []
  for await (const item of items) found.push(item)
  return found
}
