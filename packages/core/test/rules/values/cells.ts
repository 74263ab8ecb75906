/** A6: the text of a cell, as a server writes it, and the value that the row then has. */
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"

/** The JSON text of a cell, and the result: a value, or an error that says what was expected. */
interface Cell {
  readonly rule: string
  readonly scalar: Scalar.Scalar<unknown, never>
  readonly json: string
  readonly decoded: { readonly value: unknown } | { readonly expected: string }
}

const value = (value: unknown) => ({ value })
const decimal = (text: string) => value(BigDecimal.unsafeFromString(text))
const instant = (text: string) => value(DateTime.unsafeMake(text))

/**
 * A value in two forms: as a number, and as text. Servers that write wide numbers as text use the
 * second form.
 */
const bothForms = (
  type: string,
  scalar: Scalar.Scalar<unknown, never>,
  text: string,
  decoded: Cell["decoded"]
): ReadonlyArray<Cell> => [
  { rule: `A6 ${type} ${text} as a number`, scalar, json: text, decoded },
  { rule: `A6 ${type} ${text} as text`, scalar, json: `"${text}"`, decoded }
]

export const cells: ReadonlyArray<Cell> = [
  { rule: "A6 Int", scalar: Scalar.Int, json: "-71", decoded: value(-71) },
  { rule: "A6 smallint", scalar: Scalar.smallint, json: "7", decoded: value(7) },
  {
    rule: "A6 Int is never text, also where wide numbers are",
    scalar: Scalar.Int,
    json: '"71"',
    decoded: { expected: "an integer" }
  },
  ...bothForms("bigint", Scalar.bigint, "42", value(42n)),
  ...bothForms("bigint", Scalar.bigint, "-42", value(-42n)),
  ...bothForms("bigint", Scalar.bigint, "9007199254740991", value(9_007_199_254_740_991n)),
  {
    rule: "A6 bigint beyond 2^53 as text has all its digits",
    scalar: Scalar.bigint,
    json: '"9223372036854775807"',
    decoded: value(9_223_372_036_854_775_807n)
  },
  {
    rule: "A6 bigint beyond 2^53 as a number has all its digits",
    scalar: Scalar.bigint,
    json: "9223372036854775807",
    decoded: value(9_223_372_036_854_775_807n)
  },
  {
    rule: "A6 bigint beyond 2^53 as a number with an exponent is rejected rather than rounded",
    scalar: Scalar.bigint,
    json: "9223372036854775807e0",
    decoded: { expected: "an integer as text, or a number that is a safe integer" }
  },
  {
    rule: "A6 numeric with more digits than a double as a number has all its digits",
    scalar: Scalar.numeric,
    json: "12345678901234567890.12345678901234567890",
    decoded: decimal("12345678901234567890.12345678901234567890")
  },
  ...bothForms("numeric", Scalar.numeric, "0.0000001", decimal("0.0000001")),
  ...bothForms("numeric", Scalar.numeric, "1.234", decimal("1.234")),
  ...bothForms("numeric", Scalar.numeric, "-0.5", decimal("-0.5")),
  {
    rule: "A6 numeric as text has all its digits",
    scalar: Scalar.numeric,
    json: '"12345678901234567890.12345678901234567890"',
    decoded: decimal("12345678901234567890.12345678901234567890")
  },
  {
    rule: "A6 numeric NaN, which is text in either form, is not a decimal",
    scalar: Scalar.numeric,
    json: '"NaN"',
    decoded: {
      expected:
        "a decimal as text of at most 1,000 digits and an exponent of at most 1,000, or a number of at most 15 digits"
    }
  },
  ...bothForms("float8", Scalar.float8, "16.0001220703125", value(16.000_122_070_312_5)),
  ...bothForms("float8", Scalar.float8, "1e-7", value(1e-7)),
  { rule: "A6 float8 NaN", scalar: Scalar.float8, json: '"NaN"', decoded: value(Number.NaN) },
  {
    rule: "A6 float8 Infinity",
    scalar: Scalar.float8,
    json: '"-Infinity"',
    decoded: value(Number.NEGATIVE_INFINITY)
  },
  { rule: "A6 Float", scalar: Scalar.Float, json: "0.5", decoded: value(0.5) },
  { rule: "A6 Boolean", scalar: Scalar.Boolean, json: "false", decoded: value(false) },
  { rule: "A6 String", scalar: Scalar.String, json: '"a\\n\\u00e9"', decoded: value("a\né") },
  { rule: "A6 citext", scalar: Scalar.citext, json: '"Ab"', decoded: value("Ab") },
  {
    rule: "A6 char is padded with spaces",
    scalar: Scalar.bpchar,
    json: '"a  "',
    decoded: value("a  ")
  },
  {
    rule: "A6 uuid",
    scalar: Scalar.uuid,
    json: '"e707b3a8-0732-49ae-9156-13ff1138540e"',
    decoded: value("e707b3a8-0732-49ae-9156-13ff1138540e")
  },
  {
    rule: "A6 timestamptz has a numeric offset",
    scalar: Scalar.timestamptz,
    json: '"2024-01-01T06:00:00+00:00"',
    decoded: instant("2024-01-01T06:00:00Z")
  },
  {
    rule: "A6 timestamptz in the zone of the database's session",
    scalar: Scalar.timestamptz,
    json: '"2015-10-17T20:12:43+05:30"',
    decoded: instant("2015-10-17T14:42:43Z")
  },
  {
    rule: "A6 timestamptz has a fraction only when it is not zero, trailing zeros cut",
    scalar: Scalar.timestamptz,
    json: '"2015-10-17T14:42:43.5+00:00"',
    decoded: instant("2015-10-17T14:42:43.500Z")
  },
  {
    rule: "A6 timestamptz has up to six digits of a second, of which a DateTime keeps three",
    scalar: Scalar.timestamptz,
    json: '"2015-10-17T14:42:43.123987+00:00"',
    decoded: instant("2015-10-17T14:42:43.123Z")
  },
  {
    rule: "A6 timestamptz infinity is not an instant",
    scalar: Scalar.timestamptz,
    json: '"infinity"',
    decoded: { expected: "a timestamp such as 2024-01-01T06:00:00+00:00" }
  },
  {
    rule: "A6 timestamp has no zone",
    scalar: Scalar.timestamp,
    json: '"2004-10-19T10:23:54"',
    decoded: value("2004-10-19T10:23:54")
  },
  { rule: "A6 date", scalar: Scalar.date, json: '"2014-09-14"', decoded: value("2014-09-14") },
  { rule: "A6 time", scalar: Scalar.time, json: '"11:09:23"', decoded: value("11:09:23") },
  {
    rule: "A6 timetz",
    scalar: Scalar.timetz,
    json: '"15:22:23+00"',
    decoded: value("15:22:23+00")
  },
  {
    rule: "A6 jsonb arrives as JSON, its null too",
    scalar: Scalar.jsonb,
    json: '{"b":[1,null],"a":"x"}',
    decoded: value({ b: [1, null], a: "x" })
  },
  { rule: "A6 json", scalar: Scalar.json, json: "[[1]]", decoded: value([[1]]) },
  {
    rule: "A6 an array arrives as a JSON array",
    scalar: Scalar.array(Scalar.String),
    json: '["a","b"]',
    decoded: value(["a", "b"])
  },
  {
    rule: "A6 an array of wide numbers as text",
    scalar: Scalar.array(Scalar.bigint),
    json: '["1",2]',
    decoded: value([1n, 2n])
  },
  { rule: "A6 ltree", scalar: Scalar.ltree, json: '"a.b"', decoded: value("a.b") },
  {
    rule: "A6 an enum arrives as text, even a value that is not in the catalogue",
    scalar: Scalar.enumeration("zone_type_enum", ["desk"]),
    json: '"sofa"',
    decoded: value("sofa")
  }
]

/**
 * Paths into a feature, which is an object with the keys 1 to 7. A path leads to the value of a
 * key, to the whole object, or to nothing.
 */
export const paths: ReadonlyArray<{
  readonly path: string
  readonly leadsTo: "1" | "whole" | "nothing"
}> = [
  { path: "$['1']", leadsTo: "1" },
  { path: '$["1"]', leadsTo: "1" },
  { path: "['1']", leadsTo: "1" },
  { path: ".['1']", leadsTo: "1" },
  { path: "$", leadsTo: "whole" },
  { path: "$.eight", leadsTo: "nothing" },
  { path: "eight", leadsTo: "nothing" },
  { path: "$['1'].two", leadsTo: "nothing" },
  { path: "$[0]", leadsTo: "nothing" },
  { path: "['a key']", leadsTo: "nothing" }
]

/** Texts that are not paths. In a path, a key that begins with a digit must be in quotes. */
export const badPaths: ReadonlyArray<string> = ["", "$.1", "1", "$[", "$[]", "$['1]"]
