/**
 * A value as text for a message: its JSON or its type, at most `limit` characters. Only the
 * necessary part of the value is read, because a value of a response may have millions of parts.
 */
export const shorten = (value: unknown, limit = 60): string => cut(render(value, limit), limit)

/** A text of at most `limit` characters. */
export const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : copied(`${text.slice(0, limit)}...`)

/**
 * A copy of a text. Engines keep a whole text in memory as long as a part of it is in use, so
 * without a copy an error would keep a whole response.
 */
export const copied = (text: string): string =>
  // JSON does not change any text.
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
    // A cycle, a bigint inside, or a toJSON that fails: only its kind is shown.
    return Array.isArray(value) ? "an array" : "an object"
  }
}

/**
 * How much of a value is kept. `limit` is the maximum length of a text. `left` is how many more
 * values are kept, because each value takes at least one character.
 */
interface Room {
  readonly limit: number
  left: number
}

/** The part of a value that `limit` characters of its JSON can show. */
export const partOf = (value: unknown, limit: number): unknown =>
  beginningOf(value, { limit, left: limit }, [])

const beginningOf = (value: unknown, room: Room, above: ReadonlyArray<unknown>): unknown => {
  if (typeof value === "string") return value.slice(0, room.limit + 1)
  // If the value is within itself, JSON.stringify reports the cycle.
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
  // An object of another class defines its own JSON.
  if (prototype !== null && prototype !== Object.prototype) return value
  const fields: Array<readonly [string, unknown]> = []
  for (const key in value) {
    if (room.left-- < 0) break
    fields.push([key.slice(0, room.limit + 1), beginningOf(Reflect.get(value, key), room, within)])
  }
  return Object.fromEntries(fields)
}
