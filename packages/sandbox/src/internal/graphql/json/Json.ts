/**
 * The JSON of a request. Numbers keep their text, because `JSON.parse` loses digits of long
 * numbers. Objects are maps, so that a key such as `__proto__` is not special.
 */
export type Json = null | boolean | string | JsonNumber | ReadonlyArray<Json> | JsonObject

export interface JsonNumber {
  readonly _tag: "JsonNumber"
  readonly text: string
}

export type JsonObject = ReadonlyMap<string, Json>

export const number = (text: string): JsonNumber => ({ _tag: "JsonNumber", text })

export const isNumber = (json: Json): json is JsonNumber =>
  typeof json === "object" && json !== null && "_tag" in json

export const isObject = (json: Json): json is JsonObject => json instanceof Map

export const isList = (json: Json): json is ReadonlyArray<Json> => Array.isArray(json)

/** The name that Hasura's JSON library has for a kind of value. */
export const kindOf = (json: Json): string => {
  if (json === null) return "Null"
  if (typeof json === "boolean") return "Boolean"
  if (typeof json === "string") return "String"
  if (isNumber(json)) return "Number"
  return isList(json) ? "Array" : "Object"
}

export const print = (json: Json): string => {
  if (json === null || typeof json === "boolean" || typeof json === "string") {
    return JSON.stringify(json)
  }
  if (isNumber(json)) return json.text
  if (isList(json)) return `[${json.map(print).join(",")}]`
  return `{${[...json].map(([key, value]) => `${JSON.stringify(key)}:${print(value)}`).join(",")}}`
}
