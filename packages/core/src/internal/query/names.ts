/**
 * Checks the names in a query: the names of columns and options, and the names of values in a row.
 */

import * as Either from "effect/Either"
import type * as Column from "../../Column.js"
import type { QueryError } from "../../MetricsError.js"
import type * as Table from "../../Table.js"
import * as Ast from "../graphql/ast.js"
import { unknownName } from "../nearestName.js"
import { fail, queryError } from "../queryError.js"
import { shorten } from "../shorten.js"

export const checkName = (
  value: unknown,
  what: string,
  table: string
): Either.Either<string, QueryError> =>
  // GraphQL reserves names that begin with two underscores (section 2.1.9), and `__proto__` has a
  // meaning in JavaScript.
  typeof value === "string" && Ast.isName(value) && !value.startsWith("__")
    ? Either.right(value)
    : fail(
        "InvalidName",
        { table },
        `${shorten(value)} cannot be the ${what} of a query on ${table}`,
        "Use letters, digits and underscores; do not start with a digit or two underscores"
      )

export const findColumn = (
  table: Table.Any,
  column: unknown
): Either.Either<Column.Any, QueryError> => {
  const found = typeof column === "string" ? table.byName.get(column) : undefined
  return found === undefined ? Either.left(unknownColumn(table, column)) : Either.right(found)
}

export const unknownColumn = (table: Table.Any, column: unknown): QueryError => {
  const name = typeof column === "string" ? column : undefined
  const unknown = unknownName({ [name ?? ""]: column }, namesOf(table))
  return queryError(
    "UnknownColumn",
    { table: table.name, column: name },
    `${table.name} has no column ${shorten(column)}`,
    `${unknown?.hint}, or define a Table that has this column`
  )
}

export const columnNames = (table: Table.Any): string => namesOf(table).join(", ")

const namesOf = (table: Table.Any): ReadonlyArray<string> => [
  ...table.byName.keys(),
  ...table.relationships.keys()
]

/**
 * Checks that all options that the caller passed exist. Otherwise a misspelled option would be
 * ignored.
 */
export const checkOptionNames = (
  written: object,
  names: ReadonlyArray<string>,
  table: string
): Either.Either<void, QueryError> => {
  const unknown = unknownName(written, names)
  return unknown === undefined
    ? Either.void
    : fail(
        "InvalidName",
        { table },
        `The query on ${table} has an unknown option ${unknown.name}`,
        unknown.hint
      )
}

const rowOptions = ["where", "orderBy", "distinctOn", "limit", "offset", "allowOpen"]

/** The options of a query, by its root field. */
export const queryOptions = {
  Rows: ["select", "operationName", ...rowOptions],
  ByPk: ["select", "operationName"],
  Aggregate: ["select", "operationName", ...rowOptions]
}

export const relationshipOptions = ["relationship", "as", "select", ...rowOptions]

export const columnOptions = ["column", "as", "path"]
