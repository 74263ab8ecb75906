import type { ColumnType, ValueOperator } from "./ColumnType.js"
import * as ColumnTypes from "./ColumnType.js"

/** An operator that only some types have. */
export interface Operator {
  /** PostgreSQL's operator. */
  readonly sql: string
  /** The type of its argument, or of the elements of its argument. */
  readonly type: ColumnType
  readonly isList: boolean
  /** Whether null is accepted, which then matches no row. */
  readonly isNullable?: boolean
  /** The PostgreSQL type that the argument, or each element of it, is cast to. */
  readonly castTo: string
}

type Operators = ReadonlyMap<string, Operator>

const one = (sql: string, type: ColumnType): Operator => ({
  sql,
  type,
  isList: false,
  castTo: type.sql
})

const many = (sql: string, type: ColumnType, castTo = type.sql): Operator => ({
  sql,
  type,
  isList: true,
  castTo
})

/** A pattern is of the column's own type, which is what makes those of citext ignore case. */
const text = (type: ColumnType): Operators =>
  new Map(
    Object.entries({
      _like: "like",
      _nlike: "not like",
      _ilike: "ilike",
      _nilike: "not ilike",
      _similar: "similar to",
      _nsimilar: "not similar to",
      _regex: "~",
      _nregex: "!~",
      _iregex: "~*",
      _niregex: "!~*"
    }).map(([name, sql]) => [name, one(sql, type)])
  )

const containment = (type: ColumnType): ReadonlyArray<readonly [string, Operator]> => [
  ["_contains", one("@>", type)],
  ["_contained_in", one("<@", type)]
]

const jsonb = (type: ColumnType): Operators =>
  new Map([
    ...containment(type),
    ["_has_key", { ...one("?", ColumnTypes.String), isNullable: true }],
    ["_has_keys_any", many("?|", ColumnTypes.String)],
    ["_has_keys_all", many("?&", ColumnTypes.String)]
  ])

const ltree = (type: ColumnType): Operators =>
  new Map([
    ["_ancestor", one("@>", type)],
    ["_ancestor_any", many("@>", type)],
    ["_descendant", one("<@", type)],
    ["_descendant_any", many("<@", type)],
    ["_matches", one("~", ColumnTypes.lquery)],
    // Hasura declares this list as one of text.
    ["_matches_any", many("?", ColumnTypes.String, ColumnTypes.lquery.sql)],
    ["_matches_fulltext", one("@", ColumnTypes.ltxtquery)]
  ])

/** The operators of a type besides those that compare values, by name. */
export const operatorsOf = (type: ColumnType): Operators => {
  switch (type.operators) {
    case "text":
      return text(type)
    case "jsonb":
      return jsonb(type)
    case "array":
      return new Map(containment(type))
    case "ltree":
      return ltree(type)
    default:
      return new Map()
  }
}

/** The operators that take one value of the type itself. */
export const valueOperatorsOf = (type: ColumnType): ReadonlyArray<ValueOperator> =>
  type.operators === "equality" ? ["_eq", "_neq"] : ColumnTypes.valueOperators
