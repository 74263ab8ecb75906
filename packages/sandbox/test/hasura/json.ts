import { answers, finds, type Row, refuses, refusesFilter } from "../support/row.js"
import { api, jsonPath, parser, postgres, python } from "../support/sources.js"

const operators = postgres("Instances/Schema.hs", "PGJSONB")
const spec = "server/src-test/Data/Parser/JSONPathSpec.hs"

const at = "$.selectionSet.every_type_by_pk.selectionSet.jsonb"
const select = (field: string, id: number) => `{ r: every_type_by_pk(id: ${id}) { v: ${field} } }`

/**
 * A row about a path into the jsonb of a table row, and its result. The path has quotes, as in a
 * document.
 */
const leads = (name: string, source: string, id: number, path: string, v: unknown): Row =>
  answers(name, source, select(`jsonb(path: ${path})`, id), { r: { v } })

const isNotPath = (name: string, source: string, path: string): Row =>
  refuses(name, source, select(`jsonb(path: ${JSON.stringify(path)})`, 1), [
    "validation-failed",
    `${at}.args`,
    `parse json path error: ${path}. Accept letters, digits, underscore (_) or hyphen (-) only. Use quotes enclosed in bracket (["..."]) if there is any special character`
  ])

/** Rows about paths into json and jsonb columns, and about filters of these columns. */
export const json: ReadonlyArray<Row> = [
  leads("$ is the whole value", spec, 1, `"$"`, { a: "x", b: [1, null] }),
  leads("a key after $.", jsonPath("element"), 1, `"$.a"`, "x"),
  leads("a key alone", jsonPath("optional $"), 1, `"a"`, "x"),
  leads("a key after a point", jsonPath("element"), 1, `".a"`, "x"),
  leads("a key right after $", jsonPath("optional $"), 1, `"$a"`, "x"),
  leads("an index", jsonPath("bracketElement"), 1, `"b[0]"`, 1),
  leads("an index of a list", jsonPath("bracketElement"), 5, `"$[1]"`, "a"),
  leads("an index after a point", jsonPath("bracketElement"), 1, `"$.b.[0]"`, 1),
  leads("a key in single quotes", spec, 9, `"['a key']"`, 'a "quote"'),
  leads("a key in double quotes", spec, 9, `"$[\\"a key\\"]"`, 'a "quote"'),
  leads("keys of keys", jsonPath("many1"), 9, `"a.a"`, 1),
  leads("a key with an escape", spec, 1, `"['\\\\u0061']"`, "x"),
  leads("a path that leads nowhere is null", jsonPath("parseJSONPath"), 1, `"a.b.c"`, null),
  leads("JSON's null at the end of a path is null", jsonPath("parseJSONPath"), 1, `"b[1]"`, null),
  answers(
    "a json column has paths, too",
    api("Databases/Postgres/JsonbSpec.hs", "path"),
    select(`json(path: "$.a")`, 2),
    {
      r: { v: 2 }
    }
  ),
  answers(
    "two paths of one column",
    api("Databases/Postgres/JsonbSpec.hs", "path"),
    `{ r: every_type_by_pk(id: 1) { a: jsonb(path: "a") b: jsonb(path: "b") } }`,
    {
      r: { a: "x", b: [1, null] }
    }
  ),
  answers(
    "a path in a variable",
    postgres("Instances/Schema.hs", "pgScalarSelectionArgumentsParser"),
    `query ($p: String) { r: every_type_by_pk(id: 1) { v: jsonb(path: $p) } }`,
    { r: { v: "x" } },
    { variables: `{"p": "$.a"}` }
  ),
  isNotPath("no text is not a path", jsonPath("many1"), ""),
  isNotPath("a digit does not begin a key", jsonPath("name"), "$.1"),
  isNotPath("two points", jsonPath("element"), "a..b"),
  isNotPath("a point at the end", jsonPath("element"), "$."),
  isNotPath("an open bracket", jsonPath("bracketElement"), "a["),
  isNotPath("an empty bracket", jsonPath("bracketElement"), "$[]"),
  isNotPath("a negative index", jsonPath("bracketElement"), "b[-1]"),
  isNotPath("a key with a blank", jsonPath("name"), "a key"),
  isNotPath("a star", jsonPath("name"), "$.*"),
  isNotPath("a quote that does not end", jsonPath("bracketElement"), "['a]"),
  refuses(
    "a path that is null",
    postgres("Instances/Schema.hs", "fieldOptional path"),
    select("jsonb(path: null)", 1),
    ["validation-failed", `${at}.args.path`, "expected a string for type 'String', but found null"]
  ),
  refuses(
    "a path that is a number",
    parser("Internal/Scalars.hs", "namedString"),
    select("jsonb(path: 1)", 1),
    [
      "validation-failed",
      `${at}.args.path`,
      "expected a string for type 'String', but found an integer"
    ]
  ),
  refuses(
    "a path that is a name",
    parser("Internal/Scalars.hs", "namedString"),
    select("jsonb(path: a)", 1),
    [
      "validation-failed",
      `${at}.args.path`,
      "expected a string for type 'String', but found an enum value"
    ]
  ),
  refuses(
    "another argument",
    parser("Internal/Parser.hs", "rawSelection"),
    select(`jsonb(key: "a")`, 1),
    ["validation-failed", at, "'jsonb' has no argument named 'key'"]
  ),
  refuses(
    "a path into a column that is not JSON",
    parser("Internal/Parser.hs", "rawSelection"),
    select(`text(path: "a")`, 1),
    [
      "validation-failed",
      "$.selectionSet.every_type_by_pk.selectionSet.text",
      "'text' has no argument named 'path'"
    ]
  ),

  finds(
    "_eq of an object, whatever the order of its keys",
    operators,
    `jsonb: {_eq: {a: "x", b: [1, null]}}`,
    [1]
  ),
  finds(
    "_eq of a string is a JSON string",
    postgres("SQL/Value.hs", "parsePGValue"),
    `jsonb: {_eq: "text"}`,
    [6]
  ),
  finds("_eq of a number", operators, "jsonb: {_eq: 0.50}", [7]),
  finds(
    "_eq of an object in a variable",
    python("graphql_validation", "json_column_value.yaml"),
    "jsonb: {_eq: $j}",
    [9],
    {
      declares: "($j: jsonb)",
      variables: `{"j": {"a key": "a \\"quote\\"", "a": {"a": 1.0}}}`
    }
  ),
  finds(
    "variables inside an object need no type",
    python("graphql_validation", "json_column_value.yaml"),
    "jsonb: {_contains: {a: $x}}",
    [1],
    {
      declares: "($x: Boolean)",
      variables: `{"x": "x"}`
    }
  ),
  refusesFilter(
    "null is not a value of jsonb",
    postgres("Instances/Schema.hs", "columnParser"),
    "jsonb: {_eq: null}",
    ["validation-failed", ".jsonb._eq", "unexpected null value for type 'jsonb'"]
  ),
  finds(
    "a string in a list that is JSON is that JSON",
    postgres("SQL/Value.hs", "buildArrayLiteral"),
    `jsonb: {_in: ["0.5", "{}", "text"]}`,
    [2, 6, 7]
  ),
  finds(
    "_contains",
    python("graphql_query/boolexp/jsonb", "select_article_author_jsonb_contains_latest.yaml"),
    "jsonb: {_contains: {b: [1]}}",
    [1]
  ),
  finds(
    "_contained_in",
    python("graphql_query/boolexp/jsonb", "select_article_author_jsonb_contained_in_latest.yaml"),
    `jsonb: {_contained_in: [1, "a", "text", 0.5, {c: true}]}`,
    [3, 5, 6, 7]
  ),
  finds(
    "_has_key",
    python("graphql_query/boolexp/jsonb", "select_product_jsonb_has_key_sim_type.yaml"),
    `jsonb: {_has_key: "a"}`,
    [1, 5, 9]
  ),
  finds(
    "_has_key: null finds nothing",
    postgres("Instances/Schema.hs", "nullableTextParser"),
    "jsonb: {_has_key: null}",
    []
  ),
  finds(
    "_has_keys_any",
    python(
      "graphql_query/boolexp/jsonb",
      "select_product_jsonb_has_keys_any_os_operating_system.yaml"
    ),
    `jsonb: {_has_keys_any: ["b", "a key"]}`,
    [1, 9]
  ),
  finds(
    "_has_keys_all",
    python("graphql_query/boolexp/jsonb", "select_product_jsonb_has_keys_all_ram_touchscreen.yaml"),
    `jsonb: {_has_keys_all: ["a", "a key"]}`,
    [9]
  ),
  refusesFilter(
    "_has_keys_all: null",
    parser("Internal/Input.hs", "list"),
    "jsonb: {_has_keys_all: null}",
    ["validation-failed", ".jsonb._has_keys_all", "expected a list, but found null"]
  ),
  finds(
    "_cast to text",
    python("graphql_query/boolexp/jsonb", "query_cast_jsonb_to_string.yaml"),
    `jsonb: {_cast: {String: {_like: "%quote%"}}}`,
    [9]
  ),
  refusesFilter("_cast: null", parser("Internal/Input.hs", "object"), "jsonb: {_cast: null}", [
    "validation-failed",
    ".jsonb._cast",
    "expected an object for type 'jsonb_cast_exp', but found null"
  ]),
  refusesFilter(
    "_cast to another type",
    parser("Internal/Input.hs", "object"),
    "jsonb: {_cast: {Int: {}}}",
    ["validation-failed", ".jsonb._cast.Int", "field 'Int' not found in type: 'jsonb_cast_exp'"]
  ),
  refusesFilter(
    "_cast of another column",
    python("graphql_query/boolexp/postgis", "query_illegal_cast_is_not_allowed.yaml"),
    "int: {_cast: {}}",
    ["validation-failed", ".int._cast", "field '_cast' not found in type: 'Int_comparison_exp'"]
  ),
  refusesFilter("json has no operators of jsonb", operators, "json: {_contains: {}}", [
    "validation-failed",
    ".json._contains",
    "field '_contains' not found in type: 'json_comparison_exp'"
  ])
]
