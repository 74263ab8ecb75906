import { answers, type Row, refuses } from "../support/row.js"
import { api, parser, postgres, python, schema } from "../support/sources.js"

const orderBy = (what: string) => schema("OrderBy.hs", what)
const operators = postgres("Instances/Schema.hs", "orderByOperators")

const table = "every_type"
const at = `$.selectionSet.${table}.args.order_by`

const ask = (order: string, declares = "") =>
  `query ${declares} { r: ${table}(where: {id: {_lte: 5}}, order_by: ${order}) { id } }`

/** A row that expects the ids of the first five table rows in this order. */
const orders = (
  name: string,
  source: string,
  order: string,
  ids: ReadonlyArray<number>,
  { declares, variables }: { readonly declares?: string; readonly variables?: string } = {}
): Row =>
  answers(
    name,
    source,
    ask(order, declares),
    { r: ids.map((id) => ({ id })) },
    variables === undefined ? {} : { variables }
  )

const refusesOrder = (
  name: string,
  source: string,
  order: string,
  path: string,
  message: string,
  { declares, variables }: { readonly declares?: string; readonly variables?: string } = {}
): Row =>
  refuses(
    name,
    source,
    ask(order, declares),
    ["validation-failed", at + path, message],
    variables === undefined ? {} : { variables }
  )

const directions =
  "['asc', 'asc_nulls_first', 'asc_nulls_last', 'desc', 'desc_nulls_first', 'desc_nulls_last']"

