/**
 * JSON as `JSON.parse` returns it, with readonly types.
 */

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
export type JsonValue = null | boolean | number | string | ReadonlyArray<JsonValue> | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/**
 * Whether a value is an object, and neither null nor an array. JSON calls only such a value an
 * object.
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
 * Whether a JSON value is an array.
 *
 * @example
 * ```ts
 * import { JsonValue } from "@innerspace-metrics/core"
 *
 * const first = (value: JsonValue.JsonValue) => (JsonValue.isJsonArray(value) ? value[0] : value)
 * ```
 */
export const isJsonArray = (value: JsonValue | undefined): value is ReadonlyArray<JsonValue> =>
  Array.isArray(value)

/**
 * Whether a JSON value is an object.
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
