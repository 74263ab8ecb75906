/** A value as it can stand in a message: its JSON or its type, at most `limit` characters. */
export const shorten = (value: unknown, limit = 60): string => cut(render(value), limit)

/** A text of at most `limit` characters. */
export const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit)}...`

const render = (value: unknown): string => {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value)
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
    return JSON.stringify(value) ?? "an object"
  } catch {
    // A cycle, a bigint inside, or a toJSON that fails: its kind must do.
    return Array.isArray(value) ? "an array" : "an object"
  }
}
