/** Points in time: a `DateTime` of Effect or a `Date`. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/** A point in time. Text is not accepted, because a text can lack a time zone. */
export type Instant = DateTime.DateTime | globalThis.Date

/** The epoch milliseconds of a `DateTime` or a valid `Date`. `None` for any other value. */
export const instantOf = (value: unknown): Option.Option<number> =>
  DateTime.isDateTime(value) || value instanceof globalThis.Date
    ? Option.map(DateTime.make(value), DateTime.toEpochMillis)
    : Option.none()

/** Writes an instant in ISO 8601, for messages. */
export const formatInstant = (millis: number): string =>
  DateTime.formatIso(DateTime.unsafeMake(millis))
