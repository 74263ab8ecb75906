/**
 * Decodes values of rows by the caller's Schemas. Only bundles with `Query.decode` include this
 * module.
 */
import * as Either from "effect/Either"
import { DecodeError } from "../../MetricsError.js"
import { type Place, queryError } from "../queryError.js"
import { showing } from "../redact/shownValues.js"
import { shorten } from "../shorten.js"
import type { ReadCell, Selected, Step } from "./readCell.js"
import { type SchemaIssue, schemaDecoder } from "./schemaDecoder.js"

/** Makes the step that decodes the value with the given name. */
export const schemaStep = (name: string, schema: unknown): Step => {
  const decode = schemaDecoder(schema)
  return {
    _tag: "Schema",
    name,
    apply: (byKey, table, isRaw) => {
      const place = { table: table.name, column: name }
      const value = byKey.get(name)
      if (value === undefined) {
        return queryError(
          "UnknownColumn",
          place,
          `Query.decode has a Schema for ${shorten(name)}, which the query on ${table.name} does not select`,
          `Use one of ${[...byKey.keys()].join(", ")}`
        )
      }
      if (decode === undefined) {
        return queryError(
          "InvalidValue",
          place,
          `The decoder for ${table.name}.${name} is not a Schema`,
          'Pass a Schema from "effect/Schema"'
        )
      }
      if (isRaw) {
        return queryError(
          "InvalidValue",
          place,
          `${table.name}.${name} has a decoder, but Query.raw asks for undecoded rows`,
          "Leave out either Query.decode or Query.raw"
        )
      }
      byKey.set(name, { ...value, read: throughSchema(value, decode, place), of: undefined })
      return undefined
    }
  }
}

const throughSchema =
  (
    { isJson, read }: Selected,
    decode: NonNullable<ReturnType<typeof schemaDecoder>>,
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
      problem: `${table}.${column}${path === "" ? "" : `.${path}`} of row ${row} is ${found}, but the Schema does not accept it: ${expected}`,
      hint: `Fix the Schema${value === null ? " (use Schema.NullOr if null is allowed)" : ""}, or select rows that match it`,
      table,
      row,
      column,
      expected,
      found
    }),
    wrong,
    texts
  )
