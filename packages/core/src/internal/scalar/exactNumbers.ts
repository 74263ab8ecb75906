/**
 * Parses JSON with numbers that a double cannot hold. `JSON.parse` rounds these numbers, and some
 * supported runtimes do not provide the source text of a number. Such a number is therefore changed
 * to a string before the JSON is parsed.
 */
import * as Either from "effect/Either"
import { isJsonArray, isJsonObject, type JsonValue } from "../../JsonValue.js"
import { parseJson } from "../parseJson.js"

/**
 * The number of digits that a double always keeps: a decimal with up to 15 digits that is stored as
 * a double is written with the same digits again.
 */
const exactDigits = 15

/**
 * Parses JSON. Numbers that a double cannot hold become strings. Returns `undefined` if there are
 * no such numbers, or if the text is not JSON.
 */
export const parseExact = (text: string): JsonValue | undefined => {
  const pieces: Array<string> = []
  let end = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
    } else if (isNumeric(code)) {
      const start = at
      while (isNumeric(text.charCodeAt(at + 1))) at++
      if (isInexact(text, start, at + 1)) {
        pieces.push(text.slice(end, start), '"', text.slice(start, at + 1), '"')
        end = at + 1
      }
    }
  }
  return pieces.length === 0
    ? undefined
    : Either.getOrUndefined(parseJson(pieces.join("") + text.slice(end)))
}

/**
 * The `parseExact` of each cell's scalar, by the name of the cell. The cells of related rows are in
 * an object under the name of the relationship.
 */
type Cells = { readonly [name: string]: Cells } | ((text: string) => unknown)

/**
 * `parseExact` for a type that has only integers. `isExact` is true if all cells are safe integers,
 * which `JSON.parse` does not round. The text of such a response is not parsed again, and nearly
 * every response is of this kind.
 */
export const parseExactIntegers = /* @__PURE__ */ Object.assign(
  (text: string): JsonValue | undefined => parseExact(text),
  {
    isExact: (data: JsonValue | undefined, cells: Cells): boolean => {
      if (isJsonArray(data)) {
        return data.every((element) => parseExactIntegers.isExact(element, cells))
      }
      if (typeof cells === "function") {
        // For other parsers the result is false, because a decimal does not show whether
        // `JSON.parse` has rounded it.
        return (
          typeof data !== "number" || (cells === parseExactIntegers && Number.isSafeInteger(data))
        )
      }
      return (
        !isJsonObject(data) ||
        Object.entries(cells).every(([name, below]) =>
          parseExactIntegers.isExact(data[name], below)
        )
      )
    }
  }
)

const quote = 34
const backslash = 92

/** The index of the quote that ends the string. */
const endOfString = (text: string, start: number): number => {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1
    while (text.charCodeAt(before) === backslash) before--
    if ((at - before) % 2 === 1) return at
  }
  return text.length
}

/**
 * Whether the character can be a part of a number. The `e` of the word `true` also counts, but a
 * sequence of such characters without digits is not changed.
 */
const isNumeric = (code: number): boolean =>
  (code >= 48 && code <= 57) ||
  code === 43 ||
  code === 45 ||
  code === 46 ||
  code === 69 ||
  code === 101

const isInexact = (text: string, start: number, end: number): boolean => {
  let digits = 0
  let hasExponent = false
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) digits++
    else if (code === 69 || code === 101) hasExponent = true
  }
  return digits > exactDigits || (hasExponent && digits > 0)
}

/**
 * Whether a double is certainly the number in the JSON. A double that needs more than 15 digits may
 * be the result of rounding another number.
 */
export const isExact = (value: number): boolean => {
  const [mantissa = ""] = String(Math.abs(value)).split("e")
  return (
    Math.abs(value) < 10 ** exactDigits &&
    mantissa.replace(/^0?\.?0*|\./g, "").length <= exactDigits
  )
}
