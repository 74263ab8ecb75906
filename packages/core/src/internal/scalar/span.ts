/** A range as a scalar turns it into operators (`Scalar.range`). */
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { QueryError } from "../../MetricsError.js"
import * as TimeRange from "../../TimeRange.js"
import * as calendar from "../time/calendar.js"

/**
 * A resolved `TimeRange`: its instants, and if it was made in a zone, its first and last date
 * there.
 */
export interface Span {
  readonly start: DateTime.Utc
  readonly end: DateTime.Utc
  readonly dates: { readonly first: string; readonly last: string } | undefined
}

export const spanOf = (
  range: TimeRange.TimeRange,
  now: number
): Either.Either<Span, QueryError> => {
  const name = nameOf(range)
  const known = name === undefined ? undefined : knownSpans.get(name)
  if (known !== undefined) return known
  const span = newSpan(range, now)
  if (name !== undefined && Either.isRight(span)) {
    if (knownSpans.size >= maxKnownSpans) knownSpans.clear()
    knownSpans.set(name, span)
  }
  return span
}

/** A program asks for the same weeks again, and a zone's rules do not change while it runs. */
const knownSpans = /* @__PURE__ */ new Map<string, Either.Either<Span, QueryError>>()

const maxKnownSpans = 1_024

/** The text of a range that is made of texts alone. Each part is behind its length. */
const nameOf = ({ source }: TimeRange.TimeRange): string | undefined => {
  switch (source._tag) {
    case "Week":
      return joined(source._tag, source.zone, source.week)
    case "Month":
      return joined(source._tag, source.zone, source.month)
    case "Dates":
      return joined(source._tag, source.zone, source.first, source.end)
    default:
      return undefined
  }
}

/** JavaScript can pass anything as a part. */
const joined = (...parts: ReadonlyArray<unknown>): string | undefined => {
  let text = ""
  for (const part of parts) {
    if (typeof part !== "string") return undefined
    text += `${part.length}:${part}`
  }
  return text
}

const newSpan = (range: TimeRange.TimeRange, now: number): Either.Either<Span, QueryError> =>
  Either.map(TimeRange.resolveAt(range, now), ({ start, end }) => {
    // A range that resolves has the name of a zone that the runtime knows, or none.
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
