/** A1: operators that a type does not have, and that the server therefore rejects. */
import type { ApiName } from "../clients.js"

const word = '"71"'
const words = '["71"]'

/**
 * Operators that only some types have. Each operator has a literal that a type with this operator
 * accepts.
 */
const families = {
  text: {
    _like: word,
    _nlike: word,
    _ilike: word,
    _nilike: word,
    _similar: word,
    _nsimilar: word,
    _regex: word,
    _nregex: word,
    _iregex: word,
    _niregex: word
  },
  order: { _gt: word, _gte: word, _lt: word, _lte: word },
  containment: { _contains: "{}", _contained_in: "{}" },
  keys: { _has_key: word, _has_keys_any: words, _has_keys_all: words, _cast: "{String: {}}" },
  paths: {
    _ancestor: word,
    _ancestor_any: words,
    _descendant: word,
    _descendant_any: words,
    _matches: word,
    _matches_any: words,
    _matches_fulltext: word
  },
  none: { _ne: word, _not_in: words, _between: words }
} as const

type Family = keyof typeof families

/** A column of the sandbox for each type, and the families of operators that the type has. */
const columns: ReadonlyArray<
  readonly [type: string, api: ApiName, table: string, column: string, has: ReadonlyArray<Family>]
> = [
  ["Int", "v2", "ZONES", "CAPACITY", ["order"]],
  ["String", "v2", "ZONES", "NAME", ["order", "text"]],
  ["Float", "v2", "ZONE_INSIGHTS", "OCCUPANCY_MEAN", ["order"]],
  ["bigint", "v2", "ZONE_INSIGHTS", "PEOPLE_COUNT", ["order"]],
  ["timestamptz", "v2", "ZONE_INSIGHTS", "DATE_TIME_START", ["order"]],
  ["float8", "v1", "building_metrics", "metric_value", ["order"]],
  ["jsonb", "v1", "building_features", "feature_value", ["order", "containment", "keys"]],
  ["smallint", "v2", "every_type", "smallint", ["order"]],
  ["numeric", "v2", "every_type", "numeric", ["order"]],
  ["Boolean", "v2", "every_type", "boolean", ["order"]],
  ["citext", "v2", "every_type", "citext", ["order", "text"]],
  ["bpchar", "v2", "every_type", "bpchar", ["order", "text"]],
  ["uuid", "v2", "every_type", "uuid", ["order"]],
  ["timestamp", "v2", "every_type", "timestamp", ["order"]],
  ["date", "v2", "every_type", "date", ["order"]],
  ["time", "v2", "every_type", "time", ["order"]],
  ["timetz", "v2", "every_type", "timetz", ["order"]],
  ["json", "v2", "every_type", "json", ["order"]],
  ["Int_array", "v2", "every_type", "ints", ["order", "containment"]],
  ["String_array", "v2", "every_type", "strings", ["order", "containment"]],
  ["every_type_kind_enum", "v2", "every_type", "kind", []],
  ["ltree", "v2", "every_type", "ltree", ["order", "paths"]]
]

/** The same columns, with the operators that their types do not have. */
export const columnsOfTypes = columns.map(([type, api, table, column, has]) => {
  const missing: ReadonlyArray<readonly [operator: string, literal: string]> = Object.entries(
    families
  ).flatMap(([family, operators]) =>
    has.some((name) => name === family) ? [] : Object.entries(operators)
  )
  return { type, api, table, column, missing }
})
