/** A range, in the form that a scalar turns into operators (`Scalar.range`). */

import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { rememberSpans } from "#remember"
import type { QueryError } from "../../MetricsError.js"
import * as TimeRange from "../../TimeRange.js"
import * as calendar from "../time/calendar.js"

/** A resolved `TimeRange`: its instants, and its first and last date if it was made in a zone. */
export interface Span {
  readonly start: DateTime.Utc
  readonly end: DateTime.Utc
  readonly dates: { readonly first: string; readonly last: string } | undefined
}

export type SpanOf = (range: TimeRange.TimeRange, now: number) => Either.Either<Span, QueryError>

export const spanOf: SpanOf = /* @__PURE__ */ rememberSpans((range, now) =>
  Either.map(TimeRange.resolveAt(range, now), ({ start, end }) => {
    // A range that resolves has no zone, or a zone that the runtime knows.
    const zone = Option.getOrUndefined(
      Option.flatMap(Option.fromNullable(range.source.zone), DateTime.zoneMakeNamed)
    )
    if (zone === undefined) return { start, end, dates: undefined }
    const date = (instant: number) => calendar.formatDate(calendar.dateAt(instant, zone))
    return {
      start,
      end,
      // A getter, because few columns hold dates.
      get dates() {
        return { first: date(start.epochMillis), last: date(end.epochMillis - 1) }
      }
    }
  })
)
