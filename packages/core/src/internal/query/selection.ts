/**
 * Builds the selection of a row: the fields to request, and how to read the value of each field.
 */

import * as Either from "effect/Either"
import { identity } from "effect/Function"
import type { QueryError } from "../../MetricsError.js"
import type * as Table from "../../Table.js"
import { eitherFn } from "../eitherGenerator.js"
import * as Ast from "../graphql/ast.js"
import { isPlainObject } from "../isPlainObject.js"
import { fail } from "../queryError.js"
import { exactCellsOf } from "../rows/exactCells.js"
import { cellReader, decodeSelected, type Selected, type Within } from "../rows/readCell.js"
import { readRow, readRows } from "../rows/readRows.js"
import type { Argument } from "../scalar/argument.js"
import * as encode from "../scalar/encode.js"
import { shorten } from "../shorten.js"
import { buildArguments, rowsOf } from "./arguments.js"
import {
  checkName,
  checkOptionNames,
  columnNames,
  columnOptions,
  findColumn,
  relationshipOptions,
  unknownColumn
} from "./names.js"
import type { QuerySpec } from "./spec.js"
import type { Scope } from "./where.js"

const buildSelection: (
  select: ReadonlyArray<unknown>,
  table: Table.Any,
  scope: Scope,
  isRaw: boolean
) => Either.Either<ReadonlyArray<Selected>, QueryError> = eitherFn(
  function* (select, table, scope, isRaw) {
    const entries = [...new Set(select)]
    if (entries.length === 0) {
      return yield* fail(
        "EmptySelection",
        { table: table.name },
        `The query on ${table.name} selects no column`,
        `Select at least one of ${columnNames(table)}`
      )
    }
    const selected = yield* Either.all(
      entries.map((entry) => selectEntry(entry, table, scope, isRaw))
    )
    const keys = new Set<string>()
    for (const { key } of selected) {
      if (keys.has(key)) {
        return yield* fail(
          "InvalidName",
          { table: table.name },
          `Two entries of select on ${table.name} have the name ${shorten(key)}`,
          "Rename one of them with as"
        )
      }
      keys.add(key)
    }
    return selected.map(ownOnly)
  }
)

/**
 * Treats an inherited function as a missing value. If a row has no value named `constructor`, the
 * row object inherits a function with this name. A value of JSON is never a function.
 */
const ownOnly = (value: Selected): Selected =>
  value.key in Object.prototype
    ? {
        ...value,
        read: (cell, row, inPlace) =>
          value.read(typeof cell === "function" ? undefined : cell, row, inPlace)
      }
    : value

const selectEntry = (
  entry: unknown,
  table: Table.Any,
  scope: Scope,
  isRaw: boolean
): Either.Either<Selected, QueryError> => {
  if (!isPlainObject(entry)) return selectColumn({ column: entry, as: entry }, table, scope, isRaw)
  return "relationship" in entry
    ? selectRelationship(entry, table, scope, isRaw)
    : selectColumn(entry, table, scope, isRaw)
}

const pathType: Argument = { type: "String", isList: false, encode: encode.string }

const selectColumn: (
  entry: { readonly [key: string]: unknown },
  table: Table.Any,
  scope: Scope,
  isRaw: boolean
) => Either.Either<Selected, QueryError> = eitherFn(function* (entry, table, scope, isRaw) {
  yield* checkOptionNames(entry, columnOptions, table.name)
  const column = yield* findColumn(table, entry["column"])
  const name = String(entry["column"])
  const key = yield* checkName(entry["as"], `name of ${name}`, table.name)
  const path = entry["path"]
  if (path === undefined) {
    return {
      key,
      node: Ast.field(name, { alias: key }),
      read: isRaw ? identity : cellReader(table.name, name, column),
      isJson: Either.isRight(column.scalar.decode(null)),
      exact: column.scalar.parseExact,
      of: column.scalar.decode
    }
  }
  if (typeof path !== "string" || !column.scalar.name.startsWith("json")) {
    return yield* fail(
      "InvalidValue",
      { table: table.name, column: name },
      `The path of ${table.name}.${name}, which is of type ${column.scalar.name}, is ${shorten(path)}`,
      "Pass a path such as $.a[0], for a column of type jsonb or json"
    )
  }
  const variable = scope.variables.add(`${name}_path`, pathType, path)
  return {
    key,
    node: Ast.field(name, { alias: key, arguments: [Ast.argument("path", variable)] }),
    // The server returns null if there is no value at the path, and also if the value at the path
    // is null.
    read: (cell) => cell ?? null,
    isJson: true,
    exact: undefined,
    of: column.scalar.decode
  }
})

const selectRelationship: (
  entry: { readonly [key: string]: unknown },
  table: Table.Any,
  scope: Scope,
  isRaw: boolean
) => Either.Either<Selected, QueryError> = eitherFn(function* (entry, table, scope, isRaw) {
  const name = entry["relationship"]
  const related = typeof name === "string" ? table.relationships.get(name) : undefined
  if (typeof name !== "string" || related === undefined) {
    return yield* Either.left(unknownColumn(table, name))
  }
  yield* checkOptionNames(entry, relationshipOptions, table.name)
  const key = yield* checkName(entry["as"] ?? name, `name of ${name}`, table.name)
  const target = related.table()
  const args = yield* buildArguments(rowsOf(entry), target, scope, related.isMany)
  if (args.length > 0 && !related.isMany) {
    return yield* fail(
      "InvalidValue",
      { table: table.name, column: name },
      `${table.name}.${name} selects one row, so it accepts no filter, order or limit`,
      "Filter the query itself by this relationship"
    )
  }
  const selected = yield* buildSelection([entry["select"] ?? []].flat(), target, scope, isRaw)
  const node = Ast.field(name, {
    alias: key,
    arguments: args,
    selections: selected.map(({ node }) => node)
  })
  const readerOf: Within["readerOf"] = (selected) =>
    related.isMany
      ? (cell, _row, inPlace) =>
          readRows(cell, selected, target.name, `${table.name}.${name}`, inPlace)
      : (cell, row, inPlace) =>
          cell === null ? null : readRow(cell, selected, target.name, row, inPlace)
  return {
    key,
    node,
    read: isRaw ? identity : readerOf(selected),
    isJson: false,
    exact: exactCellsOf(selected),
    of: { selected, readerOf }
  }
})

/**
 * Builds the selection of a query, and applies the query's steps (`Query.decode`, `Query.plain`) to
 * the values that are read.
 */
export const selectionOf = (
  query: QuerySpec,
  scope: Scope
): Either.Either<ReadonlyArray<Selected>, QueryError> =>
  Either.flatMap(buildSelection(query.select, query.table, scope, query.isRaw), (selected) =>
    decodeSelected(selected, query)
  )
