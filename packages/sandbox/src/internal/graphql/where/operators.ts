import type { ColumnType, ValueOperator } from "../values/ColumnType.js"
import * as ColumnTypes from "../values/ColumnType.js"

/** An operator that only some types have. */
export interface Operator {
  readonly description: string
  /** The operator in PostgreSQL. */
  readonly sql: string
  /** The type of the operator's argument, or of the argument's elements. */
  readonly type: ColumnType
  readonly isList: boolean
  /** Whether the argument may be null. Null matches no row. */
  readonly isNullable?: boolean
  /** The PostgreSQL type to which the argument, or each element of the argument, is cast. */
  readonly castTo: string
}

type Operators = ReadonlyMap<string, Operator>

const one = (sql: string, type: ColumnType, description: string): Operator => ({
  description,
  sql,
  type,
  isList: false,
  castTo: type.sql
})

const many = (sql: string, type: ColumnType, description: string, castTo = type.sql): Operator => ({
  description,
  sql,
  type,
  isList: true,
  castTo
})

const match = (name: string, sql: string, description: string) => [name, sql, description] as const

/**
 * The operators of text types. A pattern has the column's own type, so patterns of citext ignore
 * case.
 */
const text = (type: ColumnType): Operators =>
  new Map(
    [
      match("_like", "like", "does the column match the given pattern"),
      match("_nlike", "not like", "does the column NOT match the given pattern"),
      match("_ilike", "ilike", "does the column match the given case-insensitive pattern"),
      match("_nilike", "not ilike", "does the column NOT match the given case-insensitive pattern"),
      match("_similar", "similar to", "does the column match the given SQL regular expression"),
      match(
        "_nsimilar",
        "not similar to",
        "does the column NOT match the given SQL regular expression"
      ),
      match(
        "_regex",
        "~",
        "does the column match the given POSIX regular expression, case sensitive"
      ),
      match(
        "_iregex",
        "~*",
        "does the column match the given POSIX regular expression, case insensitive"
      ),
      match(
        "_nregex",
        "!~",
        "does the column NOT match the given POSIX regular expression, case sensitive"
      ),
      match(
        "_niregex",
        "!~*",
        "does the column NOT match the given POSIX regular expression, case insensitive"
      )
    ].map(([name, sql, description]) => [name, one(sql, type, description)])
  )

const array = (type: ColumnType): Operators =>
  new Map([
    ["_contains", one("@>", type, "does the array contain the given value")],
    ["_contained_in", one("<@", type, "is the array contained in the given array value")]
  ])

const jsonb = (type: ColumnType): Operators =>
  new Map([
    ["_contains", one("@>", type, "does the column contain the given json value at the top level")],
    ["_contained_in", one("<@", type, "is the column contained in the given json value")],
    [
      "_has_key",
      {
        ...one("?", ColumnTypes.String, "does the string exist as a top-level key in the column"),
        isNullable: true
      }
    ],
    [
      "_has_keys_any",
      many(
        "?|",
        ColumnTypes.String,
        "do any of these strings exist as top-level keys in the column"
      )
    ],
    [
      "_has_keys_all",
      many(
        "?&",
        ColumnTypes.String,
        "do all of these strings exist as top-level keys in the column"
      )
    ]
  ])

const ltree = (type: ColumnType): Operators =>
  new Map([
    ["_ancestor", one("@>", type, "is the left argument an ancestor of right (or equal)?")],
    ["_ancestor_any", many("@>", type, "does array contain an ancestor of `ltree`?")],
    ["_descendant", one("<@", type, "is the left argument a descendant of right (or equal)?")],
    ["_descendant_any", many("<@", type, "does array contain a descendant of `ltree`?")],
    ["_matches", one("~", ColumnTypes.lquery, "does `ltree` match `lquery`?")],
    [
      "_matches_any",
      // Hasura declares the argument as a list of text.
      many(
        "?",
        ColumnTypes.String,
        "does `ltree` match any `lquery` in array?",
        ColumnTypes.lquery.sql
      )
    ],
    ["_matches_fulltext", one("@", ColumnTypes.ltxtquery, "does `ltree` match `ltxtquery`?")]
  ])

/** The additional operators of a type, by name. */
export const operatorsOf = (type: ColumnType): Operators => {
  switch (type.operators) {
    case "text":
      return text(type)
    case "jsonb":
      return jsonb(type)
    case "array":
      return array(type)
    case "ltree":
      return ltree(type)
    default:
      return new Map()
  }
}

/** The operators whose argument is one value of the type. */
export const valueOperatorsOf = (type: ColumnType): ReadonlyArray<ValueOperator> =>
  type.operators === "equality" ? ["_eq", "_neq"] : ColumnTypes.valueOperators
