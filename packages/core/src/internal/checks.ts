/** What every part of a query is checked for. */
import * as Either from "effect/Either"
import type * as Column from "../Column.js"
import { isRecord, type JsonValue } from "../JsonValue.js"
import { QueryError, type QueryReason } from "../MetricsError.js"
import type { Argument } from "../Scalar.js"
import type * as Table from "../Table.js"
import { isGraphQLName } from "./graphql/name.js"
import { shorten } from "./shorten.js"

export interface Place {
  readonly table: string
  readonly column?: string | undefined
}

export const queryError = (
  reason: QueryReason,
  place: Place,
  problem: string,
  hint: string
): QueryError => new QueryError({ reason, ...place, problem, hint })

export const fail = (
  ...parameters: Parameters<typeof queryError>
): Either.Either<never, QueryError> => Either.left(queryError(...parameters))

export const checkName = (
  value: unknown,
  what: string,
  table: string
): Either.Either<string, QueryError> =>
  // GraphQL keeps names that begin so for itself (section 2.1.9), and JavaScript gives a meaning to `__proto__`.
  typeof value === "string" && isGraphQLName(value) && !value.startsWith("__")
    ? Either.right(value)
    : fail(
        "InvalidName",
        { table },
        `${shorten(value)} cannot be the ${what} of a query on ${table}`,
        "Use letters, digits and underscores, and begin with no digit and at most one underscore"
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

/** JSON that came from the server and goes back as it is: a decoded value may have lost digits. */
export class Verbatim {
  constructor(readonly json: JsonValue) {}
}

/** The JSON of a value for an argument, which is never null. */
export const encodeValue = (
  value: unknown,
  argument: Argument,
  operator: string,
  place: Place
): Either.Either<JsonValue, QueryError> => {
  if (value instanceof Verbatim) return Either.right(value.json)
  if (value === null || value === undefined) {
    return fail(
      "NullComparison",
      place,
      `${operator} of ${place.table}.${place.column} is ${value}, and a server may take that for no filter at all`,
      "Test for null with _is_null, or leave the filter out"
    )
  }
  const encoded = argument.encode(value)
  return Either.isRight(encoded)
    ? Either.right(encoded.right)
    : fail(
        "InvalidValue",
        place,
        `${operator} of ${place.table}.${place.column} is ${shorten(value)}`,
        `Give ${encoded.left}`
      )
}

/** A plain object, and not a value that happens to be one, such as a DateTime. */
export const isPlainObject = (value: unknown): value is { readonly [key: string]: unknown } => {
  if (!isRecord(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
