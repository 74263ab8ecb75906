import { answers, finds, type Row, refuses, refusesFilter } from "../support/row.js"
import { api, parser, postgres, python, schema } from "../support/sources.js"

const boolExp = (what: string) => schema("BoolExp.hs", what)
const list = parser("Internal/Input.hs", "list")
const object = parser("Internal/Input.hs", "object")
const translated = (what: string) => postgres("Translate/BoolExp.hs", what)

/** Rows about the syntax and the meaning of `where`. */
export const filters: ReadonlyArray<Row> = [
  finds("several operators of a column must all hold", object, "int: {_gt: 0, _lt: 71}", [7]),
  finds(
    "a column without operators filters nothing",
    translated("sqlAnd"),
    "int: {}",
    [1, 2, 3, 4, 5, 6, 7, 8, 9]
  ),
  finds("_and of nothing is true", translated("BoolAnd"), "_and: []", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
  finds("_or of nothing is false", translated("BoolOr"), "_or: []", []),
  finds("_not of nothing is false", translated("BoolNot"), "_not: {}", []),
  finds("_or of one object is that object", list, "_or: {int: {_eq: 71}, id: {_eq: 1}}", [1]),
  finds("_or of several", list, "_or: [{int: {_eq: 71}}, {id: {_eq: 3}}]", [1, 3, 8]),
  finds(
    "_in of nothing is false",
    python(
      "graphql_query/boolexp/basic",
      "select_author_article_where_in_empty_array_postgres.yaml"
    ),
    "int: {_in: []}",
    []
  ),
  finds(
    "_nin of nothing is true",
    python(
      "graphql_query/boolexp/basic",
      "select_author_article_where_nin_empty_array_postgres.yaml"
    ),
    "int: {_nin: []}",
    [1, 2, 3, 4, 5, 6, 7, 8, 9]
  ),
  finds("_nin leaves out null cells", translated("ANIN"), "int: {_nin: [71]}", [2, 3, 5, 6, 7, 9]),
  finds(
    "_not of a comparison leaves out null cells",
    translated("BoolNot"),
    "_not: {int: {_eq: 71}}",
    [2, 3, 5, 6, 7, 9]
  ),
  finds("_in accepts one value without brackets", list, "int: {_in: 71}", [1, 8]),
  finds(
    "_is_null: true",
    python("graphql_query/boolexp/basic", "select_query_order_delivered_at_is_null.yaml"),
    "int: {_is_null: true}",
    [4]
  ),
  finds(
    "_is_null: false",
    python("graphql_query/boolexp/basic", "select_query_order_delivered_at_is_not_null.yaml"),
    "int: {_is_null: false}",
    [1, 2, 3, 5, 6, 7, 8, 9]
  ),
  finds(
    "_like sees upper and lower case",
    python("graphql_query/boolexp/search", "select_city_where_like.yaml"),
    `text: {_like: "meeting%"}`,
    [2]
  ),
  finds(
    "_ilike ignores upper and lower case",
    python("graphql_query/boolexp/search", "select_city_where_ilike_postgres.yaml"),
    `text: {_ilike: "meeting%"}`,
    [1, 2]
  ),
  finds(
    "_nlike leaves out null cells",
    python("graphql_query/boolexp/search", "select_city_where_nlike.yaml"),
    `text: {_nlike: "%e%"}`,
    [3, 7, 8, 9]
  ),
  finds(
    "_nilike",
    python("graphql_query/boolexp/search", "select_city_where_nilike_postgres.yaml"),
    `text: {_nilike: "%M%"}`,
    [3, 5, 6, 7, 8, 9]
  ),
  finds(
    "_similar",
    python("graphql_query/boolexp/search", "select_city_where_similar_postgres.yaml"),
    `text: {_similar: "(a|b)_b"}`,
    [8]
  ),
  finds(
    "_nsimilar",
    python("graphql_query/boolexp/search", "select_city_where_not_similar_postgres.yaml"),
    `text: {_nsimilar: "%[a-z]%"}`,
    [3, 7]
  ),
  finds(
    "_regex",
    python("graphql_query/boolexp/search", "select_city_where_regex_postgres.yaml"),
    `text: {_regex: "^[Mm]"}`,
    [1, 2]
  ),
  finds(
    "_iregex",
    python("graphql_query/boolexp/search", "select_city_where_iregex_postgres.yaml"),
    `text: {_iregex: "^MEETING"}`,
    [1, 2]
  ),
  finds(
    "_nregex",
    python("graphql_query/boolexp/search", "select_city_where_nregex_postgres.yaml"),
    `text: {_nregex: "[a-z]"}`,
    [3, 7]
  ),
  finds(
    "_niregex",
    python("graphql_query/boolexp/search", "select_city_where_niregex_postgres.yaml"),
    `text: {_niregex: "[A-Z]"}`,
    [3, 7]
  ),
  refusesFilter(
    "a pattern that ends with an escape",
    python("graphql_query/basic", "select_query_invalid_escape_sequence.yaml"),
    `text: {_like: "M\\\\"}`,
    ["bad-request", "$", "LIKE pattern must not end with escape character"]
  ),
  refusesFilter(
    "a bad regular expression",
    postgres("Execute/Types.hs", "dmlTxErrorHandler"),
    `text: {_regex: "("}`,
    ["data-exception", "$", "invalid regular expression: parentheses () not balanced"]
  ),
  finds(
    "a related row matches",
    translated("AVRelationship"),
    "parts: {flag: {_eq: false}}",
    [1, 3]
  ),
  finds("some related row exists", translated("AVRelationship"), "parts: {}", [1, 2, 3]),
  finds(
    "no related row exists",
    translated("AVRelationship"),
    "_not: {parts: {}}",
    [4, 5, 6, 7, 8, 9]
  ),
  finds(
    "the row that a row belongs to, and back",
    translated("AVRelationship"),
    'parts: {whole: {text: {_eq: ""}}}',
    [3]
  ),

  answers(
    "where: null filters nothing",
    schema("Select.hs", "tableWhereArg"),
    "{ r: every_type_part(where: null, order_by: {id: asc}, limit: 1) { id } }",
    { r: [{ id: 1 }] }
  ),
  answers(
    "a where that is null in a variable filters nothing",
    schema("Select.hs", "tableWhereArg"),
    "query ($w: every_type_part_bool_exp) { r: every_type_part(where: $w, order_by: {id: asc}, limit: 1) { id } }",
    { r: [{ id: 1 }] },
    { variables: `{"w": null}` }
  ),
  answers(
    "a where in a variable without a value filters nothing",
    schema("Select.hs", "tableWhereArg"),
    "query ($w: every_type_part_bool_exp) { r: every_type_part(where: $w, order_by: {id: asc}, limit: 1) { id } }",
    { r: [{ id: 1 }] }
  ),
  refuses(
    "a where that is a list",
    parser("Internal/Input.hs", "object"),
    "{ every_type_part(where: [{}]) { id } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_part.args.where",
      "expected an object for type 'every_type_part_bool_exp', but found a list"
    ]
  ),
  answers(
    "a key as text",
    postgres("SQL/Value.hs", "parsePGValue"),
    `{ r: every_type_part_by_pk(id: "2") { id } }`,
    { r: { id: 2 } }
  ),

  // Null, and values of the wrong kind.
  refusesFilter("_is_null: null", boolExp("equalityOperators"), "int: {_is_null: null}", [
    "validation-failed",
    ".int._is_null",
    "expected a boolean for type 'Boolean', but found null"
  ]),
  refusesFilter(
    "_is_null accepts no text",
    boolExp("equalityOperators"),
    `int: {_is_null: "true"}`,
    [
      "validation-failed",
      ".int._is_null",
      "expected a boolean for type 'Boolean', but found a string"
    ]
  ),
  refusesFilter(
    "_is_null of a variable without a value",
    parser("Internal/TypeChecking.hs", "peelVariable"),
    "int: {_is_null: $b}",
    ["validation-failed", ".int._is_null", "expected a boolean for type 'Boolean', but found null"],
    { declares: "($b: Boolean)" }
  ),
  refusesFilter("_and: null", list, "_and: null", [
    "validation-failed",
    "._and",
    "expected a list, but found null"
  ]),
  refusesFilter("_or: null", list, "_or: null", [
    "validation-failed",
    "._or",
    "expected a list, but found null"
  ]),
  refusesFilter("_not: null", object, "_not: null", [
    "validation-failed",
    "._not",
    "expected an object for type 'every_type_bool_exp', but found null"
  ]),
  refusesFilter("_or of a null", object, "_or: [{}, null]", [
    "validation-failed",
    "._or[1]",
    "expected an object for type 'every_type_bool_exp', but found null"
  ]),
  refusesFilter("_and of a number is a list of one number", list, "_and: 1", [
    "validation-failed",
    "._and[0]",
    "expected an object for type 'every_type_bool_exp', but found an integer"
  ]),
  refusesFilter("_in: null", list, "int: {_in: null}", [
    "validation-failed",
    ".int._in",
    "expected a list, but found null"
  ]),
  refusesFilter(
    "_in of a variable that is null",
    list,
    "int: {_in: $i}",
    ["validation-failed", ".int._in", "expected a list, but found null"],
    { declares: "($i: [Int!])", variables: `{"i": null}` }
  ),
  refusesFilter("one bad value of _in without brackets has an index", list, "text: {_in: 1}", [
    "parse-failed",
    ".text._in[0]",
    "parsing Text failed, expected String, but encountered Number"
  ]),
  refusesFilter(
    "a bad value of _nin in a variable has its index",
    list,
    "text: {_nin: $t}",
    [
      "parse-failed",
      ".text._nin[2]",
      "parsing Text failed, expected String, but encountered Boolean"
    ],
    { declares: "($t: [String!]!)", variables: `{"t": ["a", "b", true]}` }
  ),
  refusesFilter("a column that is null", object, "int: null", [
    "validation-failed",
    ".int",
    "expected an object for type 'Int_comparison_exp', but found null"
  ]),
  refusesFilter("a column that is a value", object, "int: 71", [
    "validation-failed",
    ".int",
    "expected an object for type 'Int_comparison_exp', but found an integer"
  ]),
  refusesFilter("a column that is a float", object, "float8: 7.5", [
    "validation-failed",
    ".float8",
    "expected an object for type 'float8_comparison_exp', but found a float"
  ]),
  refusesFilter("an array column that is a list", object, "ints: [1]", [
    "validation-failed",
    ".ints",
    "expected an object for type 'Int_array_comparison_exp', but found a list"
  ]),
  refusesFilter("a column that is a name", object, "kind: desk", [
    "validation-failed",
    ".kind",
    "expected an object for type 'every_type_kind_enum_comparison_exp', but found an enum value"
  ]),
  refusesFilter("a relationship that is null", object, "parts: null", [
    "validation-failed",
    ".parts",
    "expected an object for type 'every_type_part_bool_exp', but found null"
  ]),
  refusesFilter(
    "where in a variable that is a number",
    object,
    "_not: $w",
    [
      "validation-failed",
      "._not",
      "expected an object for type 'every_type_bool_exp', but found a number"
    ],
    { declares: "($w: every_type_bool_exp)", variables: `{"w": 1}` }
  ),

  // Names.
  refusesFilter("an unknown column", object, "nope: {_eq: 1}", [
    "validation-failed",
    ".nope",
    "field 'nope' not found in type: 'every_type_bool_exp'"
  ]),
  refusesFilter(
    "an unknown operator",
    python(
      "graphql_query/boolexp/basic",
      "select_author_article_unexpected_operator_in_where_err_postgres.yaml"
    ),
    "int: {_unexpected: 2}",
    [
      "validation-failed",
      ".int._unexpected",
      "field '_unexpected' not found in type: 'Int_comparison_exp'"
    ]
  ),
  refusesFilter(
    "an unknown operator is found before a bad value",
    object,
    "int: {_eq: true, _ne: 2}",
    ["validation-failed", ".int._ne", "field '_ne' not found in type: 'Int_comparison_exp'"]
  ),
  refusesFilter(
    "an unknown column is found before a bad value",
    object,
    "int: {_eq: true}, nope: {}",
    ["validation-failed", ".nope", "field 'nope' not found in type: 'every_type_bool_exp'"]
  ),
  refusesFilter(
    "numbers have no text operators",
    postgres("Instances/Schema.hs", "isStringType"),
    `int: {_like: "7%"}`,
    ["validation-failed", ".int._like", "field '_like' not found in type: 'Int_comparison_exp'"]
  ),
  refusesFilter(
    "uuid has no text operators",
    postgres("SQL/Types.hs", "stringTypes"),
    `uuid: {_ilike: "e7%"}`,
    ["validation-failed", ".uuid._ilike", "field '_ilike' not found in type: 'uuid_comparison_exp'"]
  ),
  refusesFilter(
    "an enum has no order",
    postgres("Instances/Schema.hs", "comparisonOperators"),
    "kind: {_gt: desk}",
    [
      "validation-failed",
      ".kind._gt",
      "field '_gt' not found in type: 'every_type_kind_enum_comparison_exp'"
    ]
  ),
  refusesFilter(
    "a key of a variable's object must be a name",
    parser("Internal/Input.hs", "object, invalidName"),
    "_and: $w",
    [
      "validation-failed",
      "._and[0]",
      `variable value contains object with key "a b", which is not a legal GraphQL name`
    ],
    { declares: "($w: [every_type_bool_exp!])", variables: `{"w": [{"a b": {}}]}` }
  ),
  refusesFilter(
    "a json column cannot be compared",
    postgres("Instances/Schema.hs", "comparisonExps"),
    "json: {_eq: {}}",
    ["unexpected", "$", "database query error"]
  ),

  // Aggregates of related rows.
  finds(
    "the number of related rows",
    api("Queries/FilterSearch/AggregationPredicatesSpec.hs", "count"),
    "parts_aggregate: {count: {predicate: {_gt: 1}}}",
    [1, 2]
  ),
  finds(
    "rows without related rows have the number 0",
    api("Queries/FilterSearch/AggregationPredicatesSpec.hs", "count"),
    "parts_aggregate: {count: {predicate: {_lt: 1}}}",
    [4, 5, 6, 7, 8, 9]
  ),
  finds(
    "the number of values that are not null",
    translated("translateAggPredExtractor"),
    "parts_aggregate: {count: {arguments: flag, predicate: {_eq: 2}}}",
    [1, 2]
  ),
  finds(
    "distinct is accepted without an effect",
    translated("translateAggPredExtractor"),
    "parts_aggregate: {count: {arguments: [rank], distinct: true, predicate: {_eq: 2}}}",
    [1, 2]
  ),
  refusesFilter(
    "several columns cannot be counted",
    translated("translateAggPredExtractor"),
    "parts_aggregate: {count: {arguments: [rank, flag], predicate: {_eq: 2}}}",
    ["unexpected", "$", "database query error"]
  ),
  finds(
    "a filter of the related rows",
    api("Queries/FilterSearch/AggregationPredicatesSpec.hs", "filter"),
    "parts_aggregate: {count: {filter: {flag: {_eq: true}}, predicate: {_eq: 1}}}",
    [1]
  ),
  finds(
    "bool_and",
    api("Queries/FilterSearch/AggregationPredicatesSpec.hs", "bool_and"),
    "parts_aggregate: {bool_and: {arguments: flag, predicate: {_eq: true}}}",
    [2]
  ),
  finds(
    "bool_or",
    postgres("Instances/Schema.hs", "bool_or"),
    "parts_aggregate: {bool_or: {arguments: flag, predicate: {_eq: false}}}",
    [3]
  ),
  finds(
    "avg of a double",
    postgres("Instances/Schema.hs", "avg"),
    "parts_aggregate: {avg: {arguments: weight, predicate: {_eq: 15}}}",
    [2]
  ),
  finds(
    "sum, min and max of a double",
    postgres("Instances/Schema.hs", "sum"),
    "_and: [{parts_aggregate: {sum: {arguments: weight, predicate: {_eq: 4}}}}, {parts_aggregate: {min: {arguments: weight, predicate: {_eq: 1.5}}}}, {parts_aggregate: {max: {arguments: weight, predicate: {_eq: 2.5}}}}]",
    [1]
  ),
  finds(
    "a result that is null does not match, so _not matches",
    translated("translateAVAggregationPredicates, mkExists"),
    "_not: {parts_aggregate: {avg: {arguments: weight, predicate: {_gt: 0}}}}",
    [3, 4, 5, 6, 7, 8, 9]
  ),
  refusesFilter(
    "no predicate",
    api("Queries/FilterSearch/AggregationPredicatesSpec.hs", "none"),
    "parts_aggregate: {}",
    ["validation-failed", ".parts_aggregate", "exactly one predicate should be specified"]
  ),
  refusesFilter(
    "two predicates",
    api("Queries/FilterSearch/AggregationPredicatesSpec.hs", "more than one"),
    "parts_aggregate: {count: {predicate: {}}, bool_and: {arguments: flag, predicate: {}}}",
    ["validation-failed", ".parts_aggregate", "exactly one predicate should be specified"]
  ),
  refusesFilter(
    "the number without a predicate",
    parser("Internal/Input.hs", "field"),
    "parts_aggregate: {count: {}}",
    ["validation-failed", ".parts_aggregate.count.predicate", "missing required field 'predicate'"]
  ),
  refusesFilter(
    "bool_and without its column",
    parser("Internal/Input.hs", "field"),
    "parts_aggregate: {bool_and: {predicate: {}}}",
    [
      "validation-failed",
      ".parts_aggregate.bool_and.arguments",
      "missing required field 'arguments'"
    ]
  ),
  refusesFilter(
    "bool_and of a column that is not boolean",
    schema("BoolExp/AggregationPredicates.hs", "tableSelectColumnsPredEnum"),
    "parts_aggregate: {bool_and: {arguments: weight, predicate: {}}}",
    [
      "validation-failed",
      ".parts_aggregate.bool_and.arguments",
      "expected one of the values ['flag'] for type 'every_type_part_select_column_every_type_part_aggregate_bool_exp_bool_and_arguments_columns', but found 'weight'"
    ]
  ),
  refusesFilter(
    "an unknown column has its index",
    api("Queries/FilterSearch/AggregationPredicatesSpec.hs", "permissions on the column"),
    "parts_aggregate: {count: {arguments: nope, predicate: {}}}",
    [
      "validation-failed",
      ".parts_aggregate.count.arguments[0]",
      "expected one of the values ['id', 'whole_id', 'rank', 'flag', 'weight'] for type 'every_type_part_select_column', but found 'nope'"
    ]
  ),
  refusesFilter(
    "a filter that is null",
    schema("BoolExp/AggregationPredicates.hs", "aggPredFilter"),
    "parts_aggregate: {count: {filter: null, predicate: {}}}",
    [
      "validation-failed",
      ".parts_aggregate.count.filter",
      "expected an object for type 'every_type_part_bool_exp', but found null"
    ]
  ),
  refusesFilter(
    "a number that is too large for a count",
    schema("BoolExp/AggregationPredicates.hs", "fnReturnType"),
    "parts_aggregate: {count: {predicate: {_gt: 3000000000}}}",
    [
      "parse-failed",
      ".parts_aggregate.count.predicate._gt",
      "The value 3.0e9 lies outside the bounds or is not an integer. Maybe it is a float, or is there integer overflow?"
    ]
  )
]
