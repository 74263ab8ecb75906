/**
 * Streams: a query over a long range, requested in windows and pages, as one stream of rows in
 * order (keyset pagination).
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { JsonObject, JsonValue } from "./JsonValue.js"
import type { RetryPolicy } from "./RetryPolicy.js"
import type { Interval } from "./TimeRange.js"

/** Options of a stream. */
export interface Options {
  /**
   * Maximum length of a window, the part of the range that one request covers. Windows are
   * requested concurrently, but the pages of a window one after the other. A stream is therefore
   * fastest if a window fills about one page. Default 7 days.
   */
  readonly window?: Duration.DurationInput
  /**
   * Maximum number of rows of a page. A request asks for one more row, to see whether the page ends
   * between two keys. A server may return fewer rows, so the stream continues until a page is
   * empty. If a page is too large for a gateway (413, 502, 504) or for `maxBodySize`, the stream
   * requests smaller pages, down to one row. Default 5,000.
   */
  readonly pageSize?: number
  /** How many windows are requested at a time. Rows stay in order. Default 4. */
  readonly concurrency?: number
  /** The resume point at which an earlier stream of the same query ended. */
  readonly resumeFrom?: ResumePoint
  /**
   * Runs when the consumer continues after the rows of a page, and at the end of each window. All
   * counted rows have therefore been consumed; the rows of the current page are not counted yet.
   */
  readonly onProgress?: (progress: Progress) => Effect.Effect<void>
  /** Retries and deadline of each request. Default: the layer's policy. */
  readonly retry?: RetryPolicy
}

/**
 * The row after which a stream can continue. It covers exactly the rows that were consumed. `after`
 * has the JSON of the row's time and of the key columns that the query does not restrict to one
 * value. It can be stored as JSON.
 */
export interface ResumePoint {
  readonly after: ReadonlyArray<JsonValue>
}

/** How far a stream has come. */
export interface Progress {
  /** Windows that have been consumed completely. */
  readonly done: number
  /** All windows. */
  readonly total: number
  /** Rows consumed. */
  readonly rows: number
  /** Where to continue from here. `undefined` before the first row. */
  readonly resume: ResumePoint | undefined
}

/** What a stream would send, without sending it. */
export interface Plan {
  readonly windows: ReadonlyArray<Interval>
  readonly pageSize: number
  /**
   * Upper bound of rows: the number of periods of the range, multiplied by the number of values
   * that the filter allows for each key column. `undefined` if the filter leaves a key column or
   * the granularity open.
   */
  readonly rowsAtMost: number | undefined
  /** Lower bound of requests: each window takes at least one, to find its end. */
  readonly requestsAtLeast: number
  /** Upper bound of requests. `undefined` if `rowsAtMost` is `undefined`. */
  readonly requestsAtMost: number | undefined
  /** The first request, as `MetricsClient.execute` accepts it. */
  readonly firstRequest: {
    readonly operationName: string
    readonly document: string
    readonly variables: JsonObject
  }
}
