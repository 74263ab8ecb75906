/** A query as a GraphQL document with variables, or the first thing that is wrong with it. */
import * as Either from "effect/Either"
import {
  type ArgumentNode,
  type DocumentNode,
  Kind,
  type ListValueNode,
  type ObjectFieldNode,
  type ObjectValueNode,
  OperationTypeNode,
  type ValueNode
} from "graphql"
import type * as Column from "../Column.js"
import { isRecord, type JsonObject } from "../JsonValue.js"
import { QueryError, type QueryReason } from "../MetricsError.js"
import type { Condition, Query } from "../Query.js"
import type { Argument } from "../Scalar.js"
import * as TimeRange from "../TimeRange.js"
import * as encode from "./encodeValue.js"
import { isGraphQLName } from "./graphqlName.js"
import { shorten } from "./shorten.js"
import { VariableList } from "./variableList.js"

export interface BuiltDocument {
  readonly document: DocumentNode
  readonly variables: JsonObject
  readonly columns: ReadonlyArray<readonly [name: string, column: Column.Any]>
}

export const buildDocument = (
  query: Query<unknown>,
  now: number
): Either.Either<BuiltDocument, QueryError> =>
  Either.gen(function* () {
    const table = query.table.name
    const variables = new VariableList()
    const scope: Scope = { query, variables, now }
    yield* checkName(query.operationName, "operation name", table)
    if (query.alias !== undefined) yield* checkName(query.alias, "alias", table)
    const columns = yield* selectedColumns(query)
    const where = yield* conjunction(scope)
    const orderBy = yield* ordering(query)
    const limit = yield* count("limit", query.limit, table)
    const offset = yield* count("offset", query.offset, table)
    const args: ReadonlyArray<ArgumentNode> = [
      ...(where === undefined ? [] : [argument("where", where)]),
      ...(orderBy === undefined ? [] : [argument("order_by", orderBy)]),
      ...(limit === undefined ? [] : [argument("limit", variables.add("limit", countType, limit))]),
      ...(offset === undefined
        ? []
        : [argument("offset", variables.add("offset", countType, offset))])
    ]
    return {
      document: {
        kind: Kind.DOCUMENT,
        definitions: [
          {
            kind: Kind.OPERATION_DEFINITION,
            operation: OperationTypeNode.QUERY,
            name: name(query.operationName),
            variableDefinitions: variables.definitions,
            selectionSet: {
              kind: Kind.SELECTION_SET,
              selections: [
                {
                  kind: Kind.FIELD,
                  ...(query.alias === undefined ? {} : { alias: name(query.alias) }),
                  name: name(table),
                  arguments: args,
                  selectionSet: {
                    kind: Kind.SELECTION_SET,
                    selections: columns.map(([column]) => ({
                      kind: Kind.FIELD,
                      name: name(column)
                    }))
                  }
                }
              ]
            }
          }
        ]
      },
      variables: variables.values,
      columns
    }
  })

/** What the parts of one filter share. */
interface Scope {
  readonly query: Query<unknown>
  readonly variables: VariableList
  /** For ranges that end now. */
  readonly now: number
}

const countType: Argument = { type: "Int", isList: false, encode: encode.int32 }

const name = (value: string) => ({ kind: Kind.NAME as const, value })

const argument = (of: string, value: ValueNode): ArgumentNode => ({
  kind: Kind.ARGUMENT,
  name: name(of),
  value
})

const field = (of: string, value: ValueNode): ObjectFieldNode => ({
  kind: Kind.OBJECT_FIELD,
  name: name(of),
  value
})

const object = (fields: ReadonlyArray<ObjectFieldNode>): ObjectValueNode => ({
  kind: Kind.OBJECT,
  fields
})

const list = (values: ReadonlyArray<ValueNode>): ListValueNode => ({ kind: Kind.LIST, values })

