/** Builds the selection of aggregates, and reads their values. */

import * as Either from "effect/Either"
import type { FieldNode } from "graphql"
import { isJsonObject, type JsonValue } from "../../JsonValue.js"
import { DecodeError, type QueryError } from "../../MetricsError.js"
import type * as Scalar from "../../Scalar.js"
import type * as Table from "../../Table.js"
import { eitherFn } from "../eitherGenerator.js"
import * as Ast from "../graphql/ast.js"
import { isPlainObject } from "../isPlainObject.js"
import { fail } from "../queryError.js"
import { showing } from "../redact/shownValues.js"
import { exactCellsOf } from "../rows/exactCells.js"
import type { Selected } from "../rows/readCell.js"
import { wrongShape } from "../rows/readRows.js"
import * as decode from "../scalar/decode.js"
import { shorten } from "../shorten.js"
import { findColumn } from "./names.js"

/** Aggregate functions whose result has the type of the column. */
const ofColumn: ReadonlySet<string> = new Set(["sum", "min", "max"])

/** Aggregate functions whose result is a floating-point number. */
const ofNumbers: ReadonlySet<string> = new Set([
  "avg",
  "stddev",
  "stddev_pop",
  "stddev_samp",
  "variance",
  "var_pop",
  "var_samp"
])

export const buildAggregates = (
  select: unknown,
  table: Table.Any
): Either.Either<ReadonlyArray<Selected>, QueryError> => {
  const entries = isPlainObject(select) ? Object.entries(select) : []
  return entries.length === 0
    ? fail(
        "EmptySelection",
        { table: table.name },
        `The query on ${table.name} selects no aggregate`,
        "Select count: true, or a function with its columns"
      )
    : Either.all(entries.map(([key, columns]) => aggregate(key, columns, table)))
}

const aggregate: (
  key: string,
  columns: unknown,
  table: Table.Any
) => Either.Either<Selected, QueryError> = eitherFn(function* (key, columns, table) {
  if (key === "count" && columns === true) return counted(key, Ast.field("count"), table)
  const names: Array<string> = []
  const decoders = new Map<string, decode.Decode<unknown>>()
  const exact: Array<{ readonly key: string; readonly exact: Scalar.Any["parseExact"] }> = []
  for (const column of Array.isArray(columns) ? columns : []) {
    const { scalar } = yield* findColumn(table, column)
    names.push(String(column))
    decoders.set(String(column), ofColumn.has(key) ? scalar.decode : decode.float)
    if (ofColumn.has(key)) exact.push({ key: String(column), exact: scalar.parseExact })
  }
  if (names.length === 0) {
    return yield* fail(
      "InvalidValue",
      { table: table.name },
      `The columns of ${key} of ${table.name} are ${shorten(columns)}`,
      "Pass a list of at least one column"
    )
  }
  if (key === "count" || key === "countDistinct") {
    const isDistinct = key === "countDistinct"
    return counted(
      key,
      Ast.field("count", {
        alias: key,
        arguments: [
          Ast.argument("columns", Ast.list(names.map(Ast.enumValue))),
          ...(isDistinct ? [Ast.argument("distinct", Ast.boolean(true))] : [])
        ]
      }),
      table
    )
  }
  if (!ofColumn.has(key) && !ofNumbers.has(key)) {
    return yield* fail(
      "UnknownOperator",
      { table: table.name },
      `${shorten(key)} is not an aggregate of ${table.name}`,
      `Use one of ${["count", "countDistinct", ...ofColumn, ...ofNumbers].join(", ")}`
    )
  }
  return {
    key,
    node: Ast.field(key, { selections: names.map((name) => Ast.field(name)) }),
    read: (found) => {
      if (!isJsonObject(found)) {
        return wrongShape(table.name, `${key} of ${table.name}`, "an object", found)
      }
      const values: { [name: string]: unknown } = {}
      for (const [name, decode] of decoders) {
        const value = cell(table, key, name, found[name], decode)
        if (value instanceof DecodeError) return value
        values[name] = value
      }
      return values
    },
    isJson: false,
    exact: exactCellsOf(exact)
  }
})

const counted = (key: string, node: FieldNode, table: Table.Any): Selected => ({
  key,
  node,
  read: (value) => cell(table, key, key, value ?? undefined, decode.integer),
  isJson: false,
  exact: undefined
})

/** Reads the result of an aggregate function, which is null if there is no value to aggregate. */
const cell = (
  table: Table.Any,
  aggregate: string,
  column: string,
  value: JsonValue | undefined,
  decode: decode.Decode<unknown>
): unknown => {
  if (value === null) return null
  const decoded = value === undefined ? Either.left("a value") : decode(value)
  return Either.isRight(decoded)
    ? decoded.right
    : showing(
        new DecodeError({
          reason: "WrongValue",
          problem: `${aggregate} of ${table.name}.${column} is ${shorten(value)}, expected ${decoded.left}`,
          hint: "Define a Table that gives the column the server's type",
          table: table.name,
          column,
          expected: decoded.left,
          found: shorten(value)
        }),
        value
      )
}
