/** JSON as values. */
import type { JsonObject, JsonValue } from "../../JsonValue.js"

// The reader of columns is loaded on its own. It imports nothing that a page has already, because a
// bundler would move that out of the page into a file that both import. So it has these few lines
// of its own, and gets the rest from `load.ts`.

/** The JSON of a text, or `undefined` if it is not JSON. */
export const parse = (text: string | undefined): JsonValue | undefined => {
  if (text === undefined) return undefined
  try {
    // JSON.parse returns nothing else (RFC 8259).
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

/** The text of bytes, or `undefined` if they are not UTF-8. */
export const decodeText = (bytes: Uint8Array): string | undefined => {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** As in the reader of rows, a mark that begins a body is left out. */
const decoder = new TextDecoder("utf-8", { fatal: true })

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const isList = (value: JsonValue | undefined): value is ReadonlyArray<JsonValue> =>
  Array.isArray(value)
