/** Builds the arguments of a field that returns rows: filter, order and limits. */

import * as Either from "effect/Either"
import type { ArgumentNode, ListValueNode, ObjectValueNode } from "graphql"
import type { QueryError } from "../../MetricsError.js"
import type * as Table from "../../Table.js"
import { eitherFn } from "../eitherGenerator.js"
import * as Ast from "../graphql/ast.js"
import { isPlainObject } from "../isPlainObject.js"
import { fail } from "../queryError.js"
import type { Argument } from "../scalar/argument.js"
import * as encode from "../scalar/encode.js"
import { shorten } from "../shorten.js"
import { isPinned } from "./filterValues.js"
import { findColumn } from "./names.js"
import { buildWhere, type Scope } from "./where.js"

/** The rows to select, described by the options that the caller passed. */
export interface Rows {
  readonly where: ReadonlyArray<unknown>
  readonly orderBy: ReadonlyArray<unknown>
  readonly distinctOn: ReadonlyArray<unknown>
  readonly limit: unknown
  readonly offset: unknown
  readonly allowOpen: ReadonlyArray<unknown>
}

/** The related rows to select, described by the entry of `select` that the caller passed. */
export const rowsOf = (entry: { readonly [key: string]: unknown }): Rows => ({
  where: entry["where"] === undefined ? [] : [entry["where"]],
  orderBy: [entry["orderBy"] ?? []].flat(),
  distinctOn: [entry["distinctOn"] ?? []].flat(),
  limit: entry["limit"],
  offset: entry["offset"],
  allowOpen: [entry["allowOpen"] ?? []].flat()
})

export const buildArguments: (
  rows: Rows,
  table: Table.Any,
  scope: Scope,
  /**
   * False for a relationship to one row. Such a relationship needs no check of the dimensions,
   * because its result is a single row.
   */
  isMany?: boolean
) => Either.Either<ReadonlyArray<ArgumentNode>, QueryError> = eitherFn(function* (
  rows,
  table,
  scope,
  isMany = true
) {
  const where = yield* buildWhere(rows.where, table, scope)
  const orderBy = yield* ordering(rows.orderBy, table)
  const distinctOn = yield* distinction(rows, table)
  const args: Array<ArgumentNode> = []
  if (where !== undefined) args.push(Ast.argument("where", where))
  if (orderBy !== undefined) args.push(Ast.argument("order_by", orderBy))
  if (distinctOn !== undefined) args.push(Ast.argument("distinct_on", distinctOn))
  for (const name of ["limit", "offset"] as const) {
    const value = yield* count(name, rows[name], table)
    if (value !== undefined) {
      args.push(Ast.argument(name, scope.variables.add(name, countType, value)))
    }
  }
  // This check comes last, because the error of a wrong filter helps more than the error of a
  // missing dimension.
  if (isMany) yield* checkDimensions(rows, table)
  return args
})

const checkDimensions = (
  { allowOpen, limit, where }: Rows,
  table: Table.Any
): Either.Either<void, QueryError> => {
  for (const column of allowOpen) {
    const found = findColumn(table, column)
    if (Either.isLeft(found)) return Either.left(found.left)
  }
  const open = table.dimensions.filter(
    (name) => !allowOpen.includes(name) && !where.some((filter) => isPinned(filter, name))
  )
  // A result of at most one row cannot mix the values of several series.
  return open.length === 0 || limit === 0 || limit === 1
    ? Either.void
    : fail(
        "OpenDimension",
        { table: table.name, column: open[0] },
        `The query on ${table.name} leaves ${open.join(", ")} open, so its rows would mix the values of several series`,
        `Filter ${open.join(", ")} by a value or a list, or allow it with allowOpen: ${JSON.stringify(open)}`
      )
}

const countType: Argument = { type: "Int", isList: false, encode: encode.int32 }

const ordering = (
  orderBy: ReadonlyArray<unknown>,
  table: Table.Any
): Either.Either<ListValueNode | undefined, QueryError> =>
  orderBy.length === 0
    ? Either.right(undefined)
    : Either.map(Either.all(orderBy.map((entry) => order(entry, table))), Ast.list)

const order: (entry: unknown, table: Table.Any) => Either.Either<ObjectValueNode, QueryError> =
  eitherFn(function* (entry, table) {
    const [first, ...others] = isPlainObject(entry) ? Object.entries(entry) : []
    if (first === undefined || others.length > 0) {
      return yield* fail(
        "InvalidValue",
        { table: table.name },
        `An entry of orderBy of ${table.name} is ${shorten(entry)}, but each entry must be an object with one column, because the server ignores the order of keys`,
        "Pass a list with one object for each column"
      )
    }
    const [name, direction] = first
    const related = table.relationships.get(name)
    if (related !== undefined && !related.isMany) {
      return Ast.object([Ast.objectField(name, yield* order(direction, related.table()))])
    }
    yield* findColumn(table, name)
    if (typeof direction !== "string" || !directions.has(direction)) {
      return yield* fail(
        "InvalidValue",
        { table: table.name, column: name },
        `The sort direction of ${table.name}.${name} is ${shorten(direction)}`,
        `Use one of ${[...directions].join(", ")}`
      )
    }
    return Ast.object([Ast.objectField(name, Ast.enumValue(direction))])
  })

const directions: ReadonlySet<string> = new Set([
  "asc",
  "asc_nulls_first",
  "asc_nulls_last",
  "desc",
  "desc_nulls_first",
  "desc_nulls_last"
])

/**
 * Checks `distinctOn`, because the server accepts `distinct_on` only if its columns are the first
 * columns of `order_by`.
 */
const distinction: (
  rows: Rows,
  table: Table.Any
) => Either.Either<ListValueNode | undefined, QueryError> = eitherFn(function* (
  { distinctOn, orderBy },
  table
) {
  if (distinctOn.length === 0) return undefined
  const columns: Array<string> = []
  for (const column of new Set(distinctOn)) {
    yield* findColumn(table, column)
    if (typeof column === "string") columns.push(column)
  }
  const ordered = orderBy
    .slice(0, columns.length)
    .flatMap((entry) => (isPlainObject(entry) ? Object.keys(entry) : []))
  if (orderBy.length > 0 && !columns.every((column) => ordered.includes(column))) {
    return yield* fail(
      "InvalidValue",
      { table: table.name },
      `distinctOn of ${table.name} is ${columns.join(", ")}, but orderBy begins with ${ordered.join(", ")}`,
      "Begin orderBy with the columns of distinctOn"
    )
  }
  return Ast.list(columns.map(Ast.enumValue))
})

export const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 31

const count = (
  what: "limit" | "offset",
  value: unknown,
  table: Table.Any
): Either.Either<number | undefined, QueryError> =>
  value === undefined
    ? Either.right(undefined)
    : isCount(value)
      ? Either.right(value)
      : fail(
          "InvalidValue",
          { table: table.name },
          `The ${what} of the query on ${table.name} is ${shorten(value)}`,
          "Pass a whole number from 0 to 2147483647"
        )
