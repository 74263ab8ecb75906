/**
 * Builds the filter of a query. The filter keeps the structure that the caller wrote: the keys of
 * one object stay in one object, and `_and` stays a list.
 */

import * as Either from "effect/Either"
import type { ObjectFieldNode, ObjectValueNode, ValueNode } from "graphql"
import { QueryError } from "../../MetricsError.js"
import type * as Scalar from "../../Scalar.js"
import type * as Table from "../../Table.js"
import { eitherFn } from "../eitherGenerator.js"
import * as Ast from "../graphql/ast.js"
import { isPlainObject } from "../isPlainObject.js"
import { nearestName } from "../nearestName.js"
import { fail, type Place, queryError } from "../queryError.js"
import type { Argument, Casts, Operators } from "../scalar/argument.js"
import { spanOf } from "../scalar/span.js"
import { shorten } from "../shorten.js"
import { isTimeRange } from "../typeIds.js"
import { findColumn } from "./names.js"
import { encodeOperand } from "./operand.js"
import type { VariableList } from "./variables.js"

/** State that is shared while one operation is built. */
export interface Scope {
  readonly variables: VariableList
  /** The current time, for ranges that depend on the current time. */
  readonly now: () => number
  /** Problems that do not stop the query from being sent. */
  readonly warnings: Array<string>
}

export const buildWhere = (
  filters: ReadonlyArray<unknown>,
  table: Table.Any,
  scope: Scope
): Either.Either<ObjectValueNode | undefined, QueryError> => {
  const [first, ...others] = filters
  if (first === undefined) return Either.right(undefined)
  return condition(others.length === 0 ? first : { _and: filters }, table, scope)
}

// These functions do not use `eitherFn`, because a filter has many parts. With a generator for each
// part, building a new query took a fifth longer.

const condition = (
  where: unknown,
  table: Table.Any,
  scope: Scope
): Either.Either<ObjectValueNode, QueryError> => {
  if (!isPlainObject(where)) {
    return fail(
      "InvalidValue",
      { table: table.name },
      `A filter on ${table.name} is ${shorten(where)}`,
      "Pass an object with columns as keys"
    )
  }
  const fields: Array<ObjectFieldNode> = []
  for (const key of Object.keys(where)) {
    const node = part(key, where[key], table, scope)
    if (Either.isLeft(node)) return Either.left(node.left)
    fields.push(Ast.objectField(key, node.right))
  }
  return Either.right(Ast.object(fields))
}

const part = (
  key: string,
  value: unknown,
  table: Table.Any,
  scope: Scope
): Either.Either<ValueNode, QueryError> => {
  if (key === "_and" || key === "_or") return conditions(key, value, table, scope)
  if (key === "_not") return condition(value, table, scope)
  const related = table.relationships.get(key)
  return related === undefined
    ? comparison(key, value, table, scope)
    : condition(value, related.table(), scope)
}

const conditions = (
  key: "_and" | "_or",
  value: unknown,
  table: Table.Any,
  scope: Scope
): Either.Either<ValueNode, QueryError> => {
  if (!Array.isArray(value)) {
    return fail(
      "InvalidValue",
      { table: table.name },
      `${key} of ${table.name} is ${shorten(value)}`,
      "Pass a list of filters; the server would read an object as a list of one"
    )
  }
  if (key === "_or" && value.length === 0) {
    return fail(
      "EmptyFilter",
      { table: table.name },
      `_or of ${table.name} is an empty list, which matches no rows`,
      "Leave out _or if there are no alternatives, or do not send the query"
    )
  }
  return Either.map(Either.all(value.map((part) => condition(part, table, scope))), Ast.list)
}

const comparison = (
  name: string,
  filter: unknown,
  table: Table.Any,
  scope: Scope
): Either.Either<ObjectValueNode, QueryError> => {
  const column = findColumn(table, name)
  if (Either.isLeft(column)) return Either.left(column.left)
  const { scalar } = column.right
  const place = { table: table.name, column: name }
  const written = operatorsOf(filter, scalar, place, scope.now)
  if (scalar.names !== undefined && Either.isRight(written)) {
    warnOfUnknown(scalar.names, written.right, place, scope)
  }
  return Either.isLeft(written)
    ? Either.left(written.left)
    : comparisons(written.right, scalar.operators, scalar.name, name, place, scope)
}

/**
 * Warns about a filter by an unknown name, because the server returns no rows for such a name, and
 * no error.
 */
