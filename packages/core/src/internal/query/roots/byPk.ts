/** The root field that returns one row by its primary key. */

import type * as Either from "effect/Either"
import type { ArgumentNode } from "graphql"
import type { QueryError } from "../../../MetricsError.js"
import { eitherFn } from "../../eitherGenerator.js"
import * as Ast from "../../graphql/ast.js"
import { isPlainObject } from "../../isPlainObject.js"
import { fail } from "../../queryError.js"
import { exactCellsOf } from "../../rows/exactCells.js"
import { readRow } from "../../rows/readRows.js"
import { shorten } from "../../shorten.js"
import { findColumn } from "../names.js"
import { encodeOperand } from "../operand.js"
import { selectionOf } from "../selection.js"
import type { Built, QuerySpec, RootBuilder } from "../spec.js"
import type { Scope } from "../where.js"

const suffix = "_by_pk"

export const byPkField = (key: unknown): RootBuilder => ({
  _tag: "ByPk",
  suffix,
  build: (query, alias, scope) => byPk(query, key, alias, scope)
})

const byPk: (
  query: QuerySpec,
  key: unknown,
  alias: string,
  scope: Scope
) => Either.Either<Built, QueryError> = eitherFn(function* (query, key, alias, scope) {
  const table = query.table
  const columns = isPlainObject(key) ? Object.entries(key) : []
  if (columns.length === 0) {
    return yield* fail(
      "EmptyFilter",
      { table: table.name },
      `The key of ${table.name} is ${shorten(key)}`,
      "Pass each column of the primary key with its value"
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
        `${table.name}.${name} cannot be compared, so it cannot be part of a key`,
        "Pass the columns of the primary key"
      )
    }
    const encoded = yield* encodeOperand(value, equal, "The key", place)
    args.push(Ast.argument(name, scope.variables.add(name, equal, encoded)))
  }
  const selected = yield* selectionOf(query, scope)
  return {
    node: Ast.field(table.name + suffix, {
      alias,
      arguments: args,
      selections: selected.map(({ node }) => node)
    }),
    exact: exactCellsOf(selected),
    read: (cell, row, inPlace) =>
      cell === null ? null : readRow(cell, selected, table.name, row, inPlace)
  }
})
