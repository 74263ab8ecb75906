/** The names in a query: of columns, and those that it gives to values. */
import * as Either from "effect/Either"
import type * as Column from "../../Column.js"
import type { QueryError } from "../../MetricsError.js"
import type * as Table from "../../Table.js"
import { isGraphQLName } from "../graphql/name.js"
import { fail, queryError } from "../queryError.js"
import { shorten } from "../shorten.js"

export const checkName = (
  value: unknown,
  what: string,
  table: string
): Either.Either<string, QueryError> =>
  // GraphQL keeps names that begin so for itself (section 2.1.9), and JavaScript gives a meaning to
  // `__proto__`.
  typeof value === "string" && isGraphQLName(value) && !value.startsWith("__")
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

export const unknownColumn = (table: Table.Any, column: unknown): QueryError =>
  queryError(
    "UnknownColumn",
    { table: table.name, column: typeof column === "string" ? column : undefined },
    `${table.name} has no column ${shorten(column)}`,
    `Use one of ${columnNames(table)}, or make a Table that has it`
  )

export const columnNames = (table: Table.Any): string =>
  [...table.byName.keys(), ...table.relationships.keys()].join(", ")
