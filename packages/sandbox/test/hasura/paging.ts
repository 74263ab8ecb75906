import { answers, type Row, refuses } from "../support/row.js"
import { aeson, parser, postgres, python, schema, scientific } from "../support/sources.js"

const nonNegativeInt = parser("Internal/Scalars.hs", "nonNegativeInt")
const bigInt = parser("Internal/Scalars.hs", "bigInt")

const outside = (shown: string) =>
  `The value ${shown} lies outside the bounds or is not an integer. Maybe it is a float, or is there integer overflow?`
const notLimit = (found: string) =>
  `expected a non-negative 32-bit integer for type 'Int', but found ${found}`
const notOffset = (found: string) =>
  `expected a 32-bit integer, or a 64-bit integer represented as a string for type 'Int', but found ${found}`

type Argument = "limit" | "offset"

/** A row that expects these ids of the six table rows of `every_type_part`. */
const has = (
  name: string,
  source: string,
  argument: Argument,
  value: string,
  ids: ReadonlyArray<number>
): Row =>
  answers(
    name,
    source,
    `{ r: every_type_part(order_by: {id: asc}, ${argument}: ${value}) { id } }`,
    {
      r: ids.map((id) => ({ id }))
    }
  )

const hasNot = (
  name: string,
  source: string,
  argument: Argument,
  value: string,
  code: string,
  message: string
): Row =>
  refuses(name, source, `{ every_type_part(${argument}: ${value}) { id } }`, [
    code,
    `$.selectionSet.every_type_part.args.${argument}`,
    message
  ])

/** Makes rows in which the value is a variable, written as JSON. */
const inVariable = (argument: Argument, type: string) => ({
  has: (name: string, source: string, value: string, ids: ReadonlyArray<number>): Row =>
    answers(
      name,
      source,
      `query ($n: ${type}) { r: every_type_part(order_by: {id: asc}, ${argument}: $n) { id } }`,
      { r: ids.map((id) => ({ id })) },
      { variables: `{"n": ${value}}` }
    ),
  hasNot: (name: string, source: string, value: string, code: string, message: string): Row =>
    refuses(
      name,
      source,
      `query ($n: ${type}) { every_type_part(${argument}: $n) { id } }`,
      [code, `$.selectionSet.every_type_part.args.${argument}`, message],
      { variables: `{"n": ${value}}` }
    )
})

const limit = inVariable("limit", "Int")
const offset = inVariable("offset", "Int")
const all = [1, 2, 3, 4, 5, 6]

