/**
 * Why rows are no series, or series cannot be combined.
 */
import * as Data from "effect/Data"

/**
 * Why there is no series.
 *
 * - `InvalidTime`: the time column does not hold a `DateTime`
 * - `InvalidValue`: a value is no finite number
 * - `InvalidKey`: the column to pivot by holds an object
 * - `PartialPeriod`: the range begins or ends within a period
 * - `RowOutsideRange`: a row is before the range or after it
 * - `RowWithinPeriod`: a row does not stand at the start of a period
 * - `DuplicateRow`: two rows of one period
 * - `NotCombinable`: the metric cannot be combined in this way
 * - `NotCoarser`: periods do not consist of whole periods of the series
 * - `InvalidWeight`: a weight is missing, below zero or no finite number
 * - `DifferentBuckets`: series to combine differ in metric, granularity, zone or periods
 * - `NoSeries`: there is nothing to combine
 */
export type SeriesReason =
  | "InvalidTime"
  | "InvalidValue"
  | "InvalidKey"
  | "PartialPeriod"
  | "RowOutsideRange"
  | "RowWithinPeriod"
  | "DuplicateRow"
  | "NotCombinable"
  | "NotCoarser"
  | "InvalidWeight"
  | "DifferentBuckets"
  | "NoSeries"

/** What a `SeriesError` is made of. */
export interface SeriesErrorFields {
  readonly reason: SeriesReason
  /** What is wrong: the thing and the wrong value. */
  readonly problem: string
  /** The next step, in a sentence. */
  readonly hint: string
  /** Number of the row, from 0. */
  readonly row?: number
  readonly column?: string
}

/**
 * Rows that are no series, or series that cannot be combined. The same rows fail the same way:
 * trying again does not help.
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
export class SeriesError extends Data.TaggedError("SeriesError")<
  SeriesErrorFields & { readonly message: string }
> {
  constructor(fields: SeriesErrorFields) {
    super({ ...fields, message: `${fields.problem}. ${fields.hint}.` })
  }
}
