import type { JsonValue } from "../../JsonValue.js"
import { isPlainObject } from "../isPlainObject.js"

/**
 * Whether a value and all values within it are JSON. False for `undefined`, a function, `NaN`, an
 * instance of a class, a cycle, and a value with more than 1000 levels.
 */
export const isJsonValue = (value: unknown): value is JsonValue => isJson(value, new Set())

/**
 * The maximum number of levels of a value. PostgreSQL accepts more levels. The client and the
 * server write JSON with recursive functions, however, so more levels could overflow a stack.
 */
const maxDepth = 1_000

const isJson = (value: unknown, ancestors: Set<unknown>): boolean => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true
    case "number":
      return Number.isFinite(value)
    case "object":
      break
    default:
      return false
  }
  if (value === null) return true
  if (ancestors.has(value) || ancestors.size === maxDepth) return false
  ancestors.add(value)
  const children = Array.isArray(value)
    ? Array.from(value)
    : isPlainObject(value)
      ? Object.values(value)
      : [undefined]
  const ok = children.every((child) => isJson(child, ancestors))
  ancestors.delete(value)
  return ok
}
