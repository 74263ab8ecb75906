/**
 * Builds one GraphQL operation with variables from one or several queries. Fails with the first
 * problem in a query.
 */

import * as Either from "effect/Either"
import type { FieldNode, OperationTypeNode } from "graphql"
import { buildByShape } from "#buildByShape"
import { isJsonObject } from "../../JsonValue.js"
import type { QueryError } from "../../MetricsError.js"
import type { Operation } from "../../Operation.js"
import { eitherFn } from "../eitherGenerator.js"
import * as Ast from "../graphql/ast.js"
import { notQuery } from "../queryError.js"
import { type ExactCells, exactCellsOf } from "../rows/exactCells.js"
import { toEither } from "../rows/readCell.js"
import { readRow } from "../rows/readRows.js"
import { checkName, checkOptionNames, queryOptions } from "./names.js"
import { keyOf, type QuerySpec } from "./spec.js"
import { VariableList } from "./variables.js"
import type { Scope } from "./where.js"

const rootField = (query: QuerySpec, alias: string, scope: Scope) =>
  Either.flatMap(
    checkOptionNames(query.written, queryOptions[query.root._tag], query.table.name),
    () => query.root.build(query, alias, scope)
  )

/** Builds the operation of one query. The query can have an alias for its result. */
export const buildOne = (
  query: QuerySpec,
  now: () => number,
  warnings: Array<string>
): Either.Either<Operation<unknown>, QueryError> =>
  buildByShape(query, now, (variables) => build(query, { variables, now, warnings }))

const build: (query: QuerySpec, scope: Scope) => Either.Either<Operation<unknown>, QueryError> =
  eitherFn(function* (query, scope) {
    yield* notQuery(query) ?? Either.void
    const table = query.table.name
    const name = yield* checkName(query.operationName, "operation name", table)
    if (query.alias !== undefined) yield* checkName(query.alias, "alias", table)
    const key = keyOf(query)
    const field = yield* rootField(query, key, scope)
    return operation(
      name,
      [field.node],
      scope.variables,
      exactCellsOf([{ key, exact: field.exact }]),
      (data, options) =>
        toEither(
          field.read(isJsonObject(data) ? data[key] : undefined, 0, options?.inPlace === true)
        )
    )
  })

/** Builds one operation from several queries. Each result has the name of the query's key. */
export const buildAll: (
  name: string,
  queries: { readonly [key: string]: QuerySpec },
  now: () => number,
  warnings: Array<string>
) => Either.Either<Operation<{ readonly [key: string]: unknown }>, QueryError> = eitherFn(
  function* (name, queries, now, warnings) {
    const variables = new VariableList()
    const fields = yield* Either.all(
      Object.entries(queries).map(
        ([key, query]) =>
          notQuery(query) ??
          checkName(key, "key", query.table.name).pipe(
            Either.flatMap((alias) => rootField(query, alias, { variables, now, warnings })),
            Either.map((field) => ({ ...field, key }))
          )
      )
    )
    return operation(
      yield* checkName(name, "operation name", "several tables"),
      fields.map(({ node }) => node),
      variables,
      exactCellsOf(fields),
      (data, options) =>
        toEither(
          readRow(isJsonObject(data) ? data : {}, fields, name, 0, options?.inPlace === true)
        )
    )
  }
)

// This string is the value of `OperationTypeNode.QUERY` of `graphql`. It is written here, because
// an import of the enumeration would load a whole module.
const query = "query" as OperationTypeNode.QUERY

const operation = <A>(
  name: string,
  selections: ReadonlyArray<FieldNode>,
  variables: VariableList,
  exact: ExactCells | undefined,
  decode: Operation<A>["decode"]
): Operation<A> => ({
  name,
  document: {
    kind: Ast.DOCUMENT,
    definitions: [
      {
        kind: Ast.OPERATION_DEFINITION,
        operation: query,
        name: Ast.name(name),
        variableDefinitions: variables.definitions,
        selectionSet: { kind: Ast.SELECTION_SET, selections }
      }
    ]
  },
  variables: variables.values,
  enums: variables.enums,
  ...(exact === undefined ? {} : { exact }),
  decode
})
