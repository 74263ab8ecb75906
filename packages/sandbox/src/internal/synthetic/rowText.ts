import type { Selected } from "../graphql/select/Plan.js"
import type { RowKey } from "./keys.js"
import { partitionOf, siteOf, timeOf } from "./keys.js"
import { notSupported } from "./notSupported.js"

/**
 * Writes the selected columns of a row as a JSON object. Throws a `HasuraError` for a related row.
 */
export const rowWriter = (
  selection: ReadonlyArray<Selected>,
  groupId: string,
  stringifyNumericTypes: boolean
): ((key: RowKey) => string) => {
  const fields = selection.map((selected) => {
    if (selected._tag === "Typename") {
      const text = JSON.stringify(selected.typeName)
      return [`${JSON.stringify(selected.responseKey)}:`, () => text] as const
    }
    if (selected._tag !== "Column") throw notSupported(`a selection of ${selected.responseKey}`)
    return [
      `${JSON.stringify(selected.responseKey)}:`,
      columnWriter(selected.column.name, groupId, stringifyNumericTypes)
    ] as const
  })
  return (key) => {
    let text = "{"
    for (const [name, write] of fields) text += (text === "{" ? "" : ",") + name + write(key)
    return `${text}}`
  }
}

const columnWriter = (
  column: string,
  groupId: string,
  stringifyNumericTypes: boolean
): ((key: RowKey) => string) => {
  switch (column) {
    case "BUILDING_ID":
      return () => "900"
    case "SITE_ID":
      return ({ zone }) => String(siteOf(zone))
    case "ZONE_ID":
      return ({ zone }) => String(zone)
    case "GROUP_ID": {
      const text = JSON.stringify(groupId)
      return () => text
    }
    case "GRANULARITY":
      return () => `"PT15M"`
    case "DATE_PARTITION":
      return ({ quarter }) => String(partitionOf(quarter))
    case "DATE_TIME_START":
      return timeWriter()
    case "OCCUPANCY_MEAN":
      return (key) => String(personMinutes(key) / 15)
    case "OCCUPANCY_POS_MEAN":
      return (key) => {
        const minutes = personMinutes(key)
        return minutes === 0 ? "null" : String(minutes / Math.min(15, minutes))
      }
    case "OCCUPANCY_MAX":
      return (key) => String(peak(key))
    case "PEOPLE_COUNT":
      return (key) => (stringifyNumericTypes ? `"${peak(key)}"` : String(peak(key)))
    default:
      throw notSupported(`a selection of ${column}`)
  }
}

/**
 * Writes times. Rows are mostly ordered by time, so the text of the last row is often also the text
 * of the next row.
 */
const timeWriter = (): ((key: RowKey) => string) => {
  let last: number | undefined
  let text = ""
  return ({ quarter }) => {
    if (quarter !== last) {
      text = `"${new Date(timeOf(quarter)).toISOString().slice(0, 19)}+00:00"`
      last = quarter
    }
    return text
  }
}

/**
 * An arbitrary number that is always the same for a row, because it is computed from the bits of
 * the row's key. At night the number is 0.
 */
const personMinutes = ({ quarter, zone }: RowKey): number => {
  const quarterOfDay = quarter % 96
  if (quarterOfDay < 28 || quarterOfDay > 76) return 0
  const mixed = Math.imul(Math.imul(quarter, 0x9e3779b1) ^ zone, 0x85ebca6b)
  return ((mixed ^ (mixed >>> 13)) >>> 0) % 121
}

const peak = (key: RowKey): number => Math.ceil(personMinutes(key) / 12)