/** Rows about `limit` and `offset`. */
export const paging: ReadonlyArray<Row> = [
  has(
    "a limit",
    python("graphql_query/limits", "select_query_article_limit_1.yaml"),
    "limit",
    "2",
    [1, 2]
  ),
  has("a limit of none", nonNegativeInt, "limit", "0", []),
  has(
    "a limit that is null",
    python("graphql_query/limits", "select_query_article_limit_null.yaml"),
    "limit",
    "null",
    all
  ),
  has("the greatest limit", nonNegativeInt, "limit", "2147483647", all),
  hasNot(
    "a negative limit",
    python("graphql_query/limits", "select_query_article_neg_limit_error.yaml"),
    "limit",
    "-1",
    "validation-failed",
    notLimit("an integer")
  ),
  hasNot(
    "a limit that is text",
    python("graphql_query/limits", "select_query_article_string_limit_error.yaml"),
    "limit",
    `"3"`,
    "validation-failed",
    notLimit("a string")
  ),
  hasNot(
    "a limit that is a float",
    nonNegativeInt,
    "limit",
    "1.0",
    "validation-failed",
    notLimit("a float")
  ),
  hasNot(
    "a limit that is a name",
    nonNegativeInt,
    "limit",
    "all",
    "validation-failed",
    notLimit("an enum value")
  ),
  hasNot(
    "a limit that is a list",
    nonNegativeInt,
    "limit",
    "[1]",
    "validation-failed",
    notLimit("a list")
  ),
  hasNot(
    "a limit of 33 bits",
    scientific,
    "limit",
    "2147483648",
    "parse-failed",
    outside("2.147483648e9")
  ),
  limit.has("a limit in a variable", nonNegativeInt, "2", [1, 2]),
  limit.has("a limit in a variable may be written as a float", scientific, "2.0", [1, 2]),
  limit.has(
    "a limit that is null in a variable",
    python("graphql_validation", "null_variable_value.yaml"),
    "null",
    all
  ),
  limit.hasNot(
    "a limit in a variable that is text",
    nonNegativeInt,
    `"1"`,
    "validation-failed",
    notLimit("a string")
  ),
  limit.hasNot(
    "a negative limit in a variable",
    nonNegativeInt,
    "-1",
    "validation-failed",
    notLimit("a number")
  ),
  limit.hasNot(
    "a fraction in a variable is not a limit",
    scientific,
    "1.5",
    "parse-failed",
    outside("1.5")
  ),
  limit.hasNot(
    "a limit in a variable that is an object",
    nonNegativeInt,
    "{}",
    "validation-failed",
    notLimit("an object")
  ),
  inVariable("limit", "String").hasNot(
    "a limit of another type",
    python("graphql_validation", "variable_type_mismatch.yaml"),
    `"1"`,
    "validation-failed",
    "variable 'n' is declared as 'String', but used where 'Int' is expected"
  ),
  inVariable("limit", "bigint").hasNot(
    "a limit of another type of number",
    python("graphql_validation", "variable_type_mismatch.yaml"),
    "1",
    "validation-failed",
    "variable 'n' is declared as 'bigint', but used where 'Int' is expected"
  ),

  has(
    "an offset",
    python("graphql_query/offset", "select_query_article_offset_2_limit_1.yaml"),
    "offset",
    "4",
    [5, 6]
  ),
  has(
    "an offset as text",
    python("graphql_query/offset", "select_query_article_string_offset.yaml"),
    "offset",
    `"4"`,
    [5, 6]
  ),
  has("an offset that is null", schema("Select.hs", "tableOffsetArg"), "offset", "null", all),
  has("an offset of 33 bits", bigInt, "offset", "4294967296", []),
  has("the greatest offset", bigInt, "offset", "9223372036854775807", []),
  has("the greatest offset as text", bigInt, "offset", `"9223372036854775807"`, []),
  hasNot(
    "an offset of 65 bits",
    scientific,
    "offset",
    "9223372036854775808",
    "parse-failed",
    outside("9.223372036854775808e18")
  ),
  hasNot(
    "an offset as negative text",
    bigInt,
    "offset",
    `"-1"`,
    "validation-failed",
    notOffset("a string")
  ),
  hasNot(
    "an offset as other text",
    bigInt,
    "offset",
    `"two"`,
    "validation-failed",
    notOffset("a string")
  ),
  hasNot(
    "an offset as no text",
    bigInt,
    "offset",
    `""`,
    "validation-failed",
    notOffset("a string")
  ),
  hasNot(
    "an offset that is a float",
    bigInt,
    "offset",
    "1.0",
    "validation-failed",
    notOffset("a float")
  ),
  hasNot(
    "an offset that is a boolean",
    bigInt,
    "offset",
    "true",
    "validation-failed",
    notOffset("a boolean")
  ),
  refuses(
    "a negative offset fails in PostgreSQL",
    postgres("Execute/Types.hs", "dmlTxErrorHandler"),
    "{ every_type_part(offset: -1) { id } }",
    ["data-exception", "$", "OFFSET must not be negative"]
  ),
  offset.has("an offset in a variable", bigInt, "4", [5, 6]),
  offset.has("an offset as text in a variable", bigInt, `"4"`, [5, 6]),
  offset.has("an offset in a variable keeps its digits", bigInt, "9223372036854775807", []),
  offset.hasNot(
    "a fraction in a variable is not an offset",
    scientific,
    "1.5",
    "parse-failed",
    outside("1.5")
  ),
  offset.hasNot(
    "an offset in a variable that is a list",
    aeson("Types/FromJSON.hs", "Array"),
    "[1]",
    "validation-failed",
    notOffset("a list")
  )
]
