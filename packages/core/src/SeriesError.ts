/**
 * Errors of series: rows cannot become a series, or series cannot be combined.
 */
import * as Data from "effect/Data"
import { type Described, described } from "./internal/described.js"

/**
 * Why rows cannot become a series, or series cannot be combined.
 *
 * - `InvalidTime`: the time column does not hold a `DateTime` or a `Date`
 * - `InvalidValue`: a value is not a finite number, or `metric` is not a metric
 * - `InvalidKey`: the column `by` of `pivot` holds an object
 * - `PartialPeriod`: the range begins or ends within a period
 * - `RowOutsideRange`: a row is before or after the range
 * - `RowWithinPeriod`: a row is not at the start of a period
 * - `OtherZoneRules`: the row of a day, week or month starts up to two hours before or after its
 *   period. Either the API and the runtime have different rules for the zone, or the zone is not
 *   the building's zone
 * - `DuplicateRow`: two rows are in one period
 * - `NotCombinable`: the metric cannot be combined in this way
 * - `NotCoarser`: periods of the new granularity do not consist of whole periods of the series
 * - `InvalidWeight`: a weight is missing, negative or not a finite number
 * - `DifferentBuckets`: the series differ in metric, granularity, zone or periods
 * - `NoSeries`: the list of series to combine is empty
 */
type SeriesReason =
  | "InvalidTime"
  | "InvalidValue"
  | "InvalidKey"
  | "PartialPeriod"
  | "RowOutsideRange"
  | "RowWithinPeriod"
  | "OtherZoneRules"
  | "DuplicateRow"
  | "NotCombinable"
  | "NotCoarser"
  | "InvalidWeight"
  | "DifferentBuckets"
  | "NoSeries"

/** The fields of a `SeriesError`. */
interface SeriesErrorFields {
  readonly reason: SeriesReason
  /** What is wrong, with the wrong value. */
  readonly problem: string
  /** The next step, in a sentence. */
  readonly hint: string
  /** Number of the row, from 0. */
  readonly row?: number
  readonly column?: string
}

/**
 * Rows cannot become a series, or series cannot be combined. Retrying does not help: the same rows
 * fail in the same way.
 *
 * @example
 * ```ts
 * import type { SeriesError } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const explain = <A, R>(effect: Effect.Effect<A, SeriesError.SeriesError, R>) =>
 *   Effect.catchTag(effect, "SeriesError", (error) =>
 *     error.reason === "DuplicateRow" ? Effect.logError(error.hint) : Effect.fail(error)
 *   )
 * ```
 */
export class SeriesError extends Data.TaggedError("SeriesError")<Described<SeriesErrorFields>> {
  constructor(fields: SeriesErrorFields) {
    super(described(fields))
  }
}
