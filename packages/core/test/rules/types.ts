/**
 * A1: the operators of every type that the builder knows, and the types of their arguments. The
 * rows follow Hasura's own source (`Instances/Schema.hs`), not the library's code.
 */
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"

/**
 * The type of the argument of an operator, a value for the argument, and the JSON that is sent for
 * this value.
 */
interface Operator {
  readonly type: string
  readonly value: unknown
  readonly sent: unknown
}

export interface ColumnType {
  readonly name: string
  /** A column of the type in the sandbox's table `every_type`. */
  readonly column: string
  readonly scalar: Scalar.Scalar<unknown, never>
  readonly operators: { readonly [name: string]: Operator }
}

const equality = (type: string, value: unknown, sent: unknown) => ({
  _eq: { type, value, sent },
  _neq: { type, value, sent },
  _in: { type: `[${type}!]`, value: [value, value], sent: [sent, sent] },
  _nin: { type: `[${type}!]`, value: [], sent: [] },
  _is_null: { type: "Boolean", value: true, sent: true }
})

const order = (type: string, value: unknown, sent: unknown) => ({
  ...equality(type, value, sent),
  _gt: { type, value, sent },
  _gte: { type, value, sent },
  _lt: { type, value, sent },
  _lte: { type, value, sent }
})

const textOperators = ["like", "ilike", "similar", "regex", "iregex"].flatMap((name) => [
  `_${name}`,
  `_n${name}`
])

/** A pattern has the type of its column, even if this type is `citext` or `char`. */
const text = (type: string) => ({
  ...order(type, "a", "a"),
  ...Object.fromEntries(textOperators.map((name) => [name, { type, value: "a%", sent: "a%" }]))
})

const taken = (type: string, value: unknown): Operator => ({ type, value, sent: value })

const keys = taken("[String!]", ["a", "b"])

const type = (
  scalar: Scalar.Scalar<unknown, never>,
  operators: ColumnType["operators"],
  column = scalar.name,
  name = scalar.name
): ColumnType => ({ name, column, scalar, operators })

export const columnTypes: ReadonlyArray<ColumnType> = [
  type(Scalar.Int, order("Int", 71, 71), "int"),
  type(Scalar.smallint, order("smallint", -32_768, -32_768)),
  type(Scalar.bigint, order("bigint", 9_223_372_036_854_775_807n, "9223372036854775807")),
  type(Scalar.numeric, order("numeric", BigDecimal.unsafeFromString("1.234"), "1.234")),
  type(Scalar.float8, order("float8", 0.1, 0.1)),
  type(Scalar.Float, order("Float", 0.1, 0.1), "real"),
  type(Scalar.Boolean, order("Boolean", false, false), "boolean"),
  type(Scalar.String, text("String"), "text"),
  type(Scalar.citext, text("citext")),
  type(Scalar.bpchar, text("bpchar")),
  type(
    Scalar.uuid,
    order("uuid", "e707b3a8-0732-49ae-9156-13ff1138540e", "e707b3a8-0732-49ae-9156-13ff1138540e")
  ),
  type(
    Scalar.timestamptz,
    order("timestamptz", DateTime.unsafeMake(0), "1970-01-01T00:00:00.000Z")
  ),
  type(Scalar.timestamp, order("timestamp", "2004-10-19T10:23:54", "2004-10-19T10:23:54")),
  type(Scalar.date, order("date", "2014-09-14", "2014-09-14")),
  type(Scalar.time, order("time", "11:09:23", "11:09:23")),
  type(Scalar.timetz, order("timetz", "15:22:23+00", "15:22:23+00")),
  type(Scalar.datePartition, order("Int", 20240131, 20240131), "int", "Int of days"),
  type(Scalar.jsonb, {
    ...order("jsonb", { a: [null] }, { a: [null] }),
    _contains: taken("jsonb", { a: 1 }),
    _contained_in: taken("jsonb", [1, "a"]),
    _has_key: taken("String", "a"),
    _has_keys_any: keys,
    _has_keys_all: keys
  }),
  // PostgreSQL cannot compare values of json, so every operator except _is_null would fail.
  type(Scalar.json, { _is_null: taken("Boolean", false) }),
  type(
    Scalar.array(Scalar.String),
    {
      ...order("[String!]", ["a"], ["a"]),
      _contains: taken("[String!]", ["a", "b"]),
      _contained_in: taken("[String!]", [])
    },
    "strings"
  ),
  type(
    Scalar.array(Scalar.Int),
    {
      ...order("[Int!]", [1], [1]),
      _contains: taken("[Int!]", [2]),
      _contained_in: taken("[Int!]", [])
    },
    "ints"
  ),
  type(
    Scalar.enumeration("every_type_kind_enum", ["desk", "lounge"]),
    equality("every_type_kind_enum", "desk", "desk"),
    "kind"
  ),
  type(Scalar.ltree, {
    ...order("ltree", "site.floor", "site.floor"),
    _ancestor: taken("ltree", "site"),
    _ancestor_any: taken("[ltree!]", ["site"]),
    _descendant: taken("ltree", "site"),
    _descendant_any: taken("[ltree!]", ["site"]),
    _matches: taken("lquery", "*.floor.*"),
    _matches_any: taken("[String!]", ["*.floor.*"]),
    _matches_fulltext: taken("ltxtquery", "floor")
  })
]

/**
 * Every operator that any type has. Each operator has a value that a type with this operator
 * accepts.
 */
export const allOperators: ReadonlyMap<string, Operator> = new Map(
  [...columnTypes].reverse().flatMap(({ operators }) => Object.entries(operators))
)
