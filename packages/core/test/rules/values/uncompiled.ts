/**
 * A1: operators and values that a type does not have. They do not compile, and the builder rejects
 * them in untyped code.
 */
import * as Column from "@innerspace-metrics/core/Column"
import * as Query from "@innerspace-metrics/core/Query"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import type { Refused } from "../rule.js"

const of = <Decoded, Filter>(scalar: Scalar.Scalar<Decoded, Filter>) =>
  Column.assumed(scalar, "test")

const everyType = Table.make("every_type", {
  int: of(Scalar.Int),
  bigint: of(Scalar.bigint),
  numeric: of(Scalar.numeric),
  float8: of(Scalar.float8),
  boolean: of(Scalar.Boolean),
  text: of(Scalar.String),
  uuid: of(Scalar.uuid),
  time: of(Scalar.timestamptz),
  date: of(Scalar.date),
  jsonb: of(Scalar.jsonb),
  json: of(Scalar.json),
  list: of(Scalar.array(Scalar.String)),
  kind: of(Scalar.enumeration("kind_enum", ["desk", "room"])),
  ltree: of(Scalar.ltree)
})

const by = (where: Query.Where<(typeof everyType)["columns"]>) =>
  Query.from(everyType, { select: ["int"], where })

const operators = [
  // @ts-expect-error: numbers have no patterns
  ["Int has no _like", by({ int: { _like: "7%" } })],
  // @ts-expect-error: a number contains nothing
  ["bigint has no _contains", by({ bigint: { _contains: 1n } })],
  // @ts-expect-error: numbers have no patterns
  ["numeric has no _regex", by({ numeric: { _regex: "7" } })],
  // @ts-expect-error: the operator is called _neq
  ["float8 has no _ne", by({ float8: { _ne: 0.5 } })],
  // @ts-expect-error: a Boolean has no patterns
  ["Boolean has no _like", by({ boolean: { _like: "t%" } })],
  // @ts-expect-error: text has no keys
  ["String has no _has_key", by({ text: { _has_key: "a" } })],
  // @ts-expect-error: the operator is called _nin
  ["String has no _not_in", by({ text: { _not_in: ["a"] } })],
  // @ts-expect-error: not text for PostgreSQL
  ["uuid has no _ilike", by({ uuid: { _ilike: "e7%" } })],
  // @ts-expect-error: not text for PostgreSQL
  ["timestamptz has no _like", by({ time: { _like: "2024%" } })],
  // @ts-expect-error: a range needs _gte and _lte, or a TimeRange
  ["date has no _between", by({ date: { _between: ["2024-01-01", "2024-01-02"] } })],
  // @ts-expect-error: only text from _cast has patterns
  ["jsonb has no _like", by({ jsonb: { _like: "%" } })],
  // @ts-expect-error: PostgreSQL cannot compare json
  ["json has no _eq", by({ json: { _eq: {} } })],
  // @ts-expect-error: PostgreSQL searches only jsonb
  ["json has no _contains", by({ json: { _contains: {} } })],
  // @ts-expect-error: lists have no keys
  ["[String!] has no _has_key", by({ list: { _has_key: "a" } })],
  // @ts-expect-error: names have no order
  ["an enum has no _gt", by({ kind: { _gt: "desk" } })],
  // @ts-expect-error: the operator is called _matches
  ["ltree has no _like", by({ ltree: { _like: "a%" } })]
] as const

const values = [
  // @ts-expect-error: must be a number
  ["Int rejects text", by({ int: "71" })],
  // @ts-expect-error: must be a number
  ["Int rejects a bigint", by({ int: { _gt: 71n } })],
  // @ts-expect-error: must be a bigint, a number or digits
  ["bigint rejects other text", by({ bigint: { _in: ["seventy"] } })],
  // @ts-expect-error: must be true or false
  ["Boolean rejects a number", by({ boolean: 1 })],
  // @ts-expect-error: must be text
  ["String rejects a number", by({ text: { _like: 7 } })],
  // @ts-expect-error: text may have no time zone
  ["timestamptz rejects text", by({ time: { _gte: "2024-01-01T00:00:00" } })],
  // @ts-expect-error: must be a list of text
  ["_has_keys_any rejects numbers", by({ jsonb: { _has_keys_any: [1] } })],
  // @ts-expect-error: must be a list
  ["_contains of a list rejects an element", by({ list: { _contains: "a" } })],
  // @ts-expect-error: must be a name of the enum
  ["an enum rejects an unknown name", by({ kind: "sofa" })],
  // @ts-expect-error: must be true or false
  ["_is_null rejects text", by({ text: { _is_null: "false" } })]
] as const

export const uncompiled: ReadonlyArray<Refused> = [
  ...operators.map(
    ([what, query]): Refused => ({ rule: `A1 ${what}`, query, reason: "UnknownOperator" })
  ),
  ...values.map(
    ([what, query]): Refused => ({ rule: `A1 ${what}`, query, reason: "InvalidValue" })
  ),
  {
    rule: "A1 jsonb rejects a plain object, which could be either a value or operators",
    // @ts-expect-error: must be an object of operators
    query: by({ jsonb: { a: 1 } }),
    reason: "UnknownOperator"
  }
]
