/** Reads from a caller's filter which values of a column the filter allows. */
import { isPlainObject } from "../isPlainObject.js"
import { isTimeRange } from "../typeIds.js"

/** The values that a column's filter allows, or undefined if the filter does not list them. */
export const allowedValues = (filter: unknown): ReadonlyArray<unknown> | undefined => {
  if (Array.isArray(filter)) return filter
  if (!isPlainObject(filter)) {
    return filter === undefined || isTimeRange(filter) ? undefined : [filter]
  }
  if ("_eq" in filter) return [filter["_eq"]]
  if (filter["_is_null"] === true) return [null]
  return Array.isArray(filter["_in"]) ? filter["_in"] : undefined
}

/** Whether a filter limits a column to values that the filter lists. */
export const isPinned = (filter: unknown, column: string): boolean =>
  isPlainObject(filter) &&
  Object.keys(filter).some((key) => {
    const part = filter[key]
    if (key === column) return allowedValues(part) !== undefined
    if (!Array.isArray(part)) return false
    if (key === "_and") return part.some((one) => isPinned(one, column))
    return key === "_or" && part.every((one) => isPinned(one, column))
  })