const checkName = (value: string, what: string, table: string): Either.Either<void, QueryError> =>
  isGraphQLName(value)
    ? Either.void
    : fail(
        "InvalidName",
        { table },
        `${shorten(value)} cannot be the ${what} of a query on ${table}`,
        "Use letters, digits and underscores, and begin with no digit"
      )

const selectedColumns = (
  query: Query<unknown>
): Either.Either<ReadonlyArray<readonly [string, Column.Any]>, QueryError> => {
  const table = query.table.name
  if (query.select.length === 0) {
    return fail(
      "EmptySelection",
      { table },
      `The query on ${table} selects no column`,
      `Select at least one of ${columnNames(query)}`
    )
  }
  return Either.all(
    [...new Set(query.select)].map((column) =>
      Either.map(findColumn(query, column), (found) => [column, found] as const)
    )
  )
}

const findColumn = (query: Query<unknown>, column: string): Either.Either<Column.Any, QueryError> =>
  Either.fromNullable(query.table.byName.get(column), () =>
    queryError(
      "UnknownColumn",
      { table: query.table.name, column },
      `${query.table.name} has no column ${shorten(column)}`,
      `Use one of ${columnNames(query)}, or make a Table that has it`
    )
  )

const columnNames = (query: Query<unknown>): string => [...query.table.byName.keys()].join(", ")

const conjunction = (scope: Scope): Either.Either<ObjectValueNode | undefined, QueryError> => {
  const [first, ...others] = scope.query.where
  if (first === undefined) return Either.right(undefined)
  return others.length === 0
    ? condition(first, scope)
    : condition({ _and: scope.query.where }, scope)
}

/** A filter in the shape in which it was written: keys of one object stay together, `_and` stays a list. */
const condition = (where: unknown, scope: Scope): Either.Either<ObjectValueNode, QueryError> =>
  Either.gen(function* () {
    const table = scope.query.table.name
    if (!isCondition(where)) {
      return yield* fail(
        "InvalidValue",
        { table },
        `A filter of ${table} is ${shorten(where)}`,
        "Give an object with columns as keys"
      )
    }
    const fields: Array<ObjectFieldNode> = []
    for (const [key, value] of Object.entries(where)) {
      switch (key) {
        case "_and":
        case "_or":
          fields.push(field(key, yield* conditions(key, value, scope)))
          break
        case "_not":
          fields.push(field(key, yield* condition(value, scope)))
          break
        default:
          fields.push(field(key, yield* comparison(key, value, scope)))
      }
    }
    return object(fields)
  })

const conditions = (
  key: "_and" | "_or",
  value: unknown,
  scope: Scope
): Either.Either<ValueNode, QueryError> => {
  const table = scope.query.table.name
  if (!Array.isArray(value)) {
    return fail(
      "InvalidValue",
      { table },
      `${key} of ${table} is ${shorten(value)}`,
      "Give a list of filters; the server would read one object as a list of one"
    )
  }
  if (key === "_or" && value.length === 0) {
    return fail(
      "EmptyFilter",
      { table },
      `_or of ${table} is an empty list, which matches no row at all`,
      "Leave _or out where there is nothing to choose from, or do not send the query"
    )
  }
  return Either.map(Either.all(value.map((part) => condition(part, scope))), list)
}

const comparison = (
  name: string,
  filter: unknown,
  scope: Scope
): Either.Either<ObjectValueNode, QueryError> =>
  Either.gen(function* () {
    const column = yield* findColumn(scope.query, name)
    const where = { table: scope.query.table.name, column: name }
    const operators = yield* operatorsOf(filter, where, scope.now)
    const fields: Array<ObjectFieldNode> = []
    for (const [operator, value] of operators) {
      const operatorArgument = Object.hasOwn(column.scalar.operators, operator)
        ? column.scalar.operators[operator]
        : undefined
      if (operatorArgument === undefined) {
        return yield* fail(
          "UnknownOperator",
          where,
          `${where.table}.${name} is of type ${column.scalar.name}, which has no operator ${shorten(operator)}`,
          `Use one of ${Object.keys(column.scalar.operators).join(", ")}`
        )
      }
      if (value === null || value === undefined) {
        return yield* fail(
          "NullComparison",
          where,
          `${operator} of ${where.table}.${name} is ${value}, and a server may take that for no filter at all`,
          "Test for null with _is_null, or leave the filter out"
        )
      }
      const encoded = yield* Either.mapLeft(operatorArgument.encode(value), (expected) =>
        queryError(
          "InvalidValue",
          where,
          `${operator} of ${where.table}.${name} is ${shorten(value)}`,
          `Give ${expected}`
        )
      )
      const variable = operator === "_eq" ? name : `${name}${operator}`
      fields.push(field(operator, scope.variables.add(variable, operatorArgument, encoded)))
    }
    return object(fields)
  })

