/** The filter of a query, in the shape in which it was written: keys of one object stay together, `_and` stays a list. */
import * as Either from "effect/Either"
import type { ObjectFieldNode, ObjectValueNode, ValueNode } from "graphql"
import { QueryError } from "../MetricsError.js"
import type * as Table from "../Table.js"
import * as TimeRange from "../TimeRange.js"
import { encodeValue, fail, findColumn, isPlainObject, type Place } from "./checks.js"
import * as nodes from "./nodes.js"
import { shorten } from "./shorten.js"
import type { VariableList } from "./variableList.js"

/** What the parts of one operation share. */
export interface Scope {
  readonly variables: VariableList
  /** For ranges that end now. */
  readonly now: number
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

const condition = (
  where: unknown,
  table: Table.Any,
  scope: Scope
): Either.Either<ObjectValueNode, QueryError> =>
  Either.gen(function* () {
    if (!isPlainObject(where)) {
      return yield* fail(
        "InvalidValue",
        { table: table.name },
        `A filter of ${table.name} is ${shorten(where)}`,
        "Give an object with columns as keys"
      )
    }
    const fields: Array<ObjectFieldNode> = []
    for (const [key, value] of Object.entries(where)) {
      const related = table.relationships.get(key)
      const node =
        key === "_and" || key === "_or"
          ? yield* conditions(key, value, table, scope)
          : key === "_not"
            ? yield* condition(value, table, scope)
            : related === undefined
              ? yield* comparison(key, value, table, scope)
              : yield* condition(value, related.table(), scope)
      fields.push(nodes.objectField(key, node))
    }
    return nodes.object(fields)
  })

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
      "Give a list of filters; the server would read one object as a list of one"
    )
  }
  if (key === "_or" && value.length === 0) {
    return fail(
      "EmptyFilter",
      { table: table.name },
      `_or of ${table.name} is an empty list, which matches no row at all`,
      "Leave _or out where there is nothing to choose from, or do not send the query"
    )
  }
  return Either.map(Either.all(value.map((part) => condition(part, table, scope))), nodes.list)
}

const comparison = (
  name: string,
  filter: unknown,
  table: Table.Any,
  scope: Scope
): Either.Either<ObjectValueNode, QueryError> =>
  Either.gen(function* () {
    const column = yield* findColumn(table, name)
    const place = { table: table.name, column: name }
    const operators = yield* operatorsOf(filter, place, scope.now)
    const fields: Array<ObjectFieldNode> = []
    for (const [operator, value] of operators) {
      const argument = Object.hasOwn(column.scalar.operators, operator)
        ? column.scalar.operators[operator]
        : undefined
      if (argument === undefined) {
        return yield* fail(
          "UnknownOperator",
          place,
          `${table.name}.${name} is of type ${column.scalar.name}, which has no operator ${shorten(operator)}`,
          `Use one of ${Object.keys(column.scalar.operators).join(", ")}`
        )
      }
      const encoded = yield* encodeValue(value, argument, operator, place)
      const variable = operator === "_eq" ? name : `${name}${operator}`
      fields.push(nodes.objectField(operator, scope.variables.add(variable, argument, encoded)))
    }
    return nodes.object(fields)
  })

/** The operators that a filter stands for: a range, a list and a plain value are short for some. */
const operatorsOf = (
  filter: unknown,
  place: Required<Place>,
  now: number
): Either.Either<ReadonlyArray<readonly [operator: string, value: unknown]>, QueryError> => {
  if (TimeRange.isTimeRange(filter)) {
    return Either.mapBoth(TimeRange.resolveAt(filter, now), {
      onLeft: (error) => new QueryError({ ...error, ...place }),
      onRight: ({ start, end }) => [
        ["_gte", start],
        ["_lt", end]
      ]
    })
  }
  if (Array.isArray(filter)) return Either.right([["_in", filter]])
  if (!isPlainObject(filter)) return Either.right([["_eq", filter]])
  const operators = Object.entries(filter)
  return operators.length > 0
    ? Either.right(operators)
    : fail(
        "EmptyFilter",
        place,
        `The filter of ${place.table}.${place.column} has no operator and would match every row`,
        "Give a value or an operator, or leave the column out"
      )
}
