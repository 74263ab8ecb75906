import { answers, type Row, refuses } from "../support/row.js"
import { api, parser, postgres, python, schema } from "../support/sources.js"

const select = (what: string) => schema("Select.hs", what)

const has = (name: string, source: string, numbers: string, aggregate: unknown, args = ""): Row =>
  answers(name, source, `{ r: every_type_part_aggregate${args} { aggregate { ${numbers} } } }`, {
    r: { aggregate }
  })

const at = "$.selectionSet.every_type_part_aggregate.selectionSet.aggregate.selectionSet"
const hasNot = (
  name: string,
  source: string,
  numbers: string,
  path: string,
  message: string
): Row =>
  refuses(name, source, `{ every_type_part_aggregate { aggregate { ${numbers} } } }`, [
    "validation-failed",
    at + path,
    message
  ])

/** Rows about aggregates. */
export const aggregates: ReadonlyArray<Row> = [
  has(
    "count",
    python("graphql_query/aggregations", "article_agg_count_sum_avg_max_min_with_aliases.yaml"),
    "count",
    { count: 6 }
  ),
  has(
    "count of a column leaves out null",
    postgres("Instances/Schema.hs", "countTypeInput"),
    "count(columns: [flag])",
    { count: 5 }
  ),
  has(
    "count of one column without brackets",
    parser("Internal/Input.hs", "list"),
    "count(columns: weight)",
    { count: 5 }
  ),
  has(
    "count of different values",
    postgres("SQL/DML.hs", "CTDistinct"),
    "count(columns: whole_id, distinct: true)",
    { count: 3 }
  ),
  has(
    "count of different rows of columns",
    postgres("SQL/DML.hs", "CTDistinct"),
    "count(columns: [whole_id, flag], distinct: true)",
    { count: 5 }
  ),
  has(
    "count of columns together counts rows",
    postgres("SQL/DML.hs", "CTSimple"),
    "count(columns: [rank, flag])",
    { count: 6 }
  ),
  refuses(
    "count of no columns is an unexpected error",
    postgres("SQL/DML.hs", "CTSimple"),
    "{ every_type_part_aggregate { aggregate { count(columns: []) } } }",
    ["unexpected", "$", "database query error"]
  ),
  has(
    "count of different rows, without columns, counts rows",
    postgres("Instances/Schema.hs", "mkCountType"),
    "count(distinct: true)",
    { count: 6 }
  ),
  has(
    "two counts",
    python("graphql_query/aggregations", "article_agg_count_sum_avg_max_min_with_aliases.yaml"),
    "a: count b: count(columns: flag)",
    { a: 6, b: 5 }
  ),
  has(
    "sum, min and max",
    python("graphql_query/aggregations", "article_agg_count_sum_avg_max_min_with_aliases.yaml"),
    "sum { rank weight } min { rank weight } max { rank weight }",
    {
      sum: { rank: 16, weight: 33 },
      min: { rank: 1, weight: -1 },
      max: { rank: 9, weight: 20 }
    }
  ),
  has(
    "numbers over no rows are null",
    api("Queries/AggregationSpec.hs", "aggregate"),
    "count sum { rank } avg { rank } max { weight }",
    { count: 0, sum: { rank: null }, avg: { rank: null }, max: { weight: null } },
    "(where: {id: {_lt: 0}})"
  ),
  has(
    "numbers are about the rows that limit leaves",
    select("defaultSelectTableAggregate"),
    "count sum { weight }",
    { count: 2, sum: { weight: 4 } },
    "(order_by: {id: asc}, limit: 2)"
  ),
  answers(
    "aggregate and nodes",
    python("graphql_query/aggregations", "article_agg_where.yaml"),
    "{ r: every_type_part_aggregate(where: {whole_id: {_eq: 1}}, order_by: {id: asc}) { aggregate { count } nodes { id } } }",
    {
      r: { aggregate: { count: 2 }, nodes: [{ id: 1 }, { id: 2 }] }
    }
  ),
  answers(
    "an aggregate of related rows",
    python("graphql_query/aggregations", "author_agg_with_articles.yaml"),
    "{ r: every_type(where: {id: {_in: [2, 4]}}, order_by: {id: asc}) { parts_aggregate { aggregate { count avg { weight } } } } }",
    {
      r: [
        { parts_aggregate: { aggregate: { count: 3, avg: { weight: 15 } } } },
        { parts_aggregate: { aggregate: { count: 0, avg: { weight: null } } } }
      ]
    }
  ),
  hasNot(
    "count with a null",
    parser("Internal/Input.hs", "list"),
    "count(columns: null)",
    ".count.args.columns",
    "expected a list, but found null"
  ),
  hasNot(
    "distinct: null",
    parser("Internal/Scalars.hs", "namedBoolean"),
    "count(distinct: null)",
    ".count.args.distinct",
    "expected a boolean for type 'Boolean', but found null"
  ),
  hasNot(
    "count of an unknown column",
    parser("Internal/Input.hs", "list"),
    "count(columns: nope)",
    ".count.args.columns[0]",
    "expected one of the values ['id', 'whole_id', 'rank', 'flag', 'weight'] for type 'every_type_part_select_column', but found 'nope'"
  ),
  hasNot(
    "count with another argument",
    parser("Internal/Parser.hs", "rawSelection"),
    "count(column: id)",
    ".count",
    "'count' has no argument named 'column'"
  ),
  hasNot(
    "count with a selection",
    parser("Internal/Parser.hs", "rawSelection"),
    "count { id }",
    ".count",
    "unexpected subselection set for non-object field"
  ),
  hasNot(
    "a boolean column has no sum",
    postgres("SQL/Types.hs", "isNumType"),
    "sum { flag }",
    ".sum.selectionSet.flag",
    "field 'flag' not found in type: 'every_type_part_sum_fields'"
  ),
  hasNot(
    "a boolean column has no maximum",
    postgres("SQL/Types.hs", "isComparableType"),
    "max { flag }",
    ".max.selectionSet.flag",
    "field 'flag' not found in type: 'every_type_part_max_fields'"
  ),
  hasNot(
    "a function without a selection",
    select("parseAggOperator"),
    "sum",
    ".sum.selectionSet",
    "missing selection set for 'every_type_part_sum_fields'"
  ),
  hasNot(
    "a function with an argument",
    parser("Internal/Parser.hs", "rawSubselection"),
    "sum(of: 1) { rank }",
    ".sum",
    "'sum' has no argument named 'of'"
  ),
  hasNot(
    "an unknown function",
    select("tableAggregationFields"),
    "median { rank }",
    ".median",
    "field 'median' not found in type: 'every_type_part_aggregate_fields'"
  ),
  refuses(
    "an unknown part of an aggregate",
    select("defaultSelectTableAggregate"),
    "{ every_type_part_aggregate { rows { id } } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_part_aggregate.selectionSet.rows",
      "field 'rows' not found in type: 'every_type_part_aggregate'"
    ]
  ),
  refuses(
    "arguments of nodes",
    parser("Internal/Parser.hs", "rawSubselection"),
    "{ every_type_part_aggregate { nodes(limit: 1) { id } } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_part_aggregate.selectionSet.nodes",
      "'nodes' has no argument named 'limit'"
    ]
  ),
  refuses(
    "a time has no maximum",
    postgres("SQL/Types.hs", "PGUnknown"),
    "{ every_type_aggregate { aggregate { max { time } } } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_aggregate.selectionSet.aggregate.selectionSet.max.selectionSet.time",
      "field 'time' not found in type: 'every_type_max_fields'"
    ]
  ),
  refuses(
    "an enum's column has no maximum",
    schema("Common.hs", "isComparableCol"),
    "{ every_type_aggregate { aggregate { max { kind } } } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_aggregate.selectionSet.aggregate.selectionSet.max.selectionSet.kind",
      "field 'kind' not found in type: 'every_type_max_fields'"
    ]
  )
]
