import { type Secrets, strikeOut } from "../../HttpExchange.js"
import { isJsonArray, isJsonObject, type JsonValue } from "../../JsonValue.js"

/**
 * The maximum depth of the data of an error. Programs print and store errors with recursive
 * functions, so deeper data could overflow the stack. Rows are never nested this deep.
 */
const maxDepth = 200

/** The maximum size of the data that an error keeps, in bytes of memory. */
const maxData = 20_000

/**
 * Redacts secrets in the keys and values of JSON, because a server may send back, in any place,
 * what it received. Returns `undefined` if the JSON is larger than an error may keep.
 */
export const strikeOutJson = (value: JsonValue, secrets: Secrets): JsonValue | undefined => {
  let left = maxData
  const walk = (value: JsonValue, depth: number): JsonValue => {
    left -= 16
    if (typeof value === "string") return struck(value)
    if (typeof value === "number") {
      // A secret may consist of digits only.
      const digits = String(value)
      const redacted = strikeOut(digits, secrets)
      return redacted === digits ? value : redacted
    }
    if (!isJsonArray(value) && !isJsonObject(value)) return value
    if (depth === maxDepth) return "<nested too deeply>"
    if (isJsonArray(value)) {
      const elements: Array<JsonValue> = []
      for (const element of value) {
        if (left < 0) break
        elements.push(walk(element, depth + 1))
      }
      return elements
    }
    left -= 40
    const fields: Array<readonly [string, JsonValue]> = []
    for (const [key, field] of Object.entries(value)) {
      if (left < 0) break
      fields.push([struck(key), walk(field, depth + 1)])
    }
    return Object.fromEntries(fields)
  }
  const struck = (text: string): string => {
    left -= 16 + 2 * text.length
    return left < 0 ? "" : strikeOut(text, secrets)
  }
  const kept = walk(value, 0)
  return left < 0 ? undefined : kept
}
