/**
 * Resolves a time range for the function `range` of a scalar, which turns the range into operators.
 */

import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { rememberSpans } from "#remember"
import type { QueryError } from "../../MetricsError.js"
import * as TimeRange from "../../TimeRange.js"
import * as calendar from "../time/calendar.js"

/**
 * A resolved `TimeRange`: its start and end as instants, and its first and last date if the range
 * was made in a zone.
 */
export interface Span {
  readonly start: DateTime.Utc
  readonly end: DateTime.Utc
  readonly dates: { readonly first: string; readonly last: string } | undefined
}

export type SpanOf = (range: TimeRange.TimeRange, now: number) => Either.Either<Span, QueryError>

export const spanOf: SpanOf = /* @__PURE__ */ rememberSpans((range, now) =>
  Either.map(TimeRange.resolveAt(range, now), ({ start, end }) => {
    // The range was resolved, so the runtime knows its zone, if the range has a zone.
    const zone = Option.getOrUndefined(
      Option.flatMap(Option.fromNullable(range.source.zone), DateTime.zoneMakeNamed)
    )
    if (zone === undefined) return { start, end, dates: undefined }
    const date = (instant: number) => calendar.formatDate(calendar.dateAt(instant, zone))
    return {
      start,
      end,
      // The dates are computed only on access, because most columns do not hold dates.
      get dates() {
        return { first: date(start.epochMillis), last: date(end.epochMillis - 1) }
      }
    }
  })
)
