/** One JSON object (RFC 8259) in each line. */
import type { FileColumn, Value } from "../columns/column.js"
import { formatFloat } from "../columns/float.js"
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
 * Formats a cell. `bigint` and `numeric` are strings, as in the JSON form of Protocol Buffers,
 * because most readers of JSON round numbers. All values of such a column are strings, whether they
 * are large or small.
 */
export const cellText = ({ type }: Pick<FileColumn, "type">): ((value: Value | null) => string) => {
  switch (type) {
    case "boolean":
    case "int32":
      return (value) => (value === null ? "null" : String(value))
    case "json":
      // A line feed in the source text is always white space between tokens, because the strings of
      // JSON cannot contain a line feed.
      return (value) => (value === null ? "null" : String(value).replaceAll(/[\r\n]+/g, " "))
    case "float64":
      return (value) =>
        value === null
          ? "null"
          : // JSON has no NaN and no infinities.
            Number.isFinite(value)
            ? formatFloat(value)
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
