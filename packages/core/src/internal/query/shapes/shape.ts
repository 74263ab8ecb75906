/**
 * Writes the shape of a query as text. The shape is everything that determines the document of the
 * query and the decoding of its response. The values of variables are not part of the shape.
 *
 * If the shapes of two queries on one table have the same text, the queries differ only in their
 * values. In the text, the length of each string from the caller comes before the string, so the
 * string cannot be mistaken for a part of the format. This module reads a query in the order in
 * which the builder adds variables. If the module finds anything that it does not know, the query
 * has no shape. The builder then builds the query without the cache, and reports any error.
 */

import * as Either from "effect/Either"
import type * as Table from "../../../Table.js"
import { isPlainObject } from "../../isPlainObject.js"
import type { Operators } from "../../scalar/argument.js"
import { isTimeRange } from "../../typeIds.js"
import { isCount, type Rows, rowsOf } from "../arguments.js"
import { checkOptionNames, columnOptions, queryOptions, relationshipOptions } from "../names.js"
import type { QuerySpec } from "../spec.js"
import { operatorsOf } from "../where.js"

/** The shape and the values of a query. */
export interface Shape {
  text: string
  /** The values, in the order of the variables. */
  readonly values: Array<unknown>
  readonly now: () => number
}

/**
 * The maximum length of a shape in the cache. Longer shapes, such as the shape of a filter with
 * many alternatives, are rare and would take too much memory.
 */
const maxLength = 4_096

export const shapeOf = (query: QuerySpec, now: () => number): Shape | undefined => {
  const shape: Shape = { text: "", values: [], now }
  return root(query, shape) && shape.text.length <= maxLength ? shape : undefined
}

const root = (query: QuerySpec, shape: Shape): boolean => {
  const { _tag } = query.root
  // This module does not read `root`, which contains the primary key of a `ByPk` query. A Schema is
  // an object, so it cannot be part of the text.
  if (_tag === "ByPk" || query.decoders.some((step) => step._tag === "Schema")) return false
  if (Either.isLeft(checkOptionNames(query.written, queryOptions[_tag], query.table.name))) {
    return false
  }
  shape.text = `${_tag},${query.isRaw},${query.decoders.length},`
  if (!word(query.operationName, shape)) return false
  shape.text += query.alias === undefined ? "-" : "@"
  if (query.alias !== undefined && !word(query.alias, shape)) return false
  for (const { as, column } of query.besides) {
    shape.text += "+"
    if (!word(as, shape) || !word(column, shape)) return false
  }
  const isSelected =
    _tag === "Aggregate"
      ? aggregates(query.select[0], shape)
      : selection(query.select, query.table, shape)
  return isSelected && rows(query, query.table, shape)
}

/** Adds a string from the caller to the shape. */
const word = (value: unknown, shape: Shape): boolean => {
  if (typeof value !== "string") return false
  shape.text += `${value.length}:${value}`
  return true
}

const words = (values: unknown, shape: Shape): boolean => {
  if (!Array.isArray(values)) return false
  shape.text += "["
  for (const value of values) if (!word(value, shape)) return false
  shape.text += "]"
  return true
}

const aggregates = (select: unknown, shape: Shape): boolean => {
  if (!isPlainObject(select)) return false
  shape.text += "{"
  for (const key of Object.keys(select)) {
    word(key, shape)
    const columns = select[key]
    if (columns === true) shape.text += "t"
    else if (!words(columns, shape)) return false
  }
  shape.text += "}"
  return true
}

const selection = (select: unknown, table: Table.Any, shape: Shape): boolean => {
  if (!Array.isArray(select)) return false
  shape.text += "{"
  for (const [index, entry] of select.entries()) {
    // If the list contains the same object twice, the builder adds variables for the object only
    // once.
    if (typeof entry === "object" && select.indexOf(entry) !== index) return false
    if (!selected(entry, table, shape)) return false
  }
  shape.text += "}"
  return true
}

const selected = (entry: unknown, table: Table.Any, shape: Shape): boolean => {
  if (!isPlainObject(entry)) return word(entry, shape)
  if ("relationship" in entry) return relationship(entry, table, shape)
  const { as, column, path } = entry
  shape.text += path === undefined ? "c" : "p"
  if (path !== undefined) shape.values.push(path)
  return (
    (path === undefined || typeof path === "string") &&
    Either.isRight(checkOptionNames(entry, columnOptions, table.name)) &&
    word(column, shape) &&
    word(as, shape)
  )
}

