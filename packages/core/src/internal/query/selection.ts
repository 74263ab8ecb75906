/** What is selected of a row: the fields to ask for, and how to read each of them. */
import * as Either from "effect/Either"
import { identity } from "effect/Function"
import type { FieldNode } from "graphql"
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../JsonValue.js"
import { DecodeError, type QueryError } from "../../MetricsError.js"
import type { Argument } from "../../Scalar.js"
import type * as Table from "../../Table.js"
import { buildArguments } from "./arguments.js"
import type { Scope } from "./where.js"
import { checkName, columnNames, fail, findColumn, isPlainObject, unknownColumn } from "../checks.js"
import type { Decode } from "../scalar/decode.js"
import { eitherFn } from "../eitherGenerator.js"
import * as encode from "../scalar/encode.js"
import { type ExactCells, exactCellsOf } from "../rows/exactCells.js"
import * as nodes from "../graphql/nodes.js"
import { cellReader, type ReadCell } from "../rows/readCell.js"
import { shorten } from "../shorten.js"
import { showing } from "../redact/shownValues.js"

/** One value of a row. */
export interface Selected {
  /** Its name in the row. */
  readonly key: string
  readonly node: FieldNode
  readonly read: ReadCell
  /** Whether null is a value like others. */
  readonly isJson: boolean
  /** How its cells, or those within, get their digits. */
  readonly exact: ExactCells[string] | undefined
  /**
   * What it is read by: a scalar's decoder, or a selection of related rows. It can be anything
   * where there is none.
   */
  readonly of?: Decode<unknown> | Within | undefined
}

/** Related rows, read by their own selection or by one made of it. */
export interface Within {
  readonly selected: ReadonlyArray<Selected>
  readonly readerOf: (selected: ReadonlyArray<Selected>) => ReadCell
}

/** A row by the names of its values. */
export interface RowValues {
  readonly [key: string]: unknown
}

export const buildSelection: (
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
          `Two selections of ${table.name} are called ${shorten(key)}`,
          "Give one of them another name with as"
        )
      }
      keys.add(key)
    }
    return selected.map(ownOnly)
  }
)

/** A row that lacks `constructor` inherits one, which is a function and so nothing that came in JSON. */
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
  const column = yield* findColumn(table, entry["column"])
  const name = String(entry["column"])
  const key = yield* checkName(entry["as"], `name of ${name}`, table.name)
  const path = entry["path"]
  if (path === undefined) {
    return {
      key,
      node: nodes.field(name, { alias: key }),
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
      "Give a path such as $.a[0], into a column of type jsonb or json"
    )
  }
  const variable = scope.variables.add(`${name}_path`, pathType, path)
  return {
    key,
    node: nodes.field(name, { alias: key, arguments: [nodes.argument("path", variable)] }),
    // Nothing at the path is null, and so is JSON's null there.
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
  const key = yield* checkName(entry["as"] ?? name, `name of ${name}`, table.name)
  const target = related.table()
  const args = yield* buildArguments(
    {
      where: entry["where"] === undefined ? [] : [entry["where"]],
      orderBy: [entry["orderBy"] ?? []].flat(),
      distinctOn: [entry["distinctOn"] ?? []].flat(),
      limit: entry["limit"],
      offset: entry["offset"],
      allowOpen: [entry["allowOpen"] ?? []].flat()
    },
    target,
    scope,
    related.isMany
  )
  if (args.length > 0 && !related.isMany) {
    return yield* fail(
      "InvalidValue",
      { table: table.name, column: name },
      `${table.name}.${name} is one row, so it has no filter, order or limit`,
      "Filter the rows of the query itself by the relationship"
    )
  }
  const selected = yield* buildSelection([entry["select"] ?? []].flat(), target, scope, isRaw)
  const node = nodes.field(name, {
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

/** A list of rows. */
export const readRows = (
  list: JsonValue | undefined,
  selected: ReadonlyArray<Selected>,
  table: string,
  thing: string,
  inPlace: boolean
): ReadonlyArray<RowValues> | DecodeError => {
  if (!isJsonArray(list)) return wrongShape(table, thing, "a list of rows", list)
  const rows: Array<RowValues> = new Array(list.length)
  for (let index = 0; index < list.length; index++) {
    const row = readRow(list[index], selected, table, index, inPlace)
    if (row instanceof DecodeError) return row
    rows[index] = row
  }
  return rows
}

/** A list of rows, the rows themselves as they came. */
export const readRawRows = (
  list: JsonValue | undefined,
  table: string,
  thing: string
): ReadonlyArray<RowValues> | DecodeError => {
  if (!isJsonArray(list)) return wrongShape(table, thing, "a list of rows", list)
  const wrong = list.findIndex((row) => !isJsonObject(row))
  return wrong === -1
    ? // Each of them is an object, as was just seen.
      (list as ReadonlyArray<JsonObject>)
    : wrongShape(table, `Row ${wrong} of ${table}`, "an object", list[wrong], wrong)
}

/** One row. */
export const readRow = (
  source: JsonValue | undefined,
  selected: ReadonlyArray<Pick<Selected, "key" | "read">>,
  table: string,
  row: number,
  inPlace: boolean
): RowValues | DecodeError => {
  if (!isJsonObject(source)) {
    return wrongShape(table, `Row ${row} of ${table}`, "an object", source, row)
  }
  // An answer has its fields in the order in which they were asked (GraphQL, section 6.3), so nearly always only values have to change.
  // Also a copy is quicker than a new row: it has all its values at once, where each that is added makes another kind of object.
  const keys = Object.keys(source)
  const isSame =
    keys.length === selected.length && selected.every(({ key }, index) => key === keys[index])
  const values: { [key: string]: unknown } = isSame ? (inPlace ? source : { ...source }) : {}
  for (const { key, read } of selected) {
    const cell = source[key]
    const value = read(cell, row, inPlace)
    if (value instanceof DecodeError) return value
    if (!isSame || !Object.is(value, cell)) values[key] = value
  }
  return values
}

export const wrongShape = (
  table: string,
  thing: string,
  expected: string,
  found: JsonValue | undefined,
  row?: number
): DecodeError =>
  showing(
    new DecodeError({
      reason: "WrongShape",
      problem: `${thing} is ${shorten(found)}, expected ${expected}`,
      hint: "Check that the base URL is that of the API generation in use",
      table,
      row,
      expected,
      found: shorten(found)
    }),
    found
  )
