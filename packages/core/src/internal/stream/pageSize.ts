/**
 * How many rows a page asks for: fewer after a gateway or a limit has refused one for its size, and
 * more again later.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { type CallError, withCall } from "../../MetricsError.js"

/** Shared by the windows of a pull. */
export interface PageSize {
  /** Rows to hand on; 0 where a page is one row by itself. */
  readonly rows: () => number
  /** A page was answered. */
  readonly succeeded: () => void
  /**
   * A page of so many rows was too much. Waits before the next one where the cause can be an
   * outage.
   */
  readonly failed: (rows: number, error: CallError) => Effect.Effect<void>
  /** The fewest rows that a page was cut to: a limit of the role does not say so. */
  cutAt: number
}

/** Pages to be answered before a larger one is tried. */
const steady = 8

export const makePageSize = (most: number): PageSize => {
  let rows = most
  let answered = 0
  let failures = 0
  /** Sizes that were too much more than once: an outage passes, a limit does not. */
  const failed = new Map<number, number>()
  const isRefused = (size: number) =>
    [...failed].some(([known, times]) => known <= size && times > 1)

  return {
    rows: () => rows,
    succeeded: () => {
      failures = 0
      answered++
      const larger = Math.min(most, rows * 2 || 1)
      if (rows === most || answered < steady || isRefused(larger)) return
      rows = larger
      answered = 0
    },
    failed: (size, error) =>
      Effect.flatMap(Random.next, (random) => {
        failed.set(size, (failed.get(size) ?? 0) + 1)
        rows = Math.min(rows, Math.floor(size / 4))
        answered = 0
        failures++
        return error.isRetryable
          ? Effect.sleep(random * Math.min(5_000, 200 * 2 ** (failures - 1)))
          : Effect.void
      }),
    cutAt: Number.POSITIVE_INFINITY
  }
}

/**
 * Whether fewer rows may help: the body is too long for the client or a gateway, or the query takes
 * the server too long.
 */
export const asksForTooMuch = (error: CallError): boolean => {
  switch (error._tag) {
    case "ResponseError":
      return error.reason === "TooLarge" || [413, 502, 504].includes(error.status)
    case "GraphQLError":
      return error.status === 413 || error.errors.some(({ code }) => code === "time-limit-exceeded")
    default:
      return false
  }
}

/**
 * The error of a page that cannot be made smaller. What helps a query, such as a limit, does not
 * help a page.
 */
export const stillTooMuch = (error: CallError, limit: number): CallError => {
  const hint = error.reason === "TooLarge" ? "Raise maxBodySize" : error.hint
  return withCall(error, {
    problem: `${error.problem}, for a page of ${limit} ${limit === 1 ? "row" : "rows"} that cannot be made smaller`,
    hint:
      limit === 1
        ? `${hint}. Pages were reduced to one row, so a lower pageSize does not help: select fewer columns`
        : `${hint}. These rows have the same key, so one page must hold them all: mark more columns with Column.key`
  })
}
