import type { Json } from "./Json.js"
import { number } from "./Json.js"

/** A syntax error. It uses the words of the library with which Hasura reads bodies. */
export class NotJson {
  constructor(readonly message: string) {}
}

/**
 * Reads JSON without losing digits. If an object repeats a key, the first value counts, as in
 * Hasura. Libraries that keep digits reject such a key or use the last value, and their error
 * messages differ from Hasura's.
 *
 * Throws `NotJson`.
 */
export const parseJson = (text: string): Json => {
  const reader: Reader = { text, at: 0 }
  const value = readValue(reader, "JSON value")
  if (peek(reader) !== undefined) throw new NotJson("Trailing garbage")
  return value
}

interface Reader {
  readonly text: string
  at: number
}

/** Skips white space and returns the next character. */
const peek = (reader: Reader): string | undefined => {
  while (" \t\n\r".includes(reader.text[reader.at] ?? "x")) reader.at++
  return reader.text[reader.at]
}

const unexpected = (reader: Reader, expected: string): NotJson =>
  new NotJson(
    reader.at >= reader.text.length
      ? `Unexpected end-of-input, expecting ${expected}`
      : `Unexpected ${showBeginning(reader.text.slice(reader.at))}, expecting ${expected}`
  )

const literals: ReadonlyArray<readonly [string, Json]> = [
  ["null", null],
  ["true", true],
  ["false", false]
]

const readValue = (reader: Reader, expected: string): Json => {
  const next = peek(reader)
  if (next === "{") return readObject(reader)
  if (next === "[") return readList(reader)
  if (next === '"') return readString(reader)
  if (next === "-" || (next !== undefined && isDigit(next))) return readNumber(reader)
  const literal = literals.find(([name]) => reader.text.startsWith(name, reader.at))
  if (literal === undefined) throw unexpected(reader, expected)
  reader.at += literal[0].length
  return literal[1]
}

const readList = (reader: Reader): Json => {
  reader.at++
  const list: Array<Json> = []
  if (peek(reader) === "]") {
    reader.at++
    return list
  }
  let expected = reader.at >= reader.text.length ? "JSON value or ]" : "JSON value"
  for (;;) {
    list.push(readValue(reader, expected))
    expected = "JSON value"
    const next = peek(reader)
    if (next !== "," && next !== "]") throw unexpected(reader, ", or ]")
    reader.at++
    if (next === "]") return list
  }
}

const readObject = (reader: Reader): Json => {
  reader.at++
  const object = new Map<string, Json>()
  let expected = "record key literal or }"
  if (peek(reader) === "}") {
    reader.at++
    return object
  }
  for (;;) {
    if (peek(reader) !== '"') throw unexpected(reader, expected)
    expected = "key literal"
    const key = readString(reader)
    if (peek(reader) !== ":") throw unexpected(reader, ":")
    reader.at++
    const value = readValue(reader, "JSON value")
    if (!object.has(key)) object.set(key, value)
    const next = peek(reader)
    if (next !== "," && next !== "}") throw unexpected(reader, ", or }")
    reader.at++
    if (next === "}") return object
  }
}

const readString = (reader: Reader): string => {
  const start = reader.at
  reader.at++
  for (;;) {
    const next = reader.text[reader.at]
    if (next === undefined) {
      throw new NotJson("Unexpected end-of-input while parsing string literal")
    }
    if (next < " ") throw new NotJson("Unexpected control character while parsing string literal")
    reader.at += next === "\\" ? 2 : 1
    if (next !== '"') continue
    try {
      return JSON.parse(reader.text.slice(start, reader.at))
    } catch {
      throw new NotJson("Cannot decode input: invalid escape sequence in a string literal")
    }
  }
}

const isDigit = (char: string): boolean => char >= "0" && char <= "9"

const readNumber = (reader: Reader): Json => {
  const start = reader.at
  const wrong = (show: (char: string) => string): NotJson => {
    const next = reader.text[reader.at]
    return new NotJson(
      next === undefined
        ? "Unexpected end-of-input while parsing number literal"
        : `Unexpected ${show(next)} while parsing number literal`
    )
  }
  const digits = (show: (char: string) => string): void => {
    if (!isDigit(reader.text[reader.at] ?? "")) throw wrong(show)
    while (isDigit(reader.text[reader.at] ?? "")) reader.at++
  }
  const byte = (char: string): string => String(Buffer.from(char)[0])
  if (reader.text[reader.at] === "-") reader.at++
  const first = reader.at
  digits(byte)
  if (reader.text[first] === "0" && reader.at > first + 1) {
    throw new NotJson("Number literal with leading zero")
  }
  if (reader.text[reader.at] === ".") {
    reader.at++
    digits(byte)
  }
  if (reader.text[reader.at] === "e" || reader.text[reader.at] === "E") {
    reader.at++
    if (reader.text[reader.at] === "+" || reader.text[reader.at] === "-") reader.at++
    digits((char) => `'${char}'`)
  }
  return number(reader.text.slice(start, reader.at))
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r"
}

/** The first 30 bytes of the text, quoted as in Haskell. */
const showBeginning = (text: string): string => {
  const bytes = [...Buffer.from(text.slice(0, 30)).subarray(0, 30)]
  const shown = bytes.map((byte, index) => {
    const char = String.fromCharCode(byte)
    const escaped = escapes[char]
    if (escaped !== undefined) return escaped
    if (byte >= 32 && byte < 127) return char
    const next = bytes[index + 1]
    const digitFollows = next !== undefined && isDigit(String.fromCharCode(next))
    return `\\${byte}${digitFollows ? "\\&" : ""}`
  })
  return `"${shown.join("")}"`
}
