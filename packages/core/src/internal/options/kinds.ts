/**
 * Tests for the values of options. The texts that describe valid values are in `#optionForms`,
 * because the bundle of a page must not contain these texts.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { isRecord } from "../../JsonValue.js"

/** Accepts any value, for options that are checked where they are used. */
export const isAny = (): boolean => true

export const isText = (value: unknown): value is string => typeof value === "string"

export const isFlag = (value: unknown): boolean => typeof value === "boolean"

export const isAboveZero = (value: unknown): value is number =>
  typeof value === "number" && value > 0

export const isZeroOrAbove = (value: unknown): boolean => value === 0 || isAboveZero(value)

export const isCount = (value: unknown): boolean =>
  isAboveZero(value) && Number.isSafeInteger(value)

/**
 * The milliseconds of a duration, or NaN if the value is not a valid duration. The function looks
 * for `-` and `NaN` in the text of the value, because Effect reads a negative duration and NaN as
 * zero.
 */
const durationMillis = (value: unknown): number => {
  const duration = Duration.decodeUnknown(value)
  return duration._tag === "None" || /-|NaN/.test(String(value))
    ? Number.NaN
    : Duration.toMillis(duration.value)
}

export const isDuration = (value: unknown): boolean => durationMillis(value) >= 0

export const isDurationAboveZero = (value: unknown): boolean => durationMillis(value) > 0

export const isInterval = (value: unknown): boolean =>
  isDurationAboveZero(value) && Number.isFinite(durationMillis(value))

export const isLimits = (value: unknown): boolean => isFlag(value) || isRecord(value)

export const isAcquire = (value: unknown): boolean =>
  Effect.isEffect(value) || typeof value === "function"

/** Whether a value is a result of `TokenStore.place`. */
export const isPlace = (value: unknown): boolean =>
  isRecord(value) && typeof value["open"] === "function"

/**
 * Whether a value is a path that begins with a slash. Without this slash, the path would become
 * part of the host's name.
 */
export const isPath = (value: unknown): boolean => isText(value) && value.startsWith("/")

/** Whether a value is a text that is valid in a header and not empty. */
export const isHeaderText = (value: unknown): boolean => isText(value) && /^[!-~]+$/.test(value)

export const isEncoding = (value: unknown): boolean => value === "form" || value === "json"

export const isKeys = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(isText)

export const isDocument = (value: unknown): boolean => isText(value) || isRecord(value)
