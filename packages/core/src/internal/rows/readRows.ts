/** Reads the rows of a response by the selection of a query. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../JsonValue.js"
import { DecodeError } from "../../MetricsError.js"
import { showing } from "../redact/shownValues.js"
import { shorten } from "../shorten.js"
import type { Selected } from "./readCell.js"

/** The values of a row, by name. */
export interface RowValues {
  readonly [key: string]: unknown
}

/** Reads a list of rows. */
export const readRows = (
  list: JsonValue | undefined,
  selected: ReadonlyArray<Selected>,
  table: string,
  thing: string,
  inPlace: boolean
): ReadonlyArray<RowValues> | DecodeError => {
  if (!isJsonArray(list)) return wrongShape(table, thing, "a list of rows", list)
  const rows: Array<RowValues> = new Array(list.length)
  for (let index = 0; index < list.length; index++) {
    const row = readRow(list[index], selected, table, index, inPlace)
    if (row instanceof DecodeError) return row
    rows[index] = row
  }
  return rows
}

/** Checks that a value is a list of rows, and returns the rows undecoded. */
export const readRawRows = (
  list: JsonValue | undefined,
  table: string,
  thing: string
): ReadonlyArray<RowValues> | DecodeError => {
  if (!isJsonArray(list)) return wrongShape(table, thing, "a list of rows", list)
  const wrong = list.findIndex((row) => !isJsonObject(row))
  return wrong === -1
    ? // Each row is an object, as was just checked.
      (list as ReadonlyArray<JsonObject>)
    : wrongShape(table, `Row ${wrong} of ${table}`, "an object", list[wrong], wrong)
}

/** Reads one row. */
export const readRow = (
  source: JsonValue | undefined,
  selected: ReadonlyArray<Pick<Selected, "key" | "read">>,
  table: string,
  row: number,
  inPlace: boolean
): RowValues | DecodeError => {
  if (!isJsonObject(source)) {
    return wrongShape(table, `Row ${row} of ${table}`, "an object", source, row)
  }
  // A response has its fields in the order of the selection (GraphQL, section 6.3). If the row has
  // exactly the selected names, the values are replaced in the row itself or in a copy of the row.
  // This is faster than building a new row, because the engine changes the hidden class of an
  // object with each property that is added.
  const keys = Object.keys(source)
  const isSame =
    keys.length === selected.length && selected.every(({ key }, index) => key === keys[index])
  const values: { [key: string]: unknown } = isSame ? (inPlace ? source : { ...source }) : {}
  for (const { key, read } of selected) {
    const cell = source[key]
    const value = read(cell, row, inPlace)
    if (value instanceof DecodeError) return value
    if (!isSame || !Object.is(value, cell)) values[key] = value
  }
  return values
}

export const wrongShape = (
  table: string,
  thing: string,
  expected: string,
  found: JsonValue | undefined,
  row?: number
): DecodeError =>
  showing(
    new DecodeError({
      reason: "WrongShape",
      problem: `${thing} is ${shorten(found)}, expected ${expected}`,
      hint: "Check that the base URL belongs to the API generation in use",
      table,
      row,
      expected,
      found: shorten(found)
    }),
    found
  )
