/**
 * Long pulls: a query over a long range, asked in windows and pages, as one stream of rows in
 * order.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { JsonObject, JsonValue } from "./JsonValue.js"
import type { RetryPolicy } from "./RetryPolicy.js"
import type { Interval } from "./TimeRange.js"

/** How a range is pulled. */
export interface Options {
  /**
   * How long a window may be: the part of the range that one request asks of. The pages of a window
   * come one after the other, and windows side by side, so a pull is fastest where a window fills
   * about one page. Default 7 days.
   */
  readonly window?: Duration.DurationInput
  /**
   * How many rows a page may have. A request asks for one more, to see whether the page ends
   * between two keys. A server may give fewer; the pull goes on until a page is empty. A page that
   * is too large for a gateway (413, 502, 504) or for `maxBodySize` is requested in smaller ones,
   * down to one row. Default 5,000.
   */
  readonly pageSize?: number
  /** How many windows are asked at a time. Rows come in order all the same. Default 4. */
  readonly concurrency?: number
  /** Where an earlier pull of the same query ended. */
  readonly resumeFrom?: ResumePoint
  /**
   * Runs when more is requested after rows, and at the end of each window. So the rows that it
   * counts have been consumed, and the rows in hand have not.
   */
  readonly onProgress?: (progress: Progress) => Effect.Effect<void>
  /** Retries and deadline of each request. Default: those of the layer. */
  readonly retry?: RetryPolicy
}

/**
 * After which row a pull can go on, which covers the rows that were consumed and no others: the
 * values, as the JSON came, of its time and of the key columns that the query does not hold to one
 * value. It can be stored as JSON.
 */
export interface ResumePoint {
  readonly after: ReadonlyArray<JsonValue>
}

/** How far a pull has come. */
export interface Progress {
  /** Windows that have been consumed whole. */
  readonly done: number
  /** All windows. */
  readonly total: number
  /** Rows consumed. */
  readonly rows: number
  /** Where to go on from here. None before the first row. */
  readonly resume: ResumePoint | undefined
}

/** What a pull would ask, without asking. */
export interface Plan {
  readonly windows: ReadonlyArray<Interval>
  readonly pageSize: number
  /**
   * How many rows there can be at most: periods of the range, times the values that the filter
   * allows for each key column. Not known where the filter leaves a key column or the granularity
   * open.
   */
  readonly rowsAtMost: number | undefined
  /** Each window takes one request to find its end. */
  readonly requestsAtLeast: number
  /** Not known where `rowsAtMost` is not. */
  readonly requestsAtMost: number | undefined
  /** The first request, as `MetricsClient.execute` takes it. */
  readonly firstRequest: {
    readonly operationName: string
    readonly document: string
    readonly variables: JsonObject
  }
}