const warnOfUnknown = (
  names: ReadonlyArray<string>,
  written: { readonly [operator: string]: unknown },
  { column, table }: Required<Place>,
  { warnings }: Scope
): void => {
  for (const value of [written["_eq"], written["_in"]].flat()) {
    if (typeof value !== "string" || names.includes(value)) continue
    warnings.push(
      `${table}.${column} is filtered by ${shorten(value)}, which is not a known name; the nearest one is ${shorten(nearestName(value, names))}. The query is sent anyway: if it returns no rows, check the name`
    )
  }
}

const comparisons = (
  written: { readonly [operator: string]: unknown },
  operators: Operators,
  type: string,
  variable: string,
  place: Required<Place>,
  scope: Scope
): Either.Either<ObjectValueNode, QueryError> => {
  const fields: Array<ObjectFieldNode> = []
  for (const operator of Object.keys(written)) {
    const known = Object.hasOwn(operators, operator) ? operators[operator] : undefined
    if (known === undefined) {
      return fail(
        "UnknownOperator",
        place,
        `${place.table}.${place.column} is of type ${type}, which has no operator ${shorten(operator)}`,
        `Use one of ${Object.keys(operators).join(", ")}`
      )
    }
    const name = operator === "_eq" ? variable : variable + operator
    const node =
      "casts" in known
        ? casts(written[operator], known, name, place, scope)
        : variableOf(written[operator], known, name, operator, place, scope)
    if (Either.isLeft(node)) return Either.left(node.left)
    fields.push(Ast.objectField(operator, node.right))
  }
  return fields.length > 0
    ? Either.right(Ast.object(fields))
    : fail(
        "EmptyFilter",
        place,
        `The filter of ${place.table}.${place.column} has no operator and would match every row`,
        "Pass a value or an operator, or leave out the column"
      )
}

const variableOf = (
  value: unknown,
  argument: Argument,
  name: string,
  operator: string,
  place: Required<Place>,
  { variables }: Scope
): Either.Either<ValueNode, QueryError> => {
  const encoded = encodeOperand(value, argument, operator, place)
  return Either.isLeft(encoded)
    ? Either.left(encoded.left)
    : Either.right(variables.add(name, argument, encoded.right))
}

const casts: (
  written: unknown,
  known: Casts,
  variable: string,
  place: Required<Place>,
  scope: Scope
) => Either.Either<ObjectValueNode, QueryError> = eitherFn(
  function* (written, known, variable, place, scope) {
    const fields: Array<ObjectFieldNode> = []
    for (const [type, comparison] of isPlainObject(written) ? Object.entries(written) : []) {
      const operators = Object.hasOwn(known.casts, type) ? known.casts[type] : undefined
      if (operators === undefined || !isPlainObject(comparison)) {
        fields.length = 0
        break
      }
      fields.push(
        Ast.objectField(
          type,
          yield* comparisons(comparison, operators, type, `${variable}_${type}`, place, scope)
        )
      )
    }
    return fields.length > 0
      ? Ast.object(fields)
      : yield* fail(
          "InvalidValue",
          place,
          `_cast of ${place.table}.${place.column} is ${shorten(written)}`,
          `Pass an object with operators for ${Object.keys(known.casts).join(", ")}`
        )
  }
)

/**
 * The operators of a column's filter. A single value is short for `_eq`, a list is short for `_in`,
 * and a time range is short for the operators of its start and end.
 */
export const operatorsOf = (
  filter: unknown,
  scalar: Scalar.Any,
  place: Required<Place>,
  now: () => number
): Either.Either<{ readonly [operator: string]: unknown }, QueryError> => {
  if (isTimeRange(filter)) {
    const { _tag } = filter.source
    return spanOf(filter, _tag === "Last" || _tag === "Current" ? now() : 0).pipe(
      Either.mapLeft((error) => new QueryError({ ...error, ...place })),
      Either.flatMap((span) =>
        Either.mapLeft(
          scalar.range === undefined
            ? Either.left("a value or an operator of that type")
            : scalar.range(span),
          (expected) =>
            queryError(
              "InvalidValue",
              place,
              `The filter of ${place.table}.${place.column}, which is of type ${scalar.name}, is a time range`,
              `Pass ${expected}`
            )
        )
      )
    )
  }
  if (Array.isArray(filter)) return Either.right({ _in: filter })
  return Either.right(isPlainObject(filter) ? filter : { _eq: filter })
}
