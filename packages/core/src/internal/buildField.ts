/** One root field of an operation: a table's rows, one row by its key, or aggregates; and how to read its answer. */
import * as Either from "effect/Either"
import type { ArgumentNode, FieldNode } from "graphql"
import { isJsonObject, type JsonValue } from "../JsonValue.js"
import type { DecodeError, QueryError } from "../MetricsError.js"
import type { Query } from "../Query.js"
import { buildAggregates } from "./buildAggregates.js"
import { buildArguments } from "./buildArguments.js"
import {
  buildSelection,
  readRawRows,
  readRow,
  readRows,
  type Selected,
  wrongShape
} from "./buildSelection.js"
import type { Scope } from "./buildWhere.js"
import { encodeValue, fail, findColumn, isPlainObject } from "./checks.js"
import { eitherFn } from "./eitherFn.js"
import * as nodes from "./nodes.js"
import { decodeSelected } from "./readCell.js"
import { shorten } from "./shorten.js"

export interface RootField {
  readonly node: FieldNode
  /** Reads the value that the answer's `data` has under the field's name. */
  readonly read: (value: JsonValue | undefined) => Either.Either<unknown, DecodeError>
}

export const buildField = (
  query: Query<unknown, unknown, unknown>,
  alias: string,
  scope: Scope
): Either.Either<RootField, QueryError> => {
  switch (query.root._tag) {
    case "Rows":
      return rows(query, alias, scope)
    case "ByPk":
      return byPk(query, query.root.key, alias, scope)
    case "Aggregate":
      return aggregate(query, alias, scope)
  }
}

const selectionOf = (
  { decoders, isRaw, select, table }: Query<unknown, unknown, unknown>,
  scope: Scope
): Either.Either<ReadonlyArray<Selected>, QueryError> =>
  Either.flatMap(buildSelection(select, table, scope, isRaw), (selected) =>
    decodeSelected(selected, decoders, table, isRaw)
  )

const rows: (
  query: Query<unknown, unknown, unknown>,
  alias: string,
  scope: Scope
) => Either.Either<RootField, QueryError> = eitherFn(function* (query, alias, scope) {
  const table = query.table
  const selected = yield* selectionOf(query, scope)
  const besides = query.besides.map(({ as, column }) => nodes.field(column, { alias: as }))
  const args = yield* buildArguments(query, table, scope)
  return {
    node: nodes.field(table.name, {
      alias,
      arguments: args,
      selections: [...selected.map(({ node }) => node), ...besides]
    }),
    read: (list) => {
      const thing = `The answer's field ${alias}`
      // What a pull asks for besides has to be left out of each row.
      return query.isRaw && query.besides.length === 0
        ? readRawRows(list, table.name, thing)
        : readRows(list, selected, table.name, thing)
    }
  }
})

const byPk: (
  query: Query<unknown, unknown, unknown>,
  key: unknown,
  alias: string,
  scope: Scope
) => Either.Either<RootField, QueryError> = eitherFn(function* (query, key, alias, scope) {
  const table = query.table
  const columns = isPlainObject(key) ? Object.entries(key) : []
  if (columns.length === 0) {
    return yield* fail(
      "EmptyFilter",
      { table: table.name },
      `The key of ${table.name} is ${shorten(key)}`,
      "Give each column of the primary key with its value"
    )
  }
  const args: Array<ArgumentNode> = []
  for (const [name, value] of columns) {
    const place = { table: table.name, column: name }
    const equal = (yield* findColumn(table, name)).scalar.operators["_eq"]
    if (equal === undefined || "casts" in equal) {
      return yield* fail(
        "UnknownOperator",
        place,
        `${table.name}.${name} cannot be compared, so it is no part of a key`,
        "Give the columns of the primary key"
      )
    }
    const encoded = yield* encodeValue(value, equal, "The key", place)
    args.push(nodes.argument(name, scope.variables.add(name, equal, encoded)))
  }
  const selected = yield* selectionOf(query, scope)
  return {
    node: nodes.field(`${table.name}_by_pk`, {
      alias,
      arguments: args,
      selections: selected.map(({ node }) => node)
    }),
    read: (row) => (row === null ? Either.right(null) : readRow(row, selected, table.name, 0))
  }
})

const aggregate: (
  query: Query<unknown, unknown, unknown>,
  alias: string,
  scope: Scope
) => Either.Either<RootField, QueryError> = eitherFn(function* (query, alias, scope) {
  const table = query.table
  const aggregates = yield* decodeSelected(
    yield* buildAggregates(query.select[0], table),
    query.decoders,
    table,
    query.isRaw
  )
  const args = yield* buildArguments(query, table, scope)
  return {
    node: nodes.field(`${table.name}_aggregate`, {
      alias,
      arguments: args,
      selections: [nodes.field("aggregate", { selections: aggregates.map(({ node }) => node) })]
    }),
    read: (value) => {
      const found = isJsonObject(value) ? value["aggregate"] : undefined
      return isJsonObject(found)
        ? Either.map(
            Either.all(
              aggregates.map(({ key, read }) =>
                Either.map(read(found[key], 0), (decoded) => [key, decoded] as const)
              )
            ),
            Object.fromEntries
          )
        : Either.left(wrongShape(table.name, `The answer's field ${alias}`, "aggregates", value))
    }
  }
})
