/**
 * The number of rows that a page requests. It is reduced when a gateway or a limit rejects a page
 * because of its size, and is increased again later.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { CallError } from "../../MetricsError.js"
import { withCall } from "../errors.js"

/** The page size, which all windows of a stream share. */
export interface PageSize {
  /**
   * The number of rows that a page should return. A page requests one row more, so with 0 it
   * requests a single row.
   */
  readonly rows: () => number
  /** Reports that a page has succeeded. */
  readonly succeeded: () => void
  /**
   * Reports that a page with `rows` rows was too large. If the failure may also come from an
   * outage, the effect waits before the next page is requested.
   */
  readonly failed: (rows: number, error: CallError) => Effect.Effect<void>
  /**
   * The smallest number of rows of a page that the server has cut. The server cuts a page to the
   * row limit of the token's role, without an error.
   */
  cutAt: number
}

/** The number of pages that must succeed before a larger page is requested. */
const steady = 8

export const makePageSize = (most: number): PageSize => {
  let rows = most
  let answered = 0
  let failures = 0
  /**
   * How often a page of each size was too large. A size that was too large twice is not requested
   * again, because the cause is probably a limit and not an outage.
   */
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
 * Whether a request for fewer rows may succeed. This is true if the body is too long for the client
 * or a gateway, or if the query takes too long on the server.
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
 * The error of a page that cannot be made smaller. The hint for `TooLarge` is replaced, because it
 * also suggests a limit and a smaller page size, and neither of them helps here.
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
