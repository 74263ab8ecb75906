import { finds, type Row, refusesFilter } from "../support/row.js"
import { aeson, api, parser, postgres, python, scientific } from "../support/sources.js"

const value = (what: string) => postgres("SQL/Value.hs", what)
const parsePGValue = value("parsePGValue")
const columnParser = postgres("Instances/Schema.hs", "columnParser")
const withText = aeson("Types/FromJSON.hs", "withText")

const failed = (reader: string, expected: string, found: string) =>
  `parsing ${reader} failed, expected ${expected}, but encountered ${found}`
const outside = (shown: string) =>
  `The value ${shown} lies outside the bounds or is not an integer. Maybe it is a float, or is there integer overflow?`
const tooGreat = (shown: string) =>
  `The value ${shown} lies outside the bounds. Is it overflowing the float bounds?`
const oneOfKinds = (found: string) =>
  `expected one of the values ['desk', 'lounge', 'meeting_room'] for type 'every_type_kind_enum', but found '${found}'`

/** Rows about values that a column accepts or rejects. */
export const values: ReadonlyArray<Row> = [
  finds("an integer column accepts text", parsePGValue, `int: {_eq: "71"}`, [1, 8]),
  finds("an integer column accepts a float that is whole", scientific, "int: {_eq: 71.0}", [1, 8]),
  finds("an integer column accepts an exponent", scientific, "int: {_eq: 710e-1}", [1, 8]),
  refusesFilter("a fraction is not an integer", scientific, "int: {_eq: 1.5}", [
    "parse-failed",
    ".int._eq",
    outside("1.5")
  ]),
  refusesFilter("an integer of 33 bits does not fit Int", scientific, "int: {_eq: 2147483648}", [
    "parse-failed",
    ".int._eq",
    outside("2.147483648e9")
  ]),
  refusesFilter("a smallint has 16 bits", scientific, "smallint: {_eq: 32768}", [
    "parse-failed",
    ".smallint._eq",
    outside("32768.0")
  ]),
  refusesFilter("a small fraction is shown with an exponent", scientific, "int: {_eq: -0.05}", [
    "parse-failed",
    ".int._eq",
    outside("-5.0e-2")
  ]),
  refusesFilter("a bigint has 64 bits", scientific, "bigint: {_eq: 9223372036854775808}", [
    "parse-failed",
    ".bigint._eq",
    outside("9.223372036854775808e18")
  ]),
  finds(
    "a bigint in the document keeps its digits",
    parsePGValue,
    "bigint: {_eq: 9007199254740993}",
    [7]
  ),
  finds(
    "a bigint in a variable keeps its digits",
    value("parseBoundedInt, of a Scientific"),
    "bigint: {_eq: $n}",
    [7],
    { declares: "($n: bigint)", variables: `{"n": 9007199254740993}` }
  ),
  finds(
    "the greatest bigint in a variable keeps its digits",
    value("parseBoundedInt, of a Scientific"),
    "bigint: {_gte: $n}",
    [4],
    { declares: "($n: bigint!)", variables: `{"n": 9223372036854775807}` }
  ),
  finds(
    "a bigint in a list in a variable keeps its digits",
    value("parseBoundedInt, of a Scientific"),
    "bigint: {_in: $n}",
    [7, 8],
    { declares: "($n: [bigint!])", variables: `{"n": [9007199254740993, 9007199254740991]}` }
  ),
  refusesFilter(
    "a bigint in a variable beyond 64 bits is refused",
    scientific,
    "bigint: {_eq: $n}",
    ["parse-failed", ".bigint._eq", outside("9.223372036854775808e18")],
    { declares: "($n: bigint)", variables: `{"n": 9223372036854775808}` }
  ),
  finds(
    "a numeric in a variable keeps its digits",
    value("PGValNumeric, a Scientific"),
    "numeric: {_eq: $n}",
    [5],
    { declares: "($n: numeric)", variables: `{"n": 123456789012345678901234567890}` }
  ),
  finds(
    "a numeric fraction in a variable keeps its digits",
    value("PGValNumeric, a Scientific"),
    "numeric: {_eq: $n}",
    [6],
    {
      declares: "($n: numeric)",
      variables: `{"n": -12345678901234567890.12345678901234567890}`
    }
  ),
  finds(
    "a numeric in a where of a variable keeps its digits",
    value("PGValNumeric, a Scientific"),
    "_or: $w",
    [7],
    {
      declares: "($w: [every_type_bool_exp!])",
      variables: `{"w": [{"numeric": {"_eq": 1e-30}}]}`
    }
  ),
  finds(
    "trailing zeros of a number do not count",
    value("PGValNumeric, a Scientific"),
    "numeric: {_eq: $n}",
    [8],
    { declares: "($n: numeric)", variables: `{"n": 1.500}` }
  ),
  finds("minus zero is zero", scientific, "int: {_eq: $n}", [2, 9], {
    declares: "($n: Int)",
    variables: `{"n": -0}`
  }),
  finds("an exponent in a variable may make an integer", scientific, "bigint: {_eq: $n}", [1, 9], {
    declares: "($n: bigint)",
    variables: `{"n": 4.2e1}`
  }),
  finds("numeric accepts NaN as text", parsePGValue, `numeric: {_eq: "NaN"}`, []),
  finds("float8 accepts infinity as text", parsePGValue, `float8: {_eq: "Infinity"}`, [8]),
  finds("float8 accepts an integer", parsePGValue, "float8: {_eq: 0}", [2]),
  refusesFilter("a float8 has bounds", value("scientificToFloat"), "float8: {_eq: 1e400}", [
    "parse-failed",
    ".float8._eq",
    tooGreat("1.0e400")
  ]),
  refusesFilter("a real has bounds", value("scientificToFloat"), "real: {_eq: 1e39}", [
    "parse-failed",
    ".real._eq",
    tooGreat("1.0e39")
  ]),
  refusesFilter("a boolean is not an integer", parsePGValue, "int: {_eq: true}", [
    "parse-failed",
    ".int._eq",
    failed("Integer expected for input type: PGInteger", "Number", "Boolean")
  ]),
  refusesFilter("a list is not a bigint", parsePGValue, "bigint: {_eq: [1]}", [
    "parse-failed",
    ".bigint._eq",
    failed("Integer expected for input type: PGBigInt", "Number", "Array")
  ]),
  refusesFilter("an object is not a float8", parsePGValue, "float8: {_eq: {a: 1}}", [
    "parse-failed",
    ".float8._eq",
    failed("Float expected for input type: PGDouble", "Number", "Object")
  ]),
  refusesFilter("a boolean is not a real", parsePGValue, "real: {_eq: false}", [
    "parse-failed",
    ".real._eq",
    failed("Float expected for input type: PGFloat", "Number", "Boolean")
  ]),
  refusesFilter("a boolean is not a numeric", parsePGValue, "numeric: {_eq: false}", [
    "parse-failed",
    ".numeric._eq",
    failed("Scientific", "Number", "Boolean")
  ]),
  refusesFilter(
    "a number is not a boolean",
    aeson("Types/FromJSON.hs", "withBool"),
    "boolean: {_eq: 1}",
    ["parse-failed", ".boolean._eq", failed("Bool", "Boolean", "Number")]
  ),
  finds("a boolean column accepts text", parsePGValue, `boolean: {_eq: "true"}`, [1, 5, 6]),
  refusesFilter("a number is not text", withText, "text: {_eq: 1}", [
    "parse-failed",
    ".text._eq",
    failed("Text", "String", "Number")
  ]),
  refusesFilter("a boolean is not citext", withText, "citext: {_eq: true}", [
    "parse-failed",
    ".citext._eq",
    failed("Text", "String", "Boolean")
  ]),
  refusesFilter("a number is not bpchar", aeson("Types/FromJSON.hs", "Char"), "bpchar: {_eq: 1}", [
    "parse-failed",
    ".bpchar._eq",
    failed("Char", "String", "Number")
  ]),
  refusesFilter("a number is not a uuid", aeson("Types/FromJSON.hs", "UUID"), "uuid: {_eq: 1}", [
    "parse-failed",
    ".uuid._eq",
    failed("UUID", "String", "Number")
  ]),
  refusesFilter("a number is not a date", aeson("Types/FromJSON.hs", "Day"), "date: {_eq: 1}", [
    "parse-failed",
    ".date._eq",
    failed("Day", "String", "Number")
  ]),
  refusesFilter("a number is not a timestamp", parsePGValue, "timestamp: {_eq: 1}", [
    "parse-failed",
    ".timestamp._eq",
    failed("LocalTime", "String", "Number")
  ]),
  refusesFilter("a number is not a timestamptz", parsePGValue, "timestamptz: {_eq: 1}", [
    "parse-failed",
    ".timestamptz._eq",
    failed("UTCTime", "String", "Number")
  ]),
  refusesFilter("a number is not a time", value("PGUnknown"), "time: {_eq: 1}", [
    "parse-failed",
    ".time._eq",
    "A string is expected for type: time"
  ]),
  refusesFilter(
    "a number is not a timetz",
    "server/src-lib/Hasura/SQL/Time.hs: ZonedTimeOfDay",
    "timetz: {_eq: 1}",
    ["parse-failed", ".timetz._eq", "Expecting a string for timetz"]
  ),
  refusesFilter(
    "bad text for a uuid fails in PostgreSQL",
    postgres("Execute/Types.hs", "dmlTxErrorHandler"),
    `uuid: {_eq: "71"}`,
    ["data-exception", "$", 'invalid input syntax for type uuid: "71"']
  ),
  refusesFilter(
    "bad text for an integer fails in PostgreSQL",
    postgres("Execute/Types.hs", "dmlTxErrorHandler"),
    `int: {_eq: "many"}`,
    ["data-exception", "$", 'invalid input syntax for type integer: "many"']
  ),
  refusesFilter(
    "a day that does not exist fails in PostgreSQL",
    postgres("Execute/Types.hs", "dmlTxErrorHandler"),
    `date: {_eq: "2023-02-29"}`,
    ["data-exception", "$", 'date/time field value out of range: "2023-02-29"']
  ),
  finds(
    "a name without quotes is text",
    parser("Internal/Convert.hs", "graphQLToJSON"),
    "bpchar: {_eq: ab}",
    [1, 9]
  ),
  refusesFilter(
    "a name without quotes is text, also for an integer",
    parser("Internal/Convert.hs", "graphQLToJSON"),
    "int: {_eq: many}",
    ["data-exception", "$", 'invalid input syntax for type integer: "many"']
  ),
  refusesFilter(
    "null is not a value to compare with",
    python("graphql_validation", "null_variable_value.yaml"),
    "bigint: {_eq: null}",
    ["validation-failed", ".bigint._eq", "unexpected null value for type 'bigint'"]
  ),
  refusesFilter("an element of _in must not be null", columnParser, "int: {_in: [1, null]}", [
    "validation-failed",
    ".int._in[1]",
    "unexpected null value for type 'Int'"
  ]),

  // Enum tables.
  finds(
    "an enum's value is a name in the document",
    python("graphql_query/enums", "select_where_enum_eq.yaml"),
    "kind: {_eq: lounge}",
    [4, 9]
  ),
  finds(
    "an enum's value is a string in a variable",
    python("graphql_query/enums", "select_where_enum_eq_variable.yaml"),
    "kind: {_eq: $k}",
    [4, 9],
    { declares: "($k: every_type_kind_enum)", variables: `{"k": "lounge"}` }
  ),
  refusesFilter(
    "an enum's value is not a string in the document",
    python("graphql_query/enums", "select_where_enum_eq_string.yaml"),
    `kind: {_eq: "desk"}`,
    [
      "validation-failed",
      ".kind._eq",
      "expected an enum value for type 'every_type_kind_enum', but found a string"
    ]
  ),
  refusesFilter(
    "an enum has no other values",
    python("graphql_query/enums", "select_where_enum_eq_bad_value.yaml"),
    "kind: {_eq: sofa}",
    ["validation-failed", ".kind._eq", oneOfKinds("sofa")]
  ),
  refusesFilter(
    "an enum has no other values in variables",
    python("graphql_query/enums", "select_where_enum_eq_variable_bad_value.yaml"),
    "kind: {_eq: $k}",
    ["validation-failed", ".kind._eq", oneOfKinds("sofa")],
    { declares: "($k: every_type_kind_enum)", variables: `{"k": "sofa"}` }
  ),
  refusesFilter(
    "a string that is not a name is not an enum's value",
    parser("Internal/Input.hs", "enum"),
    "kind: {_eq: $k}",
    [
      "validation-failed",
      ".kind._eq",
      "expected an enum value for type 'every_type_kind_enum', but found a string"
    ],
    { declares: "($k: every_type_kind_enum)", variables: `{"k": "a sofa"}` }
  ),
  refusesFilter(
    "null is not an enum's value",
    parser("Internal/Input.hs", "enum"),
    "kind: {_eq: null}",
    [
      "validation-failed",
      ".kind._eq",
      "expected an enum value for type 'every_type_kind_enum', but found null"
    ]
  ),
  refusesFilter(
    "an enum's value in a list has its index",
    parser("Internal/Input.hs", "list"),
    "kind: {_in: [desk, 1]}",
    [
      "validation-failed",
      ".kind._in[1]",
      "expected an enum value for type 'every_type_kind_enum', but found an integer"
    ]
  ),

  // Arrays.
  finds("an array equals in its order", value("PGValArray"), "ints: {_eq: [1, 2]}", [1, 9]),
  finds("an array column accepts PostgreSQL's text", parsePGValue, `ints: {_eq: "{1,2}"}`, [1, 9]),
  finds("an array may hold null", value("PGNull"), "ints: {_eq: [1, null]}", []),
  finds("an array in a variable", value("PGValArray"), "ints: {_contains: $a}", [1, 3, 5, 8, 9], {
    declares: "($a: [Int!])",
    variables: `{"a": [1]}`
  }),
  finds(
    "text in an array is quoted",
    api("Regression/ArrayLiteralTextEncodingSpec.hs", "_in"),
    `strings: {_eq: ["b", "a"]}`,
    [8]
  ),
  finds(
    "a list of arrays",
    postgres("Instances/Schema.hs", "columnListParser"),
    "ints: {_in: [[1], []]}",
    [2, 3]
  ),
  refusesFilter("a number is not an array of one", parsePGValue, "ints: {_eq: 1}", [
    "parse-failed",
    ".ints._eq",
    failed("[]", "Array", "Number")
  ]),
  refusesFilter(
    "an element of an array has no path of its own",
    parsePGValue,
    "ints: {_eq: [1, 1.5]}",
    ["parse-failed", ".ints._eq", outside("1.5")]
  ),
  refusesFilter("null is not an array", columnParser, "ints: {_eq: null}", [
    "validation-failed",
    ".ints._eq",
    "unexpected null value for type 'Int'"
  ]),
  refusesFilter(
    "an array's type in a variable is a list of non-null elements",
    parser("Internal/TypeChecking.hs", "isVariableUsageAllowed"),
    "ints: {_eq: $a}",
    [
      "validation-failed",
      ".ints._eq",
      "variable 'a' is declared as '[Int]', but used where '[Int!]' is expected"
    ],
    { declares: "($a: [Int])", variables: `{"a": [1]}` }
  ),

  // Paths of labels.
  finds("ltree is compared like any type", parsePGValue, `ltree: {_eq: "site"}`, [2]),
  finds(
    "ltree _ancestor",
    python("graphql_query/boolexp/ltree", "select_path_where_ancestor.yaml"),
    `ltree: {_ancestor: "site.floor1"}`,
    [1, 2, 8, 9]
  ),
  finds(
    "ltree _ancestor_any",
    python("graphql_query/boolexp/ltree", "select_path_where_ancestor_array.yaml"),
    `ltree: {_ancestor_any: ["other", "nothing"]}`,
    [6, 8]
  ),
  finds(
    "ltree _descendant",
    python("graphql_query/boolexp/ltree", "select_path_where_descendant.yaml"),
    `ltree: {_descendant: "site.floor1"}`,
    [1, 3, 9]
  ),
  finds(
    "ltree _descendant_any accepts one path",
    parser("Internal/Input.hs", "list"),
    `ltree: {_descendant_any: "other"}`,
    [6, 7]
  ),
  finds(
    "ltree _matches",
    python("graphql_query/boolexp/ltree", "select_path_where_matches.yaml"),
    `ltree: {_matches: "*.desk"}`,
    [3, 5]
  ),
  finds(
    "ltree _matches_any",
    python("graphql_query/boolexp/ltree", "select_path_where_matches_array.yaml"),
    `ltree: {_matches_any: ["*.room", "site"]}`,
    [2, 7]
  ),
  finds(
    "ltree _matches_fulltext",
    python("graphql_query/boolexp/ltree", "select_path_where_matches_ltxtquery.yaml"),
    `ltree: {_matches_fulltext: "floor2 & desk"}`,
    [5]
  ),
  refusesFilter("Hasura reads ltree itself", value("Ltree"), `ltree: {_eq: "a..b"}`, [
    "parse-failed",
    ".ltree._eq",
    "Expecting label path: a sequence of zero or more labels separated by dots, for example L1.L2.L3"
  ]),
  refusesFilter("no text is not a path of labels", value("Ltree"), `ltree: {_ancestor: ""}`, [
    "parse-failed",
    ".ltree._ancestor",
    "Expecting label path: a sequence of zero or more labels separated by dots, for example L1.L2.L3"
  ]),
  refusesFilter(
    "a number is not a path of labels",
    value("Ltree"),
    "ltree: {_descendant_any: [1]}",
    [
      "parse-failed",
      ".ltree._descendant_any[0]",
      "Expecting label path: a sequence of zero or more labels separated by dots, for example L1.L2.L3"
    ]
  ),
  refusesFilter(
    "a bad pattern for paths is an unexpected error",
    postgres("Execute/Types.hs", "dmlTxErrorHandler"),
    `ltree: {_matches: "a..b"}`,
    ["unexpected", "$", "database query error"]
  ),
  refusesFilter(
    "_matches requires an lquery",
    postgres("Instances/Schema.hs", "lqueryParser"),
    "ltree: {_matches: $p}",
    [
      "validation-failed",
      ".ltree._matches",
      "variable 'p' is declared as 'String', but used where 'lquery' is expected"
    ],
    { declares: "($p: String)", variables: `{"p": "*"}` }
  ),
  refusesFilter(
    "_matches_any requires a list of String",
    postgres("Instances/Schema.hs", "textListParser"),
    "ltree: {_matches_any: $p}",
    [
      "validation-failed",
      ".ltree._matches_any",
      "variable 'p' is declared as '[lquery!]', but used where '[String!]' is expected"
    ],
    { declares: "($p: [lquery!])", variables: `{"p": ["*"]}` }
  )
]
