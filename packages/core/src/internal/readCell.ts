/** A cell of an answer as the value that a row holds: by its column's scalar, and then by Schemas of the caller's. */
import * as Either from "effect/Either"
import type * as Column from "../Column.js"
import type { JsonValue } from "../JsonValue.js"
import { DecodeError, type QueryError } from "../MetricsError.js"
import type { RowDecoder } from "../Query.js"
import type * as Table from "../Table.js"
import type { Selected } from "./buildSelection.js"
import { fail, type Place } from "./checks.js"
import { readOf } from "./decodeCell.js"
import type { SchemaIssue } from "./schemaDecoder.js"
import { shorten } from "./shorten.js"
import { showing } from "./shownValues.js"

/**
 * The value of a cell, or a `DecodeError`. Rows are many and most of them fit, so a value goes bare and not in an Either.
 *
 * Rows within the cell become those of the answer where that is read in place.
 */
export type ReadCell = (cell: JsonValue | undefined, row: number, inPlace: boolean) => unknown

/** What was read, as an Either. The caller knows its type. */
export const toEither = <A>(value: A | DecodeError): Either.Either<A, DecodeError> =>
  value instanceof DecodeError ? Either.left(value) : Either.right(value)

export const cellReader = (table: string, name: string, column: Column.Any): ReadCell => {
  const { isNullable, scalar } = column
  const read = readOf(scalar.decode)
  return (cell, row) => {
    if (cell === null && isNullable) return null
    const value = read?.(cell)
    if (value !== undefined) return value
    const decoded = cell === undefined ? Either.left("the column") : scalar.decode(cell)
    return Either.isRight(decoded)
      ? decoded.right
      : wrongValue(table, name, column, decoded.left, cell, row)
  }
}

const wrongValue = (
  table: string,
  name: string,
  column: Column.Any,
  expected: string,
  cell: JsonValue | undefined,
  row: number
): DecodeError =>
  showing(
    new DecodeError({
      reason: "WrongValue",
      problem: `${table}.${name} of row ${row} is ${shorten(cell)}, expected ${expected}`,
      hint: `The catalogue says ${column.scalar.name}, ${column.isNullable ? "nullable" : "never null"} (${column.evidence}); where the server knows better, make a Table with another type`,
      table,
      row,
      column: name,
      expected,
      found: shorten(cell)
    }),
    cell
  )

/** The selected values, some of them through Schemas. */
export const decodeSelected = (
  selected: ReadonlyArray<Selected>,
  decoders: ReadonlyArray<RowDecoder>,
  table: Table.Any,
  isRaw: boolean
): Either.Either<ReadonlyArray<Selected>, QueryError> => {
  const byKey = new Map(selected.map((value) => [value.key, value]))
  for (const { decode, name } of decoders) {
    const place = { table: table.name, column: name }
    const value = byKey.get(name)
    if (value === undefined) {
      return fail(
        "UnknownColumn",
        place,
        `A Schema is given for ${shorten(name)}, which the query on ${table.name} does not select`,
        `Use one of ${[...byKey.keys()].join(", ")}`
      )
    }
    if (decode === undefined) {
      return fail(
        "InvalidValue",
        place,
        `What is to decode ${table.name}.${name} is no Schema`,
        "Give a Schema of effect"
      )
    }
    if (isRaw) {
      return fail(
        "InvalidValue",
        place,
        `${table.name}.${name} is to be decoded by a Schema, and the rows are to be left as they came`,
        "Leave out either Query.decode or Query.raw"
      )
    }
    byKey.set(name, { ...value, read: throughSchema(value, decode, place) })
  }
  return Either.right([...byKey.values()])
}

const throughSchema =
  (
    { isJson, read }: Selected,
    decode: NonNullable<RowDecoder["decode"]>,
    place: Required<Place>
  ): ReadCell =>
  (cell, row, inPlace) => {
    const value = read(cell, row, inPlace)
    if (value instanceof DecodeError || (value === null && !isJson)) return value
    const decoded = decode(value)
    return Either.isRight(decoded) ? decoded.right : mismatch(place, decoded.left, value, row)
  }

const mismatch = (
  { column, table }: Required<Place>,
  { expected, found, path, texts, wrong }: SchemaIssue,
  value: unknown,
  row: number
): DecodeError =>
  showing(
    new DecodeError({
      reason: "SchemaMismatch",
      problem: `${table}.${column}${path === "" ? "" : `.${path}`} of row ${row} is ${found}, and the Schema says: ${expected}`,
      hint: `Mend the Schema${value === null ? ", with Schema.NullOr if null may be" : ""}, or ask for rows that it describes`,
      table,
      row,
      column,
      expected,
      found
    }),
    wrong,
    texts
  )
