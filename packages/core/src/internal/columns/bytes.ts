/** Finds where values end in the bytes of JSON (RFC 8259), and decodes bytes as text and JSON. */
import type { JsonObject, JsonValue } from "../../JsonValue.js"

export const quote = 0x22
const backslash = 0x5c
export const comma = 0x2c
export const minus = 0x2d
export const point = 0x2e
export const openList = 0x5b
export const closeList = 0x5d
export const openObject = 0x7b
export const closeObject = 0x7d
export const colon = 0x3a

/** The position after white space. */
export const skipBlanks = (bytes: Uint8Array, at: number): number => {
  let next = at
  for (;;) {
    const byte = bytes[next]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return next
    next++
  }
}

/** The position after the expected bytes, or -1 if other bytes are at the position `at`. */
export const skipBytes = (bytes: Uint8Array, at: number, expected: Uint8Array): number => {
  for (let index = 0; index < expected.length; index++) {
    if (bytes[at + index] !== expected[index]) return -1
  }
  return at + expected.length
}

/** The maximum nesting. Without a maximum, a deeply nested value could overflow the stack. */
const maxDepth = 100

/**
 * The position after a JSON value, or -1 if the value is not valid or is nested too deeply. The
 * function does not check that texts are UTF-8.
 */
export const skipValue = (bytes: Uint8Array, at: number, depth = 0): number => {
  switch (bytes[at]) {
    case quote:
      return skipString(bytes, at)
    case openObject:
      return depth === maxDepth ? -1 : skipObject(bytes, at, depth)
    case openList:
      return depth === maxDepth ? -1 : skipList(bytes, at, depth)
    case 0x74:
      return skipBytes(bytes, at, trueBytes)
    case 0x66:
      return skipBytes(bytes, at, falseBytes)
    case 0x6e:
      return skipBytes(bytes, at, nullBytes)
    default:
      return skipNumber(bytes, at)
  }
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))

export const trueBytes = ascii("true")
export const falseBytes = ascii("false")
export const nullBytes = ascii("null")

const skipObject = (bytes: Uint8Array, at: number, depth: number): number => {
  let next = skipBlanks(bytes, at + 1)
  if (bytes[next] === closeObject) return next + 1
  for (;;) {
    if (bytes[next] !== quote) return -1
    next = skipString(bytes, next)
    if (next < 0) return -1
    next = skipBlanks(bytes, next)
    if (bytes[next] !== colon) return -1
    next = skipValue(bytes, skipBlanks(bytes, next + 1), depth + 1)
    if (next < 0) return -1
    next = skipBlanks(bytes, next)
    const byte = bytes[next]
    if (byte === closeObject) return next + 1
    if (byte !== comma) return -1
    next = skipBlanks(bytes, next + 1)
  }
}

const skipList = (bytes: Uint8Array, at: number, depth: number): number => {
  let next = skipBlanks(bytes, at + 1)
  if (bytes[next] === closeList) return next + 1
  for (;;) {
    next = skipValue(bytes, next, depth + 1)
    if (next < 0) return -1
    next = skipBlanks(bytes, next)
    const byte = bytes[next]
    if (byte === closeList) return next + 1
    if (byte !== comma) return -1
    next = skipBlanks(bytes, next + 1)
  }
}

const skipString = (bytes: Uint8Array, at: number): number => {
  let next = at + 1
  for (;;) {
    // Beyond the end the byte counts as 0, which is not allowed in a string.
    const byte = bytes[next] ?? 0
    if (byte === quote) return next + 1
    if (byte < 0x20) return -1
    if (byte !== backslash) {
      next++
      continue
    }
    const escaped = bytes[next + 1] ?? 0
    if (escaped === 0x75) {
      for (let digit = 2; digit < 6; digit++) if (!isHex(bytes[next + digit] ?? 0)) return -1
      next += 6
    } else if (isEscape(escaped)) next += 2
    else return -1
  }
}

const isHex = (byte: number): boolean =>
  isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)

/** `"`, `\`, `/`, and the letters b, f, n, r and t. */
const isEscape = (byte: number): boolean =>
  byte === quote ||
  byte === backslash ||
  byte === 0x2f ||
  byte === 0x62 ||
  byte === 0x66 ||
  byte === 0x6e ||
  byte === 0x72 ||
  byte === 0x74

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

const skipNumber = (bytes: Uint8Array, at: number): number => {
  let next = skipDecimal(bytes, at)
  if (next < 0) return -1
  if (((bytes[next] ?? 0) | 0x20) !== 0x65) return next
  const sign = bytes[next + 1] ?? 0
  next += sign === 0x2b || sign === minus ? 2 : 1
  const digits = skipDigits(bytes, next)
  return digits === next ? -1 : digits
}

/** The position after a number without an exponent, or -1 if there is none. */
export const skipDecimal = (bytes: Uint8Array, at: number): number => {
  const first = bytes[at] === minus ? at + 1 : at
  let next = bytes[first] === 0x30 ? first + 1 : skipDigits(bytes, first)
  if (next === first) return -1
  if (bytes[next] !== point) return next
  const fraction = next + 1
  next = skipDigits(bytes, fraction)
  return next === fraction ? -1 : next
}

const skipDigits = (bytes: Uint8Array, at: number): number => {
  let next = at
  while (isDigit(bytes[next] ?? 0)) next++
  return next
}

/**
 * The position after an object or a list, found by counting brackets, or -1 if a bracket is not
 * closed. The function does not check that the text between the brackets is JSON.
 */
export const skipBrackets = (bytes: Uint8Array, at: number): number => {
  let depth = 0
  for (let next = at; next < bytes.length; next++) {
    const byte = bytes[next] ?? 0
    if (byte === quote) {
      next++
      for (let inside = bytes[next]; inside !== quote; inside = bytes[next]) {
        if (inside === undefined) return -1
        next += inside === backslash ? 2 : 1
      }
    } else if ((byte | 0x20) === openObject) depth++
    else if ((byte | 0x20) === closeObject && --depth === 0) return next + 1
  }
  return -1
}

/** Whether bytes are UTF-8 (RFC 3629). */
export const isUtf8 = (bytes: Uint8Array, start: number, end: number): boolean => {
  let at = start
  while (at < end) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) {
      at++
      continue
    }
    const more = byte < 0xc2 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf5 ? 3 : 0
    if (more === 0 || at + more >= end) return false
    const second = bytes[at + 1] ?? 0
    // These limits of the second byte exclude characters that are written with more bytes than
    // necessary, halves of surrogate pairs, and code points beyond U+10FFFF.
    const least = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80
    const most = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf
    if (second < least || second > most) return false
    for (let index = 2; index <= more; index++) {
      if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return false
    }
    at += more + 1
  }
  return true
}

// A web app loads the reader of columns later than its other code, as a separate file. If the
// reader imported code that the app has already loaded, a bundler would move this code into a third
// file, whose exports would make the app larger. The reader therefore has its own copies of the
// functions below, and receives other functions from `tools.ts`.

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

/** As in the reader of rows, a byte order mark at the beginning of a body is left out. */
const decoder = new TextDecoder("utf-8", { fatal: true })

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const isList = (value: JsonValue | undefined): value is ReadonlyArray<JsonValue> =>
  Array.isArray(value)
