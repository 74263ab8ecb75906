/** Points in time, as programs with and without Effect have them. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/**
 * In epoch milliseconds. None for anything but a `DateTime` or a valid `Date`: text leaves the zone
 * open.
 */
export const instantOf = (value: unknown): Option.Option<number> =>
  DateTime.isDateTime(value) || value instanceof globalThis.Date
    ? Option.map(DateTime.make(value), DateTime.toEpochMillis)
    : Option.none()

/** In ISO 8601, for messages. */
export const formatInstant = (millis: number): string =>
  DateTime.formatIso(DateTime.unsafeMake(millis))
