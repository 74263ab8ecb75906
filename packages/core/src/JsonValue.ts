/**
 * JSON as it comes out of `JSON.parse`, frozen in the type.
 */
import { isPlainObject } from "./internal/isPlainObject.js"

/**
 * Any JSON value (RFC 8259).
 *
 * @example
 * ```ts
 * import type { JsonValue } from "@innerspace-metrics/core"
 *
 * const distribution: JsonValue.JsonValue = { "1": 40, "2": 61, "3": 83 }
 * ```
 */
export type JsonValue = null | boolean | number | string | JsonArray | JsonObject

/** A JSON array. */
export type JsonArray = ReadonlyArray<JsonValue>

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/**
 * Whether a value is JSON all the way down: no `undefined`, no function, no `NaN`, no class
 * instance, no cycle, and no more than 1000 levels.
 *
 * @example
 * ```ts
 * import { JsonValue } from "@innerspace-metrics/core"
 *
 * JsonValue.isJsonValue({ a: [1, "two", null] }) // true
 * JsonValue.isJsonValue({ a: undefined }) // false
 * ```
 */
export const isJsonValue = (value: unknown): value is JsonValue => isJson(value, new Set())

/**
 * Whether a value is an object that is neither null nor an array: what JSON calls an object.
 *
 * @example
 * ```ts
 * import { JsonValue } from "@innerspace-metrics/core"
 *
 * JsonValue.isRecord(JSON.parse("[]")) // false
 * ```
 */
export const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * Whether JSON is an array.
 *
 * @example
 * ```ts
 * import { JsonValue } from "@innerspace-metrics/core"
 *
 * const first = (value: JsonValue.JsonValue) => (JsonValue.isJsonArray(value) ? value[0] : value)
 * ```
 */
export const isJsonArray = (value: JsonValue | undefined): value is JsonArray =>
  Array.isArray(value)

/**
 * Whether JSON is an object.
 *
 * @example
 * ```ts
 * import { JsonValue } from "@innerspace-metrics/core"
 *
 * const keys = (value: JsonValue.JsonValue) =>
 *   JsonValue.isJsonObject(value) ? Object.keys(value) : []
 * ```
 */
export const isJsonObject = (value: JsonValue | undefined): value is JsonObject => isRecord(value)

/** PostgreSQL takes more, but what writes JSON here and there goes down it by recursion. */
const maxDepth = 1_000

const isJson = (value: unknown, ancestors: Set<unknown>): boolean => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true
    case "number":
      return Number.isFinite(value)
    case "object":
      break
    default:
      return false
  }
  if (value === null) return true
  if (ancestors.has(value) || ancestors.size === maxDepth) return false
  ancestors.add(value)
  const children = Array.isArray(value)
    ? Array.from(value)
    : isPlainObject(value)
      ? Object.values(value)
      : [undefined]
  const ok = children.every((child) => isJson(child, ancestors))
  ancestors.delete(value)
  return ok
}