/** Rows about `order_by` and `distinct_on`. */
export const order: ReadonlyArray<Row> = [
  orders("asc has nulls last", operators, "{smallint: asc}", [4, 2, 1, 5, 3]),
  orders("desc has nulls first", operators, "{smallint: desc}", [3, 5, 1, 2, 4]),
  orders("asc_nulls_first", operators, "{smallint: asc_nulls_first}", [3, 4, 2, 1, 5]),
  orders("desc_nulls_last", operators, "{smallint: desc_nulls_last}", [5, 1, 2, 4, 3]),
  orders(
    "a list of keys in their order",
    orderBy("list"),
    "[{boolean: desc_nulls_last}, {id: desc}]",
    [5, 1, 4, 2, 3]
  ),
  orders("an empty list does not order", orderBy("NE.nonEmpty"), "[]", [1, 2, 3, 4, 5]),
  orders(
    "a direction that is null leaves its key out",
    python("graphql_query/order_by", "articles_order_by_null.yaml"),
    "[{smallint: null}, {id: desc}]",
    [5, 4, 3, 2, 1]
  ),
  orders("null leaves out all", schema("Select.hs", "tableOrderByArg"), "null", [1, 2, 3, 4, 5]),
  orders(
    "a variable without a value leaves its key out",
    python("graphql_query/order_by", "articles_order_by_null.yaml"),
    "[{smallint: $o}, {id: desc}]",
    [5, 4, 3, 2, 1],
    { declares: "($o: order_by)" }
  ),
  orders(
    "a direction in a variable is a string",
    parser("Internal/Input.hs", "enum"),
    "{id: $o}",
    [5, 4, 3, 2, 1],
    {
      declares: "($o: order_by)",
      variables: `{"o": "desc"}`
    }
  ),
  orders("an order in a variable", orderBy("list"), "$o", [3, 4, 2, 1, 5], {
    declares: "($o: [every_type_order_by!])",
    variables: `{"o": {"smallint": "asc_nulls_first"}}`
  }),
  orders(
    "an order that is null in a variable",
    schema("Select.hs", "tableOrderByArg"),
    "$o",
    [1, 2, 3, 4, 5],
    {
      declares: "($o: [every_type_order_by!])",
      variables: `{"o": null}`
    }
  ),
  orders(
    "the number of related rows",
    python("graphql_query/order_by", "author_order_by_get_articles_aggregate.yaml"),
    "[{parts_aggregate: {count: desc}}, {id: asc}]",
    [2, 1, 3, 4, 5]
  ),
  orders(
    "an aggregate of related rows",
    python("graphql_query/order_by", "album_order_by_tracks_max_name.yaml"),
    "[{parts_aggregate: {max: {weight: desc_nulls_last}}}, {id: asc}]",
    [2, 1, 3, 4, 5]
  ),
  orders(
    "a relationship that is null leaves its key out",
    python("graphql_query/order_by", "articles_order_by_null.yaml"),
    "[{parts_aggregate: null}, {id: desc}]",
    [5, 4, 3, 2, 1]
  ),
  orders(
    "the number with a direction that is null leaves its key out",
    python("graphql_query/order_by", "articles_order_by_null.yaml"),
    "[{parts_aggregate: {count: null}}, {id: desc}]",
    [5, 4, 3, 2, 1]
  ),
  answers(
    "the row that a row belongs to",
    python("graphql_query/order_by", "articles_order_by_rel_author_id.yaml"),
    "{ r: every_type_part(order_by: [{whole: {int: asc}}, {id: desc}]) { id } }",
    { r: [6, 5, 4, 3, 2, 1].map((id) => ({ id })) }
  ),
  answers(
    "the row that a row belongs to may be null in a variable",
    python("graphql_query/order_by", "articles_order_by_null.yaml"),
    "query ($w: every_type_order_by) { r: every_type_part(order_by: [{whole: $w}, {id: desc}]) { id } }",
    { r: [6, 5, 4, 3, 2, 1].map((id) => ({ id })) },
    { variables: `{"w": null}` }
  ),
  refusesOrder(
    "an aggregate's columns must not be null",
    orderBy("parseOperator"),
    "{parts_aggregate: {max: null}}",
    "[0].parts_aggregate.max",
    "expected an object for type 'every_type_part_max_order_by', but found null"
  ),
  refusesOrder(
    "a direction that does not exist",
    parser("Internal/Input.hs", "enum"),
    "{id: up}",
    "[0].id",
    `expected one of the values ${directions} for type 'order_by', but found 'up'`
  ),
  refusesOrder(
    "a direction that is a string in the document",
    parser("Internal/Input.hs", "enum"),
    `[{id: "asc"}]`,
    "[0].id",
    "expected an enum value for type 'order_by', but found a string"
  ),
  refusesOrder(
    "a direction that does not exist in a variable",
    parser("Internal/Input.hs", "enum"),
    "{id: $o}",
    "[0].id",
    `expected one of the values ${directions} for type 'order_by', but found 'ASC'`,
    {
      declares: "($o: order_by)",
      variables: `{"o": "ASC"}`
    }
  ),
  refusesOrder(
    "a key that is null",
    parser("Internal/Input.hs", "object"),
    "[{id: asc}, null]",
    "[1]",
    "expected an object for type 'every_type_order_by', but found null"
  ),
  refusesOrder(
    "a key that is a name",
    parser("Internal/Input.hs", "list"),
    "id",
    "[0]",
    "expected an object for type 'every_type_order_by', but found an enum value"
  ),
  refusesOrder(
    "an unknown column",
    parser("Internal/Input.hs", "object"),
    "[{id: asc}, {nope: asc}]",
    "[1].nope",
    "field 'nope' not found in type: 'every_type_order_by'"
  ),
  refusesOrder(
    "an unknown column of a single object has the index 0",
    parser("Internal/Input.hs", "list"),
    "{nope: asc}",
    "[0].nope",
    "field 'nope' not found in type: 'every_type_order_by'"
  ),
  refusesOrder(
    "related rows are not an order",
    orderBy("ArrRel"),
    "{parts: {id: asc}}",
    "[0].parts",
    "field 'parts' not found in type: 'every_type_order_by'"
  ),
  refusesOrder(
    "boolean columns have no maximum",
    postgres("SQL/Types.hs", "isComparableType"),
    "{parts_aggregate: {max: {flag: asc}}}",
    "[0].parts_aggregate.max.flag",
    "field 'flag' not found in type: 'every_type_part_max_order_by'"
  ),
  refusesOrder(
    "an order of another table in a variable",
    parser("Internal/TypeChecking.hs", "typeCheck"),
    "$o",
    "",
    "variable 'o' is declared as '[every_type_part_order_by!]', but used where '[every_type_order_by!]' is expected",
    {
      declares: "($o: [every_type_part_order_by!])",
      variables: `{"o": []}`
    }
  ),

  // distinct_on
  answers(
    "distinct_on has the first row of each value",
    python("graphql_query/order_by", "employee_distinct_department_order_by_salary_asc.yaml"),
    "{ r: every_type_part(distinct_on: [whole_id], order_by: [{whole_id: asc}, {weight: desc_nulls_last}]) { id } }",
    {
      r: [{ id: 2 }, { id: 4 }, { id: 6 }]
    }
  ),
  answers(
    "distinct_on accepts one column without brackets",
    parser("Internal/Input.hs", "list"),
    "{ r: every_type_part(distinct_on: whole_id, order_by: {whole_id: desc}, where: {id: {_in: [1, 3, 6]}}) { whole_id } }",
    {
      r: [{ whole_id: 3 }, { whole_id: 2 }, { whole_id: 1 }]
    }
  ),
  answers(
    "distinct_on: null",
    schema("Select.hs", "tableDistinctArg"),
    "{ r: every_type_part(distinct_on: null, limit: 1, order_by: {id: asc}) { id } }",
    {
      r: [{ id: 1 }]
    }
  ),
  answers(
    "distinct_on: [] is nothing",
    schema("Select.hs", "NE.nonEmpty"),
    "{ r: every_type_part(distinct_on: [], limit: 1, order_by: {id: asc}) { id } }",
    {
      r: [{ id: 1 }]
    }
  ),
  answers(
    "the columns of distinct_on are strings in a variable",
    parser("Internal/Input.hs", "enum"),
    "query ($d: [every_type_part_select_column!]) { r: every_type_part(distinct_on: $d, order_by: [{whole_id: asc}, {id: asc}]) { id } }",
    { r: [{ id: 1 }, { id: 3 }, { id: 6 }] },
    { variables: `{"d": ["whole_id"]}` }
  ),
  answers(
    "the columns of distinct_on may be in another order",
    schema("Select.hs", "validateArgs"),
    "{ r: every_type_part(distinct_on: [flag, whole_id], order_by: [{whole_id: asc}, {flag: asc}, {id: asc}], where: {whole_id: {_lte: 1}}) { id } }",
    {
      r: [{ id: 2 }, { id: 1 }]
    }
  ),
  refuses(
    "distinct_on must match the first keys",
    python("graphql_query/order_by", "employee_distinct_fail.yaml"),
    "{ every_type_part(distinct_on: [whole_id], order_by: [{weight: desc}]) { id } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_part.args",
      '"distinct_on" columns must match initial "order_by" columns'
    ]
  ),
  refuses(
    "a key of another table does not match",
    schema("Select.hs", "validateArgs"),
    "{ every_type_part(distinct_on: [whole_id], order_by: [{whole: {id: asc}}]) { id } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_part.args",
      '"distinct_on" columns must match initial "order_by" columns'
    ]
  ),
  refuses(
    "an unknown column of distinct_on has its index",
    parser("Internal/Input.hs", "list"),
    "{ every_type_part(distinct_on: [id, nope]) { id } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_part.args.distinct_on[1]",
      "expected one of the values ['id', 'whole_id', 'rank', 'flag', 'weight'] for type 'every_type_part_select_column', but found 'nope'"
    ]
  ),
  refuses(
    "a column of distinct_on is not a string in the document",
    api("Queries/DistinctSpec.hs", "distinct_on"),
    `{ every_type_part(distinct_on: "id") { id } }`,
    [
      "validation-failed",
      "$.selectionSet.every_type_part.args.distinct_on[0]",
      "expected an enum value for type 'every_type_part_select_column', but found a string"
    ]
  ),
  refuses(
    "a null in distinct_on",
    parser("Internal/Input.hs", "enum"),
    "{ every_type_part(distinct_on: [null]) { id } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_part.args.distinct_on[0]",
      "expected an enum value for type 'every_type_part_select_column', but found null"
    ]
  )
]
