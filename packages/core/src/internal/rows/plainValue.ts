/**
 * Changes values of Effect to plain values: numbers, strings, and `Date` objects. Only bundles with
 * `Query.plain` include this module.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import { DecodeError } from "../../MetricsError.js"
import * as decode from "../scalar/decode.js"
import type { Selected, Step } from "./readCell.js"

/**
 * The maximum depth of a value. The Schema or scalar of a caller can return a value that contains
 * itself.
 */
const maxDepth = 200

export const plainValue = (value: unknown, depth = 0): unknown => {
  if (typeof value === "bigint") {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  if (typeof value !== "object" || value === null || depth > maxDepth) return value
  // Each row gets its own `Date` object, because a program could change a shared `Date`.
  if (DateTime.isDateTime(value)) return DateTime.isUtc(value) ? DateTime.toDateUtc(value) : value
  if (BigDecimal.isBigDecimal(value)) return plainDecimal(value)
  if (Array.isArray(value)) {
    const elements: ReadonlyArray<unknown> = value
    const plain = elements.map((element) => plainValue(element, depth + 1))
    return plain.every((element, index) => Object.is(element, elements[index])) ? value : plain
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const fields = Object.entries(value)
  const plain = fields.map(([name, field]) => [name, plainValue(field, depth + 1)] as const)
  return plain.every(([, field], index) => Object.is(field, fields[index]?.[1]))
    ? value
    : Object.fromEntries(plain)
}

/**
 * Returns the value as a number if writing this number gives the same decimal again. Otherwise
 * returns the decimal as text. `JSON.stringify` loses no digits of either result.
 */
const plainDecimal = (value: BigDecimal.BigDecimal): number | string => {
  const text = BigDecimal.format(value)
  const number = Number(text)
  // The texts of equal values are equal, so the texts are compared. `BigDecimal.equals` would write
  // out the zeros of a large exponent, which can be many millions.
  return Number.isFinite(number) && BigDecimal.format(BigDecimal.unsafeFromNumber(number)) === text
    ? number
    : decimalText(value)
}

/**
 * Writes a decimal with all digits. The text has an exponent only if the decimal would otherwise
 * need more than 100 zeros or decimal places.
 */
const decimalText = (decimal: BigDecimal.BigDecimal): string => {
  const { scale, value } = BigDecimal.normalize(decimal)
  if (Math.abs(scale) > 100) return BigDecimal.format(decimal)
  const sign = value < 0n ? "-" : ""
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0")
  return scale > 0
    ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    : sign + digits + "0".repeat(-scale)
}

export const plainStep: Step = {
  _tag: "Plain",
  apply: (byKey, _table, isRaw) => {
    if (!isRaw) for (const [key, value] of byKey) byKey.set(key, plainSelected(value))
    return undefined
  }
}

const plainSelected = (selected: Selected): Selected => {
  const { of, read } = selected
  if (typeof of === "object") {
    return { ...selected, read: of.readerOf(of.selected.map(plainSelected)) }
  }
  const isShipped = of !== undefined && decode.readOf(of) !== undefined
  if (isShipped && !wide.has(of)) return selected
  return {
    ...selected,
    read: (cell, row, inPlace) => {
      const value = read(cell, row, inPlace)
      // If the decoder is the library's own, it is in the set `wide`. The decoders in `wide` accept
      // a number only if `JSON.parse` has not rounded it. The number is then already the plain
      // value.
      return isShipped && typeof cell === "number" && !(value instanceof DecodeError)
        ? cell
        : plainValue(value)
    }
  }
}

/** The library's own decoders that return values of Effect or a `bigint`. */
const wide: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  decode.timestamp,
  decode.bigint,
  decode.numeric
])