const relationship = (
  entry: { readonly [key: string]: unknown },
  table: Table.Any,
  shape: Shape
): boolean => {
  const { as, relationship: name, select } = entry
  const related = typeof name === "string" ? table.relationships.get(name) : undefined
  if (related === undefined) return false
  if (Either.isLeft(checkOptionNames(entry, relationshipOptions, table.name))) return false
  shape.text += "r"
  if (!word(name, shape) || !word(as ?? name, shape)) return false
  const target = related.table()
  return rows(rowsOf(entry), target, shape) && selection(select, target, shape)
}

const rows = (
  { allowOpen, distinctOn, limit, offset, orderBy, where }: Rows,
  table: Table.Any,
  shape: Shape
): boolean => {
  shape.text += "("
  for (const filter of where) if (!condition(filter, table, shape)) return false
  shape.text += ";"
  for (const entry of orderBy) if (!order(entry, shape)) return false
  if (!words(distinctOn, shape) || !words(allowOpen, shape)) return false
  for (const count of [limit, offset]) {
    shape.text += ";"
    if (count === undefined) continue
    if (!isCount(count)) return false
    // The shape distinguishes a limit of at most one row, because such a query may leave dimensions
    // open.
    shape.text += count <= 1 ? "1" : "n"
    shape.values.push(count)
  }
  shape.text += ")"
  return true
}

const order = (entry: unknown, shape: Shape): boolean => {
  if (!isPlainObject(entry)) return false
  shape.text += "{"
  for (const name of Object.keys(entry)) {
    word(name, shape)
    const direction = entry[name]
    if (!word(direction, shape) && !order(direction, shape)) return false
  }
  shape.text += "}"
  return true
}

const condition = (where: unknown, table: Table.Any, shape: Shape): boolean => {
  if (!isPlainObject(where)) return false
  shape.text += "{"
  for (const key of Object.keys(where)) {
    word(key, shape)
    if (!part(key, where[key], table, shape)) return false
  }
  shape.text += "}"
  return true
}

const part = (key: string, value: unknown, table: Table.Any, shape: Shape): boolean => {
  if (key === "_not") return condition(value, table, shape)
  if (key === "_and" || key === "_or") {
    if (!Array.isArray(value)) return false
    shape.text += "["
    for (const filter of value) if (!condition(filter, table, shape)) return false
    shape.text += "]"
    return true
  }
  const related = table.relationships.get(key)
  return related === undefined
    ? comparison(key, value, table, shape)
    : condition(value, related.table(), shape)
}

const comparison = (name: string, filter: unknown, table: Table.Any, shape: Shape): boolean => {
  const scalar = table.byName.get(name)?.scalar
  if (scalar === undefined) return false
  const { names, operators } = scalar
  if (isTimeRange(filter)) {
    shape.text += "~"
    const written = operatorsOf(filter, scalar, { table: table.name, column: name }, shape.now)
    return Either.isRight(written) && comparisons(written.right, operators, names, shape)
  }
  if (isPlainObject(filter)) return comparisons(filter, operators, names, shape)
  const isList = Array.isArray(filter)
  shape.text += isList ? "l" : "v"
  shape.values.push(filter)
  return names === undefined || isKnownName(filter, names)
}

const comparisons = (
  written: { readonly [operator: string]: unknown },
  operators: Operators,
  names: ReadonlyArray<string> | undefined,
  shape: Shape
): boolean => {
  shape.text += "{"
  for (const operator of Object.keys(written)) {
    const known = Object.hasOwn(operators, operator) ? operators[operator] : undefined
    if (known === undefined || "casts" in known) return false
    word(operator, shape)
    const value = written[operator]
    // The kind of the value is part of the shape, because it determines whether a filter leaves a
    // dimension open.
    shape.text += value === true ? "t" : Array.isArray(value) ? "l" : "v"
    shape.values.push(value)
    const isNamed = operator === "_eq" || operator === "_in"
    if (isNamed && names !== undefined && !isKnownName(value, names)) return false
  }
  shape.text += "}"
  return true
}

/** Whether a filter by this value or list of values causes no warning about an unknown name. */
const isKnownName = (value: unknown, names: ReadonlyArray<string>): boolean =>
  Array.isArray(value)
    ? value.every((one) => typeof one !== "string" || names.includes(one))
    : typeof value !== "string" || names.includes(value)
