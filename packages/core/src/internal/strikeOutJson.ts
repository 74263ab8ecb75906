import { type Secrets, strikeOut } from "../HttpExchange.js"
import { isJsonArray, isJsonObject, type JsonValue } from "../JsonValue.js"

/** Whoever prints or stores an error walks down its data; what nests deeper than this ends no answer's rows, but a stack. */
const maxDepth = 200

/** JSON without the secrets, in keys and in values: a server may send back what it was sent in any place. */
export const strikeOutJson = (value: JsonValue, secrets: Secrets, depth = 0): JsonValue => {
  if (typeof value === "string") return strikeOut(value, secrets)
  if (!isJsonArray(value) && !isJsonObject(value)) return value
  if (depth === maxDepth) return "<nested too deeply>"
  return isJsonArray(value)
    ? value.map((element) => strikeOutJson(element, secrets, depth + 1))
    : Object.fromEntries(
        Object.entries(value).map(([key, field]) => [
          strikeOut(key, secrets),
          strikeOutJson(field, secrets, depth + 1)
        ])
      )
}
