/** One JSON object (RFC 8259) in each line. */
import type { FileColumn, Value } from "../columns/column.js"
import { formatInstant, memoLast } from "../columns/instant.js"
import type { Format } from "./target.js"
import { lineEncoder, type TextCompression } from "./textFile.js"

export const ndjson =
  (path: string, compression: TextCompression): Format =>
  (columns, sink) =>
    lineEncoder(path, compression, {
      head: "",
      before: columns.map(
        ({ name }, index) => `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`
      ),
      cells: columns.map(cellText),
      after: "}\n"
    })(sink)

/**
 * Types with numbers that a double may not hold are strings, as in the JSON form of Protocol
 * Buffers, because most readers of JSON round numbers. All values of a column have the same JSON
 * type.
 */
export const cellText = ({ type }: Pick<FileColumn, "type">): ((value: Value | null) => string) => {
  switch (type) {
    case "boolean":
    case "int32":
      return (value) => (value === null ? "null" : String(value))
    case "json":
      // The source text can have line feeds between its parts, but not within its strings.
      return (value) => (value === null ? "null" : String(value).replaceAll(/[\r\n]+/g, " "))
    case "float64":
      return (value) =>
        value === null
          ? "null"
          : // JSON has no number for these.
            Number.isFinite(value)
            ? String(value)
            : `"${value}"`
    case "int64":
      return (value) => (value === null ? "null" : `"${value}"`)
    case "instant":
      return memoLast((value) => (typeof value === "bigint" ? `"${formatInstant(value)}"` : "null"))
    case "date":
    case "decimal":
    case "text":
      return (value) => JSON.stringify(value)
  }
}
