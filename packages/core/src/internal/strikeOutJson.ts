import { type Secrets, strikeOut } from "../HttpExchange.js"
import { isJsonArray, isJsonObject, type JsonValue } from "../JsonValue.js"

/** Whoever prints or stores an error walks down its data; what nests deeper than this ends no answer's rows, but a stack. */
const maxDepth = 200

/**
 * JSON without the secrets, in keys and in values: a server may send back what it was sent in any place. The value itself where
 * it holds none.
 */
export const strikeOutJson = (value: JsonValue, secrets: Secrets, depth = 0): JsonValue => {
  if (typeof value === "string") return strikeOut(value, secrets)
  if (typeof value === "number") {
    // A secret may be of digits alone.
    const digits = String(value)
    const struck = strikeOut(digits, secrets)
    return struck === digits ? value : struck
  }
  const isArray = isJsonArray(value)
  if (!isArray && !isJsonObject(value)) return value
  if (depth === maxDepth) return ["<nested too deeply>"]
  let isChanged = false
  const of = <A extends JsonValue>(part: A): JsonValue => {
    const struck = strikeOutJson(part, secrets, depth + 1)
    if (struck !== part) isChanged = true
    return struck
  }
  const copy = isArray
    ? value.map(of)
    : Object.fromEntries(
        Object.entries(value).map(([key, field]) => {
          const struck = strikeOut(key, secrets)
          if (struck !== key) isChanged = true
          return [struck, of(field)]
        })
      )
  return isChanged ? copy : value
}
