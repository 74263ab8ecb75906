import { answers, finds, type Row, refuses, refusesFilter } from "../support/row.js"
import { api, execute, parser, python } from "../support/sources.js"

const resolve = (what: string) => execute("Resolve.hs", what)
const typeCheck = (what: string) => parser("Internal/TypeChecking.hs", what)

const declared = (name: string, as: string, where: string) =>
  `variable '${name}' is declared as '${as}', but used where '${where}' is expected`

const id = "int: {_eq: $i}"

/**
 * Rows about variables: their definitions, their values, and the places in which they are allowed.
 */
export const variables: ReadonlyArray<Row> = [
  finds(
    "a variable with a value",
    api("Queries/VariablesAliasesFragments/VariablesSpec.hs", "variables"),
    id,
    [1, 8],
    {
      declares: "($i: Int)",
      variables: `{"i": 71}`
    }
  ),
  finds("a non-null variable where null may be", typeCheck("isVariableUsageAllowed"), id, [1, 8], {
    declares: "($i: Int!)",
    variables: `{"i": 71}`
  }),
  finds(
    "a default",
    api("Queries/VariablesAliasesFragments/VariablesSpec.hs", "default"),
    id,
    [1, 8],
    { declares: "($i: Int = 71)" }
  ),
  finds("a value instead of the default", resolve("buildVariable"), id, [7], {
    declares: "($i: Int = 71)",
    variables: `{"i": 42}`
  }),
  finds("a default of a non-null variable", resolve("buildVariable"), id, [1, 8], {
    declares: "($i: Int! = 71)"
  }),
  finds("a default may be of any kind, as a value may", resolve("buildVariable"), id, [1, 8], {
    declares: `($i: Int = "71")`
  }),
  finds(
    "text in a variable for an integer",
    python("graphql_query/offset", "select_query_article_string_offset.yaml"),
    id,
    [1, 8],
    {
      declares: "($i: Int)",
      variables: `{"i": "71"}`
    }
  ),
  finds(
    "a variable inside a list",
    parser("Internal/Input.hs", "list"),
    "int: {_in: [$i, 42]}",
    [1, 7, 8],
    {
      declares: "($i: Int!)",
      variables: `{"i": 71}`
    }
  ),
  finds(
    "a nullable variable with a default inside a list",
    typeCheck("hasNonNullDefault"),
    "int: {_in: [$i]}",
    [1, 8],
    { declares: "($i: Int = 71)" }
  ),
  finds("a list in a variable", parser("Internal/Input.hs", "list"), "int: {_in: $i}", [1, 7, 8], {
    declares: "($i: [Int!]!)",
    variables: `{"i": [71, 42]}`
  }),
  finds(
    "one value in a variable for a list",
    parser("Internal/Input.hs", "list"),
    "int: {_in: $i}",
    [1, 8],
    {
      declares: "($i: [Int!])",
      variables: `{"i": 71}`
    }
  ),
  finds(
    "a whole filter in a variable",
    parser("Internal/Input.hs", "object"),
    "_and: [$w]",
    [1, 8],
    {
      declares: "($w: every_type_bool_exp!)",
      variables: `{"w": {"int": {"_eq": 71}}}`
    }
  ),
  finds("a comparison in a variable", parser("Internal/Input.hs", "object"), "int: $c", [1, 8], {
    declares: "($c: Int_comparison_exp)",
    variables: `{"c": {"_eq": 71}}`
  }),
  finds(
    "one variable in two places",
    resolve("resolveVariable"),
    "int: {_eq: $i}, _or: [{int: {_gte: $i}}]",
    [1, 8],
    {
      declares: "($i: Int)",
      variables: `{"i": 71}`
    }
  ),
  answers(
    "a variable that is not used and has no value",
    resolve("isVariableValidationEnabled"),
    "query ($i: Int) { __typename }",
    {
      __typename: "query_root"
    }
  ),
  answers(
    "a variable that is not used may have a type that does not exist",
    resolve("buildVariable"),
    "query ($i: nonsense) { __typename }",
    {
      __typename: "query_root"
    }
  ),
  answers(
    "variables that are null",
    "server/src-lib/Hasura/GraphQL/Transport/HTTP/Protocol.hs: _grVariables",
    "{ __typename }",
    { __typename: "query_root" },
    {
      variables: "null"
    }
  ),

  // Types are compared by name.
  refusesFilter(
    "Int is not Float",
    python("graphql_validation", "variable_type_mismatch.yaml"),
    "real: {_eq: $i}",
    ["validation-failed", ".real._eq", declared("i", "Int", "Float")],
    {
      declares: "($i: Int)",
      variables: `{"i": 1}`
    }
  ),
  refusesFilter(
    "Int is not bigint",
    typeCheck("compareTypes"),
    "bigint: {_eq: $i}",
    ["validation-failed", ".bigint._eq", declared("i", "Int!", "bigint")],
    {
      declares: "($i: Int!)",
      variables: `{"i": 1}`
    }
  ),
  refusesFilter(
    "String is not uuid",
    typeCheck("compareTypes"),
    "uuid: {_eq: $i}",
    ["validation-failed", ".uuid._eq", declared("i", "String", "uuid")],
    {
      declares: "($i: String)",
      variables: `{"i": ""}`
    }
  ),
  refusesFilter(
    "a list is not a value",
    typeCheck("compareTypes"),
    id,
    ["validation-failed", ".int._eq", declared("i", "[Int!]", "Int")],
    {
      declares: "($i: [Int!])",
      variables: `{"i": [71]}`
    }
  ),
  refusesFilter(
    "a value is not a list",
    typeCheck("compareTypes"),
    "int: {_in: $i}",
    ["validation-failed", ".int._in", declared("i", "Int", "[Int!]")],
    {
      declares: "($i: Int)",
      variables: `{"i": 71}`
    }
  ),
  refusesFilter(
    "a list's elements must not be nullable",
    typeCheck("checkNull"),
    "int: {_in: $i}",
    ["validation-failed", ".int._in", declared("i", "[Int]!", "[Int!]")],
    {
      declares: "($i: [Int]!)",
      variables: `{"i": [71]}`
    }
  ),
  refusesFilter(
    "an element must not be nullable",
    typeCheck("isVariableUsageAllowed"),
    "int: {_in: [$i]}",
    ["validation-failed", ".int._in[0]", declared("i", "Int", "Int!")],
    {
      declares: "($i: Int)",
      variables: `{"i": 71}`
    }
  ),
  refusesFilter(
    "a default that is null does not help",
    typeCheck("hasNonNullDefault"),
    "int: {_in: [$i]}",
    ["validation-failed", ".int._in[0]", declared("i", "Int", "Int!")],
    {
      declares: "($i: Int = null)",
      variables: `{"i": 71}`
    }
  ),
  refusesFilter(
    "an element of _and must not be nullable",
    typeCheck("isVariableUsageAllowed"),
    "_and: [$w]",
    ["validation-failed", "._and[0]", declared("w", "every_type_bool_exp", "every_type_bool_exp!")],
    {
      declares: "($w: every_type_bool_exp)",
      variables: `{"w": {}}`
    }
  ),
  refuses(
    "a key must not be nullable",
    typeCheck("isVariableUsageAllowed"),
    "query ($i: Int) { every_type_by_pk(id: $i) { id } }",
    ["validation-failed", "$.selectionSet.every_type_by_pk.args.id", declared("i", "Int", "Int!")],
    { variables: `{"i": 1}` }
  ),

  // Values that are missing, null, or too many.
  refusesFilter(
    "a nullable variable without a value is null",
    resolve("DefaultUnboundNullableVariablesToNull"),
    id,
    ["validation-failed", ".int._eq", "unexpected null value for type 'Int'"],
    { declares: "($i: Int)" }
  ),
  refusesFilter(
    "a nullable variable that is null",
    python("graphql_validation", "null_variable_value.yaml"),
    id,
    ["validation-failed", ".int._eq", "unexpected null value for type 'Int'"],
    { declares: "($i: Int)", variables: `{"i": null}` }
  ),
  refusesFilter(
    "a default that is null",
    resolve("buildVariable"),
    id,
    ["validation-failed", ".int._eq", "unexpected null value for type 'Int'"],
    { declares: "($i: Int = null)" }
  ),
  refusesFilter(
    "null instead of the default",
    resolve("buildVariable"),
    id,
    ["validation-failed", ".int._eq", "unexpected null value for type 'Int'"],
    { declares: "($i: Int = 71)", variables: `{"i": null}` }
  ),
  refusesFilter(
    "a non-null variable without a value",
    resolve("buildVariable"),
    id,
    ["validation-failed", "$", 'expecting a value for non-nullable variable: "i"'],
    { declares: "($i: Int!)" }
  ),
  refuses(
    "a non-null variable without a value that is not used",
    resolve("buildVariable"),
    "query ($i: Int!) { __typename }",
    ["validation-failed", "$", 'expecting a value for non-nullable variable: "i"']
  ),
  refusesFilter(
    "a non-null variable that is null",
    python("graphql_validation", "null_variable_value.yaml"),
    id,
    ["validation-failed", "$", 'null value found for non-nullable type: "Int!"'],
    { declares: "($i: Int!)", variables: `{"i": null}` }
  ),
  refusesFilter(
    "a non-null variable that is null, with a default",
    python("graphql_validation", "null_variable_value.yaml"),
    id,
    ["validation-failed", "$", 'null value found for non-nullable type: "Int!"'],
    { declares: "($i: Int! = 1)", variables: `{"i": null}` }
  ),
  refuses(
    "a null list for a non-null variable shows its type",
    resolve("showGT"),
    "query ($i: [Int!]!) { every_type(where: {int: {_in: $i}}) { id } }",
    ["validation-failed", "$", 'null value found for non-nullable type: "[Int!]!"'],
    { variables: `{"i": null}` }
  ),
  refuses(
    "a value that is not declared",
    resolve("jsonVariableNames"),
    "{ __typename }",
    ["validation-failed", "$", "unexpected variables in variableValues: x"],
    { variables: `{"x": 1}` }
  ),
  refuses(
    "a value that is declared and not used",
    resolve("jsonVariableNames"),
    "query ($x: Int) { __typename }",
    ["validation-failed", "$", "unexpected variables in variableValues: x"],
    { variables: `{"x": null}` }
  ),
  answers(
    "a value that only a field that is left out uses",
    resolve("resolveVariable"),
    "query ($x: Int) { __typename every_type(limit: $x) @skip(if: true) { id } }",
    { __typename: "query_root" },
    {
      variables: `{"x": 1}`
    }
  ),
  refuses(
    "a value that only an unused fragment uses",
    execute("Inline.hs", "inlineSelectionSet"),
    "query ($x: Int) { __typename } fragment f on query_root { every_type(limit: $x) { id } }",
    ["validation-failed", "$", "unexpected variables in variableValues: x"],
    { variables: `{"x": 1}` }
  ),
  refuses(
    "a variable that is not declared",
    resolve("resolveVariable"),
    "{ every_type(limit: $x) { id } }",
    ["validation-failed", "$", 'unbound variable "x"']
  ),
  refuses(
    "a variable in a directive that is not declared",
    resolve("resolveVariable"),
    "query @cached(ttl: $x) { __typename }",
    ["validation-failed", "$", 'unbound variable "x"']
  ),
  refuses(
    "a variable that is declared twice",
    resolve("uniqueVariables"),
    "query ($x: Int, $x: Int) { __typename }",
    ["parse-failed", "$", 'multiple definitions for variable "x"']
  )
]
