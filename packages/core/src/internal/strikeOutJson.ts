import { type Secrets, strikeOut } from "../HttpExchange.js"
import { isJsonArray, isJsonObject, type JsonValue } from "../JsonValue.js"

/** JSON without the secrets, in keys and in values: a server may send back what it was sent in any place. */
export const strikeOutJson = (value: JsonValue, secrets: Secrets): JsonValue => {
  if (typeof value === "string") return strikeOut(value, secrets)
  if (isJsonArray(value)) return value.map((element) => strikeOutJson(element, secrets))
  return isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, field]) => [
          strikeOut(key, secrets),
          strikeOutJson(field, secrets)
        ])
      )
    : value
}
