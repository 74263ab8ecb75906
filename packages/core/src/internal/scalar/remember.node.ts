/** Caches values that a server needs again and again to build queries. */
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import type * as TimeRange from "../../TimeRange.js"
import type { SpanOf } from "./span.js"

/**
 * Caches the start and end of time ranges. A program often queries the same weeks, and the rules of
 * a zone do not change while the program runs.
 */
export const rememberSpans = (spanOf: SpanOf): SpanOf => {
  const known = new Map<string, ReturnType<SpanOf>>()
  return (range, now) => {
    const name = nameOf(range)
    const found = name === undefined ? undefined : known.get(name)
    if (found !== undefined) return found
    const span = spanOf(range, now)
    if (name !== undefined && Either.isRight(span)) keep(known, name, span)
    return span
  }
}

/**
 * Caches the texts of instants. A program often sends the same starts and ends of ranges, and
 * writing a time takes longer than writing other values.
 */
export const rememberTexts = (textOf: (instant: number) => string) => {
  const known = new Map<number, string>()
  return (instant: number): string => {
    const found = known.get(instant)
    if (found !== undefined) return found
    const text = textOf(instant)
    keep(known, instant, text)
    return text
  }
}

const most = 1_024

const keep = <K, V>(known: Map<K, V>, key: K, value: V): void => {
  if (known.size >= most) known.clear()
  known.set(key, value)
}

/**
 * The key of a range in the cache. `undefined` if the range depends on the current time. In the
 * key, the length of each text comes before the text, so that different ranges have different keys.
 */
const nameOf = ({ source }: TimeRange.TimeRange): string | undefined => {
  switch (source._tag) {
    case "Between":
      return joined(source._tag, source.zone ?? "UTC", millisOf(source.start), millisOf(source.end))
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

/**
 * The milliseconds of an instant, as text. `undefined` for a value that is not an instant. The
 * error is reported when the range is resolved.
 */
const millisOf = (instant: unknown): string | undefined =>
  DateTime.isDateTime(instant)
    ? `${instant.epochMillis}`
    : instant instanceof Date
      ? `${instant.getTime()}`
      : undefined

/**
 * Joins texts to a key. `undefined` if one of the values is not a text, because JavaScript callers
 * can pass any value.
 */
const joined = (...parts: ReadonlyArray<unknown>): string | undefined => {
  let text = ""
  for (const part of parts) {
    if (typeof part !== "string") return undefined
    text += `${part.length}:${part}`
  }
  return text
}
