/** Which columns a query has, and how each of them is read. */
import type * as TableColumn from "../../Column.js"
import type { ColumnBatch } from "../../ColumnBatch.js"
import type { JsonValue } from "../../JsonValue.js"
import type { QueryError } from "../../MetricsError.js"
import type { QuerySpec } from "../query/spec.js"
import { isObject } from "./json.js"
import type { Tools } from "./load.js"

/** The kind of a column in a batch. */
export type Kind = ColumnBatch<{ readonly any: unknown }>["columns"]["any"]["kind"]

/** One value of each row. */
export interface Field {
  /** The name of the value in a response and in a row. */
  readonly name: string
  readonly kind: Kind
  readonly isNullable: boolean
  /** Reads a cell as the reader of rows does. Returns `undefined` if it does not match. */
  readonly read: (cell: JsonValue | undefined) => unknown
  /** Whether text that is JSON stands for the JSON. */
  readonly mayBeText: boolean
  /** Whether JSON must be checked by `read`, because not any JSON will do. */
  readonly isChecked: boolean
  /** Whether it is one of related rows, which only the reader of rows can check. */
  readonly isRelated: boolean
  /** The type's name in the schema. */
  readonly type: string
}

/** The fields of the query's rows, or why it cannot be read into columns. */
export const fieldsOf = (query: QuerySpec, tools: PlanTools): ReadonlyArray<Field> | QueryError => {
  const table = query.table.name
  const [step] = query.decoders
  if (step !== undefined || query.isRaw) {
    const used = query.isRaw ? "raw" : step?._tag === "Plain" ? "plain" : "decode"
    return new tools.QueryError({
      reason: "InvalidValue",
      table,
      column: step?.name,
      problem: `The query on ${table} uses Query.${used}, which changes the values of rows, and columns have no rows`,
      hint: `Pass the query without Query.${used} to columns, or use stream`
    })
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

/** What the plan needs of the page. */
type PlanTools = Pick<Tools, "columnOf" | "QueryError">

/** The builder has checked the entry. */
const fieldOfEntry = (query: QuerySpec, entry: unknown, tools: PlanTools): Field | QueryError => {
  if (typeof entry === "string") return fieldOf(query, entry, entry, tools)
  const { as, column, path, relationship } = isObject(entry) ? entry : {}
  if (relationship !== undefined) {
    return { ...anyJson(String(as ?? relationship)), isRelated: true }
  }
  return path === undefined
    ? fieldOf(query, String(column), String(as), tools)
    : { ...anyJson(String(as)), read: orNull }
}

/** The field of a column that a query selects, or that a stream needs. */
export const fieldOf = (
  { table }: QuerySpec,
  column: string,
  name: string,
  tools: PlanTools
): Field | QueryError => {
  const found = table.byName.get(column)
  const known = found === undefined ? undefined : readable(found, tools)
  return known === undefined
    ? new tools.QueryError({
        reason: "InvalidValue",
        table: table.name,
        column,
        problem: `${table.name}.${column} has the scalar ${found?.scalar.name}, whose decoder columns do not know`,
        hint: "Select it as a column with one of the scalars of this library, leave it out, or use stream"
      })
    : { ...known, name }
}

const readable = (
  { isNullable, scalar }: TableColumn.Any,
  { columnOf }: PlanTools
): Omit<Field, "name"> | undefined => {
  const [read, name] = columnOf(scalar.decode) ?? []
  const type = scalar.name
  if (name !== undefined && read !== undefined) {
    const kind = name === "jsonOrText" ? "json" : name
    // Numbers with many digits reach the decoder of such a type as text.
    const isExact = scalar.parseExact !== undefined
    if (kind === "decimal" ? isExact : kind === "float64" || !isExact) {
      return { ...others, kind, isNullable, read, mayBeText: kind !== name, type }
    }
  }
  if (!/^(?:\[.*\]|geometry|geography)$/.test(type)) return undefined
  const { decode: decodeCell } = scalar
  return {
    ...others,
    kind: "json",
    isNullable,
    isChecked: true,
    read: (cell) => (cell !== undefined && decodeCell(cell)._tag === "Right" ? cell : undefined),
    type
  }
}

const others = { isChecked: false, isRelated: false, mayBeText: false }

const anyJson = (name: string): Field => ({
  ...others,
  name,
  kind: "json",
  isNullable: true,
  read: (cell) => cell,
  type: "json"
})

/** A path without a value gives null. */
const orNull = (cell: JsonValue | undefined): JsonValue => cell ?? null
