/**
 * Streams. A stream divides the long time range of a query into windows, and requests each window
 * in pages (keyset pagination). The result is one stream of rows in order.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { JsonObject, JsonValue } from "./JsonValue.js"
import type { RetryPolicy } from "./RetryPolicy.js"
import type { Interval } from "./TimeRange.js"

/** Options of a stream. */
export interface Options {
  /**
   * Maximum length of a window. The time range is divided into windows, and each window is
   * requested in pages. Several windows are requested at a time. The pages of a window are
   * requested one after the other. A stream is therefore fastest if the rows of a window fill about
   * one page. Default 7 days.
   */
  readonly window?: Duration.DurationInput
  /**
   * Maximum number of rows of a page. A request asks for one extra row, which shows whether the
   * page ends between two rows with the same key. A server may return fewer rows, so the stream
   * continues until a page is empty. If a page is too large for a gateway (413, 502, 504) or for
   * `maxBodySize`, the stream requests smaller pages, down to one row. Default 5,000.
   */
  readonly pageSize?: number
  /** How many windows are requested at a time. Rows stay in order. Default 4. */
  readonly concurrency?: number
  /**
   * The resume point of an earlier stream of the same query. The stream begins after this point.
   */
  readonly resumeFrom?: ResumePoint
  /**
   * Runs when the program has consumed the rows of a page and asks for more rows, and at the end of
   * each window. The program has therefore consumed all rows that `progress.rows` counts. Rows of a
   * page are not counted while the program consumes this page.
   */
  readonly onProgress?: (progress: Progress) => Effect.Effect<void>
  /** Retries and deadline of each request. Default: the layer's policy. */
  readonly retry?: RetryPolicy
}

/**
 * The position of the last row that was consumed. A later stream can continue after this row.
 * `after` has the JSON of the row's time and of the key columns that the query does not restrict to
 * one value. A resume point can be stored as JSON.
 */
export interface ResumePoint {
  readonly after: ReadonlyArray<JsonValue>
}

/** The progress of a stream. */
export interface Progress {
  /** Number of windows that have been consumed completely. */
  readonly done: number
  /** Number of all windows. */
  readonly total: number
  /** Number of rows that have been consumed. */
  readonly rows: number
  /** The resume point after the consumed rows. `undefined` before the first row. */
  readonly resume: ResumePoint | undefined
}

/** A description of the requests that a stream sends. */
export interface Plan {
  readonly windows: ReadonlyArray<Interval>
  readonly pageSize: number
  /**
   * Upper bound of rows: the number of periods of the range, multiplied by the number of values
   * that the filter allows for each key column. `undefined` if the filter does not limit a key
   * column or the granularity to certain values.
   */
  readonly rowsAtMost: number | undefined
  /**
   * Lower bound of requests. Each window needs at least one request, to find the end of its rows.
   */
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
