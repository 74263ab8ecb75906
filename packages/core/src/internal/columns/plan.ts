/** The columns of a query, and how each of them is read. */
import type * as TableColumn from "../../Column.js"
import type { ColumnBatch } from "../../ColumnBatch.js"
import type { JsonValue } from "../../JsonValue.js"
import type { QueryError } from "../../MetricsError.js"
import type { QuerySpec } from "../query/spec.js"
import type { Described } from "../rows/readCell.js"
import { isObject } from "./bytes.js"
import type { Tools } from "./tools.js"

/** The kind of a column in a batch. */
export type Kind = ColumnBatch<{ readonly any: unknown }>["columns"]["any"]["kind"]

/** A value that each row has, and how it is read. */
export interface Field {
  /** The name of the value in a response and in a row. */
  readonly name: string
  readonly kind: Kind
  readonly isNullable: boolean
  /** Reads a cell as the reader of rows does. Returns `undefined` if the cell is not valid. */
  readonly read: (cell: JsonValue | undefined) => unknown
  /** Whether text that contains JSON is read as that JSON. */
  readonly mayBeText: boolean
  /** Whether `read` must check the JSON, because not every JSON value is valid in this column. */
  readonly isChecked: boolean
  /** Whether the value consists of related rows. Only the reader of rows can check them. */
  readonly isRelated: boolean
  /** The column of the table, and the name of this column in the table. */
  readonly source: readonly [name: string, column: Described]
}

/** The fields of the query's rows, or an error if columns cannot hold these rows. */
export const fieldsOf = (query: QuerySpec, tools: Tools): ReadonlyArray<Field> | QueryError => {
  const [, , queryError] = tools
  const table = query.table.name
  const [step] = query.decoders
  if (step !== undefined || query.isRaw) {
    const used = query.isRaw ? "raw" : step?._tag === "Plain" ? "plain" : "decode"
    return queryError(
      "InvalidValue",
      { table, column: step?.name },
      `The query on ${table} uses Query.${used}, which changes the values of rows, and columns have no rows`,
      `Pass the query without Query.${used} to columns, or use stream`
    )
  }
  const fields: Array<Field> = []
  for (const entry of new Set(query.select)) {
    const field = fieldOfEntry(query, entry, tools)
    if (!("kind" in field)) return field
    fields.push(field)
  }
  return fields
}

export const isFields = (
  fields: ReadonlyArray<Field> | QueryError
): fields is ReadonlyArray<Field> => Array.isArray(fields)

/** The field of an entry of `select`. The query builder checks whether the entry is valid. */
const fieldOfEntry = (query: QuerySpec, entry: unknown, tools: Tools): Field | QueryError => {
  if (typeof entry === "string") return fieldOf(query, entry, entry, tools)
  const { as, column, path, relationship } = isObject(entry) ? entry : {}
  if (relationship !== undefined) {
    const name = String(relationship)
    return { ...anyJson(String(as ?? name), [name, related]), isRelated: true }
  }
  const name = String(column)
  return path === undefined
    ? fieldOf(query, name, String(as), tools)
    : anyJson(String(as), [name, query.table.byName.get(name) ?? related])
}

const related: Described = { isNullable: true, evidence: "assumed", scalar: { name: "json" } }

/** The field of a column that a query selects, or that a stream needs. */
export const fieldOf = (
  { table }: QuerySpec,
  column: string,
  name: string,
  tools: Tools
): Field | QueryError => {
  const [, , queryError] = tools
  const found = table.byName.get(column)
  const type = found === undefined ? undefined : readable(found, tools)
  return found === undefined || type === undefined
    ? queryError(
        "InvalidValue",
        { table: table.name, column },
        `${table.name}.${column} has the scalar ${found?.scalar.name}, whose own decoder cannot be used for columns`,
        "Select it as a column with one of the scalars of this library, leave it out, or use stream"
      )
    : { isNullable: found.isNullable, name, source: [column, found], ...type }
}

type Readable = Omit<Field, "name" | "source" | "isNullable">

/** The results of `readableScalar`, kept because it calls the scalar's decoder several times. */
const known = /* @__PURE__ */ new WeakMap<object, Readable | "unknown">()

const readable = ({ scalar }: TableColumn.Any, tools: Tools): Readable | undefined => {
  const found = known.get(scalar) ?? readableScalar(scalar, tools) ?? "unknown"
  known.set(scalar, found)
  return found === "unknown" ? undefined : found
}

const readableScalar = (
  scalar: TableColumn.Any["scalar"],
  [, , , readOf]: Tools
): Readable | undefined => {
  const type = scalar.name
  const read = readOf(scalar.decode)
  const kind = read === undefined ? undefined : kindOf(read)
  if (read !== undefined && kind !== undefined) {
    // If a scalar has `parseExact`, numbers with many digits reach its decoder as text.
    const isExact = scalar.parseExact !== undefined
    const hasDigits = kind === "decimal" || kind === "int64"
    if (hasDigits ? isExact : kind === "float64" || !isExact) {
      const mayBeText = kind === "json" && read("{}") !== "{}"
      return { ...others, kind, read, mayBeText }
    }
  }
  if (!/^(?:\[.*\]|geometry|geography)$/.test(type)) return undefined
  const { decode: decodeCell } = scalar
  return {
    ...others,
    kind: "json",
    isChecked: true,
    read: (cell) => (cell !== undefined && decodeCell(cell)._tag === "Right" ? cell : undefined)
  }
}

/**
 * The kind of column that holds the values of a decoder of this library. The kind is recognized by
 * the values that the decoder returns for some cells. If each decoder named its kind, every web app
 * would load these names, even if it uses no columns.
 */
const kindOf = (read: (cell: JsonValue) => unknown): Kind | undefined => {
  if (read({}) !== undefined) return "json"
  if (read(true) === true) return "boolean"
  switch (typeof read(1)) {
    case "bigint":
      return "int64"
    case "number":
      return read("1") === undefined ? "int32" : "float64"
    case "object":
      return "decimal"
    default:
      break
  }
  if (read("x") === "x") return "text"
  if (typeof read("2024-01-31") === "string") return "date"
  return typeof read("2024-01-31T00:00:00Z") === "object" ? "timestamp" : undefined
}

const others = { isChecked: false, isRelated: false, mayBeText: false }

const anyJson = (name: string, source: Field["source"]): Field => ({
  ...others,
  name,
  kind: "json",
  isNullable: true,
  // If there is no value at the path, the result is null.
  read: (cell) => cell ?? null,
  source
})
