/**
 * The number of rows that a page requests. It falls when a gateway or a limit rejects a page for
 * its size, and rises again later.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { CallError } from "../../MetricsError.js"
import { withCall } from "../errors.js"

/** Shared by the windows of a stream. */
export interface PageSize {
  /** The number of rows that a page returns. 0 means that a page requests a single row. */
  readonly rows: () => number
  /** Reports that a page has succeeded. */
  readonly succeeded: () => void
  /**
   * Reports that a page of this many rows was too large. If an outage may be the cause, waits
   * before the next page.
   */
  readonly failed: (rows: number, error: CallError) => Effect.Effect<void>
  /** The fewest rows to which a page was cut. A role's limit cuts pages without reporting it. */
  cutAt: number
}

/** Number of pages that must succeed before a larger one is tried. */
const steady = 8

export const makePageSize = (most: number): PageSize => {
  let rows = most
  let answered = 0
  let failures = 0
  /** How often each size was too large. An outage ends, but a limit rejects the same size again. */
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
 * too long on the server.
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
 * The error of a page that cannot be made smaller. It has its own hint, because the hint for a
 * query, such as to set a limit, does not help a page.
 */
export const stillTooMuch = (error: CallError, limit: number): CallError => {
  const hint = error.reason === "TooLarge" ? "Raise maxBodySize" : error.hint
  return withCall(error, {
    problem: `${error.problem}, for a page of ${limit} ${limit === 1 ? "row" : "rows"} that cannot be made smaller`,
    hint:
      limit === 1
        ? `${hint}. A lower pageSize does not help, because the page was reduced to one row: select fewer columns`
        : `${hint}. These rows have the same key, so one page must hold them all: mark more columns with Column.key`
  })
}
