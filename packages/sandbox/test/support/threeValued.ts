/**
 * Evaluates Hasura's filters on rows in memory. It follows only the rules, and uses no code of the
 * sandbox. A comparison with a null cell is neither true nor false, and a row matches only if the
 * whole filter is true.
 */
export type Cell = unknown
export type Row = Readonly<Record<string, Cell>>
export type Where = Readonly<Record<string, unknown>>
export type Truth = boolean | undefined

/**
 * The type by which the values of each column are compared. Texts of instants are compared as
 * instants.
 */
export type Types = Readonly<Record<string, "number" | "text" | "instant" | "json">>

const and = (parts: ReadonlyArray<Truth>): Truth =>
  parts.includes(false) ? false : parts.includes(undefined) ? undefined : true

const or = (parts: ReadonlyArray<Truth>): Truth =>
  parts.includes(true) ? true : parts.includes(undefined) ? undefined : false

const not = (part: Truth): Truth => (part === undefined ? undefined : !part)

const isObject = (value: unknown): value is Where =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const listOf = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [value])

export const evaluate = (where: unknown, row: Row, types: Types): Truth => {
  if (!isObject(where)) throw new Error(`not a filter: ${JSON.stringify(where)}`)
  return and(
    Object.entries(where).map(([name, value]) => {
      switch (name) {
        case "_and":
          return and(listOf(value).map((part) => evaluate(part, row, types)))
        case "_or":
          return or(listOf(value).map((part) => evaluate(part, row, types)))
        case "_not":
          return not(evaluate(value, row, types))
        default:
          return column(value, row[name], types[name] ?? "text")
      }
    })
  )
}

const column = (comparisons: unknown, cell: Cell, type: Types[string]): Truth => {
  if (!isObject(comparisons)) throw new Error("not a comparison")
  return and(
    Object.entries(comparisons).map(([operator, value]) => compare(operator, cell, value, type))
  )
}

const compare = (operator: string, cell: Cell, value: unknown, type: Types[string]): Truth => {
  if (operator === "_is_null") return (cell === null) === value
  if (operator === "_in") {
    return or(listOf(value).map((element) => compare("_eq", cell, element, type)))
  }
  if (operator === "_nin") {
    return and(listOf(value).map((element) => compare("_neq", cell, element, type)))
  }
  if (cell === null || cell === undefined) return undefined
  if (type === "json") return compareJson(operator, cell, value)
  const left = comparable(cell, type)
  const right = comparable(value, type)
  switch (operator) {
    case "_eq":
      return left === right
    case "_neq":
      return left !== right
    case "_gt":
      return left > right
    case "_gte":
      return left >= right
    case "_lt":
      return left < right
    case "_lte":
      return left <= right
    default:
      return matches(operator, String(cell), String(value))
  }
}

const comparable = (value: unknown, type: Types[string]): number | string => {
  switch (type) {
    case "number":
      return Number(value)
    case "instant":
      return Date.parse(String(value))
    default:
      return String(value)
  }
}

/** `_nlike` is the opposite of `_like`, and so on. */
const matches = (operator: string, text: string, pattern: string): boolean => {
  const negated = operator.startsWith("_n")
  const base = negated ? `_${operator.slice(2)}` : operator
  return expression(base, pattern).test(text) !== negated
}

const expression = (operator: string, pattern: string): RegExp => {
  const flags = operator.startsWith("_i") ? "isu" : "su"
  const wildcards = (text: string): string => text.replaceAll("%", ".*").replaceAll("_", ".")
  switch (operator) {
    case "_like":
    case "_ilike":
      return new RegExp(`^${wildcards(pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))}$`, flags)
    case "_similar":
      return new RegExp(`^(?:${wildcards(pattern)})$`, flags)
    case "_regex":
    case "_iregex":
      return new RegExp(pattern, flags)
    default:
      throw new Error(`unknown operator: ${operator}`)
  }
}

const compareJson = (operator: string, cell: unknown, value: unknown): Truth => {
  switch (operator) {
    case "_eq":
      return contains(cell, value) && contains(value, cell)
    case "_neq":
      return !(contains(cell, value) && contains(value, cell))
    case "_contains":
      return contains(cell, value)
    case "_contained_in":
      return contains(value, cell)
    case "_has_key":
      return isObject(cell) && Object.hasOwn(cell, String(value))
    case "_has_keys_any":
      return listOf(value).some((key) => isObject(cell) && Object.hasOwn(cell, String(key)))
    case "_has_keys_all":
      return listOf(value).every((key) => isObject(cell) && Object.hasOwn(cell, String(key)))
    case "_cast":
      return isObject(value) ? column(value["String"], jsonText(cell), "text") : undefined
    default:
      throw new Error(`unknown operator: ${operator}`)
  }
}

/**
 * Whether a JSON object contains another object. Only flat objects are supported, and the values of
 * features are flat.
 */
const contains = (outer: unknown, inner: unknown): boolean =>
  isObject(outer) &&
  isObject(inner) &&
  Object.entries(inner).every(([key, value]) => Object.hasOwn(outer, key) && outer[key] === value)

/** The text of a jsonb value, as PostgreSQL writes it. */
const jsonText = (value: unknown): string =>
  isObject(value)
    ? `{${Object.entries(value)
        .map(([key, part]) => `${JSON.stringify(key)}: ${JSON.stringify(part)}`)
        .join(", ")}}`
    : JSON.stringify(value)