/** The operators that a filter stands for: a range, a list and a plain value are short for some. */
const operatorsOf = (
  filter: unknown,
  where: { readonly table: string; readonly column: string },
  now: number
): Either.Either<ReadonlyArray<readonly [operator: string, value: unknown]>, QueryError> => {
  if (TimeRange.isTimeRange(filter)) {
    return Either.mapBoth(TimeRange.resolveAt(filter, now), {
      onLeft: (error) => new QueryError({ ...error, ...where }),
      onRight: ({ start, end }) => [
        ["_gte", start],
        ["_lt", end]
      ]
    })
  }
  if (Array.isArray(filter)) return Either.right([["_in", filter]])
  if (!isCondition(filter)) return Either.right([["_eq", filter]])
  const operators = Object.entries(filter)
  return operators.length > 0
    ? Either.right(operators)
    : fail(
        "EmptyFilter",
        where,
        `The filter of ${where.table}.${where.column} has no operator and would match every row`,
        "Give a value or an operator, or leave the column out"
      )
}

/** A plain object, and not a value that happens to be one, such as a DateTime. */
const isCondition = (value: unknown): value is Condition => {
  if (!isRecord(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const ordering = (query: Query<unknown>): Either.Either<ListValueNode | undefined, QueryError> =>
  Either.gen(function* () {
    const table = query.table.name
    const entries: Array<ObjectValueNode> = []
    for (const entry of query.orderBy) {
      const keys = Object.keys(entry)
      const [column] = keys
      if (column === undefined || keys.length > 1) {
        return yield* fail(
          "InvalidValue",
          { table },
          `An entry of orderBy of ${table} has ${keys.length} keys, and a server does not keep the order of keys`,
          "Give a list of objects with one column each"
        )
      }
      yield* findColumn(query, column)
      const direction = entry[column]
      if (direction === undefined || !directions.has(direction)) {
        return yield* fail(
          "InvalidValue",
          { table, column },
          `The direction of ${table}.${column} is ${shorten(direction)}`,
          `Use one of ${[...directions].join(", ")}`
        )
      }
      entries.push(object([field(column, { kind: Kind.ENUM, value: direction })]))
    }
    return entries.length === 0 ? undefined : list(entries)
  })

const directions: ReadonlySet<string> = new Set([
  "asc",
  "asc_nulls_first",
  "asc_nulls_last",
  "desc",
  "desc_nulls_first",
  "desc_nulls_last"
])

const count = (
  what: "limit" | "offset",
  value: number | undefined,
  table: string
): Either.Either<number | undefined, QueryError> =>
  value === undefined || (Number.isInteger(value) && value >= 0 && value < 2 ** 31)
    ? Either.right(value)
    : fail(
        "InvalidValue",
        { table },
        `The ${what} of the query on ${table} is ${shorten(value)}`,
        "Give a whole number from 0 to 2147483647"
      )

const queryError = (
  reason: QueryReason,
  where: { readonly table: string; readonly column?: string },
  problem: string,
  hint: string
): QueryError => new QueryError({ reason, ...where, problem, hint })

const fail = (...parameters: Parameters<typeof queryError>): Either.Either<never, QueryError> =>
  Either.left(queryError(...parameters))
