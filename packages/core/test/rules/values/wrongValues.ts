/**
 * A1: values that a column's type does not accept, and documents whose variables have wrong types.
 */
import * as Column from "@innerspace-metrics/core/Column"
import type * as Filter from "@innerspace-metrics/core/Filter"
import * as Query from "@innerspace-metrics/core/Query"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import type { ByHand, Failing, Refused } from "../rule.js"
import { ZONE_INSIGHTS, ZONES, type ZonesColumns } from "../tables.js"

const range = TimeRange.between(new Date(0), new Date(1))

const wrong: ReadonlyArray<
  readonly [scalar: Scalar.Scalar<unknown, never>, what: string, value: unknown]
> = [
  [Scalar.Int, "text", "71"],
  [Scalar.Int, "a fraction", 1.5],
  [Scalar.Int, "33 bits", 2 ** 31],
  [Scalar.Int, "NaN", Number.NaN],
  [Scalar.Int, "a bigint", 71n],
  [Scalar.Int, "a time range", range],
  [Scalar.smallint, "17 bits", 32_768],
  [Scalar.bigint, "text of a fraction", "1.5"],
  [Scalar.bigint, "a number that is not a safe integer", 2 ** 53],
  [Scalar.bigint, "65 bits", 2n ** 63n],
  [Scalar.numeric, "text of no decimal", "1.5 m"],
  [Scalar.numeric, "infinity", Number.POSITIVE_INFINITY],
  [Scalar.float8, "NaN", Number.NaN],
  [Scalar.Float, "text", "0.5"],
  [Scalar.Boolean, "a number", 1],
  [Scalar.String, "a number", 71],
  [Scalar.String, "a time range", range],
  [Scalar.uuid, "a number", 71],
  [Scalar.timestamptz, "text, which leaves the zone open", "2024-01-01T00:00:00"],
  [Scalar.timestamptz, "an invalid Date", new Date(Number.NaN)],
  [Scalar.date, "a day that is none", "2024-02-30"],
  [Scalar.date, "a time range without a zone", range],
  [Scalar.datePartition, "a time range without a zone", range],
  [Scalar.array(Scalar.Int), "an element of another type", [["a"]]],
  [Scalar.enumeration("zone_type_enum", ["desk"]), "an unknown name", "sofa"],
  [Scalar.ltree, "a number", 1]
]

export const refusedValues: ReadonlyArray<Refused> = wrong.map(([scalar, what, value]) => ({
  rule: `A1 ${scalar.name} rejects a value that is ${what}`,
  query: {
    ...Query.from(Table.make("of_type", { cell: Column.assumed(scalar, "test") }), {
      select: ["cell"]
    }),
    // The compiler does not check this filter, as in untyped code.
    where: [{ cell: value }]
  },
  reason: "InvalidValue"
}))

const zones = (where: Query.Where<ZonesColumns>) =>
  Query.from(ZONES, { select: ["ZONE_ID"], where })
const hours = (DATE_TIME_START: Filter.TimestampFilter) =>
  Query.from(ZONE_INSIGHTS, { select: ["ZONE_ID"], where: { DATE_TIME_START }, limit: 1 })

/** Values that only the database rejects. */
export const failing: ReadonlyArray<Failing> = [
  {
    rule: "A1 a pattern of _like that ends with its escape fails in the database",
    query: zones({ NAME: { _like: "Lounge\\" } }),
    code: "bad-request",
    reason: "Invalid"
  },
  {
    rule: "A1 an invalid pattern of _regex fails in the database",
    query: zones({ NAME: { _regex: "(" } }),
    code: "data-exception",
    reason: "DataException"
  },
  {
    rule: "A1 text with a NUL, which PostgreSQL cannot store, fails in the database",
    query: zones({ NAME: "a\u0000" }),
    code: "data-exception",
    reason: "DataException"
  },
  {
    rule: "A1 a year of more than four digits fails in the database",
    query: hours({ _gt: new Date("+010000-01-01T00:00:00Z") }),
    code: "data-exception",
    reason: "DataException"
  }
]

/** How a server reads values that the builder rejects. */
export const byHandValues: ReadonlyArray<ByHand> = [
  {
    rule: "A1 a string is accepted for every column type",
    document: `{ r: ZONES(where: {ZONE_ID: {_eq: "71101"}}) { ZONE_ID } }`,
    expected: { data: { r: [{ ZONE_ID: 71101 }] } }
  },
  {
    rule: "A1 a number for a text column is refused",
    document: "{ r: ZONES(where: {NAME: {_eq: 1}}) { ZONE_ID } }",
    expected: { code: "parse-failed", says: "expected String" }
  },
  {
    rule: "A1 a fraction for an integer column is refused",
    document: "{ r: ZONES(where: {ZONE_ID: {_eq: 1.5}}) { ZONE_ID } }",
    expected: { code: "parse-failed", says: "lies outside the bounds or is not an integer" }
  },
  {
    rule: "A1 a string that is not an integer fails in the database",
    document: `{ r: ZONES(where: {ZONE_ID: {_eq: "x"}}) { ZONE_ID } }`,
    expected: { code: "data-exception", says: "invalid input syntax for type integer" }
  },
  {
    rule: "A1 a variable of another numeric type is refused by name",
    document: "query ($n: Int!) { r: ZONE_INSIGHTS(where: {PEOPLE_COUNT: {_eq: $n}}) { ZONE_ID } }",
    variables: { n: 1 },
    expected: {
      code: "validation-failed",
      says: "variable 'n' is declared as 'Int!', but used where 'bigint' is expected"
    }
  },
  {
    rule: "A1 a nullable variable is refused where null cannot be",
    document: "query ($id: Int) { r: ZONES_by_pk(ZONE_ID: $id) { ZONE_ID } }",
    variables: { id: 71101 },
    expected: {
      code: "validation-failed",
      says: "variable 'id' is declared as 'Int', but used where 'Int!' is expected"
    }
  },
  {
    rule: "A1 a variable that is sent and not declared is refused",
    document: "{ r: ZONES(limit: 1) { ZONE_ID } }",
    variables: { x: 1 },
    expected: { code: "validation-failed", says: "unexpected variables in variableValues: x" }
  }
]
