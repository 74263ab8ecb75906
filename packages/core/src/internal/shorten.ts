/**
 * Returns a value as text for a message: its JSON or its type, cut to `limit` characters. Only the
 * part of the value that the text shows is read, because a value of a response can be very large.
 */
export const shorten = (value: unknown, limit = 60): string => cut(render(value, limit), limit)

/** Returns a text, cut to `limit` characters. A text that was cut ends with three dots. */
export const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : copied(`${text.slice(0, limit)}...`)

/**
 * Returns a copy of a text. Without a copy, a JavaScript engine keeps the whole text in memory as
 * long as a part of it is in use. An error would then keep a whole response in memory.
 */
export const copied = (text: string): string =>
  // The result is equal to `text`, because JSON can hold every string.
  JSON.parse(JSON.stringify(text)) as string

const render = (value: unknown, limit: number): string => {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.slice(0, limit + 1))
    case "bigint":
      return `${value}n`
    case "undefined":
      return "undefined"
    case "function":
    case "symbol":
      return `a ${typeof value}`
    case "number":
    case "boolean":
      return String(value)
    case "object":
      break
  }
  if (value === null) return "null"
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? "an invalid Date" : value.toISOString()
  try {
    return JSON.stringify(partOf(value, limit)) ?? "an object"
  } catch {
    // `JSON.stringify` throws for a cycle, for a bigint, and for a `toJSON` that throws.
    return Array.isArray(value) ? "an array" : "an object"
  }
}

/**
 * The size of the part of a value that is kept. `limit` is the maximum length of a text. `left` is
 * the number of values that may still be kept. It begins at `limit`, because each value takes at
 * least one character.
 */
interface Room {
  readonly limit: number
  left: number
}

/** Returns the part of a value that is needed for the first `limit` characters of its JSON. */
export const partOf = (value: unknown, limit: number): unknown =>
  beginningOf(value, { limit, left: limit }, [])

const beginningOf = (value: unknown, room: Room, above: ReadonlyArray<unknown>): unknown => {
  if (typeof value === "string") return value.slice(0, room.limit + 1)
  // A value that contains itself is returned unchanged, and `JSON.stringify` then throws.
  if (typeof value !== "object" || value === null || above.includes(value)) return value
  const within = [...above, value]
  if (Array.isArray(value)) {
    const elements: Array<unknown> = []
    for (const element of value) {
      if (room.left-- < 0) break
      elements.push(beginningOf(element, room, within))
    }
    return elements
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  // An instance of a class is returned unchanged, because it can have its own `toJSON`.
  if (prototype !== null && prototype !== Object.prototype) return value
  const fields: Array<readonly [string, unknown]> = []
  for (const key in value) {
    if (room.left-- < 0) break
    fields.push([key.slice(0, room.limit + 1), beginningOf(Reflect.get(value, key), room, within)])
  }
  return Object.fromEntries(fields)
}
