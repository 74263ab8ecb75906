import { answers, type Row, refuses } from "../support/row.js"
import { parser, postgres, python, schema } from "../support/sources.js"

const introspect = (what: string) => schema("Introspect.hs", what)

const has = (name: string, source: string, query: string, data: unknown): Row =>
  answers(name, source, `{ ${query} }`, data)

const nonNull = (name: string) => ({ kind: "NON_NULL", name: null, ofType: { name } })
const condition = [{ name: "if", description: null, type: nonNull("Boolean"), defaultValue: null }]
const selections = ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"]

const type = "$.selectionSet.__type"
const refusesType = (
  name: string,
  source: string,
  field: string,
  path: string,
  message: string
): Row =>
  refuses(name, source, `{ __type(name: "every_type") { ${field} } }`, [
    "validation-failed",
    `${type}.selectionSet${path}`,
    message
  ])

/** Rows about `__schema` and `__type`. */
export const introspection: ReadonlyArray<Row> = [
  has(
    "the directives are include, skip and cached",
    parser("Directives.hs", "directivesInfo"),
    "__schema { directives { name description locations args { name description type { kind name ofType { name } } defaultValue } isRepeatable } }",
    {
      __schema: {
        directives: [
          {
            name: "include",
            description: "whether this query should be included",
            locations: selections,
            args: condition,
            isRepeatable: false
          },
          {
            name: "skip",
            description: "whether this query should be skipped",
            locations: selections,
            args: condition,
            isRepeatable: false
          },
          {
            name: "cached",
            description: "whether this query should be cached (Hasura Cloud only)",
            locations: ["QUERY"],
            args: [
              {
                name: "ttl",
                description: "measured in seconds",
                type: nonNull("Int"),
                defaultValue: "60"
              },
              {
                name: "refresh",
                description: "refresh the cache entry",
                type: nonNull("Boolean"),
                defaultValue: "false"
              }
            ],
            isRepeatable: false
          }
        ]
      }
    }
  ),
  has(
    "the kind of the root type",
    python("graphql_introspection", "introspection_only_kind_of_queryType.yaml"),
    "__schema { queryType { kind } }",
    {
      __schema: { queryType: { kind: "OBJECT" } }
    }
  ),
  has(
    "the name of the root type, and no description of the schema",
    introspect("schemaSet"),
    "s: __schema { queryType { name } mutationType { name } description }",
    {
      s: { queryType: { name: "query_root" }, mutationType: null, description: null }
    }
  ),
  has(
    "__typename in introspection",
    introspect("applyPrinter"),
    `__schema { __typename queryType { __typename } directives { __typename } } __type(name: "order_by") { enumValues { __typename } }`,
    {
      __schema: {
        __typename: "__Schema",
        queryType: { __typename: "__Type" },
        directives: Array.from({ length: 3 }, () => ({ __typename: "__Directive" }))
      },
      __type: { enumValues: Array.from({ length: 6 }, () => ({ __typename: "__EnumValue" })) }
    }
  ),
  has(
    "introspection and rows keep the order of the root fields",
    introspect("selectionSetToJSON"),
    `a: every_type_part_by_pk(id: 1) { id } b: __type(name: "Int") { kind } c: every_type_part_by_pk(id: 2) { id }`,
    {
      a: { id: 1 },
      b: { kind: "SCALAR" },
      c: { id: 2 }
    }
  ),
  has(
    "a type that does not exist is null",
    introspect("typeIntrospection"),
    `__type(name: "nothing") { name }`,
    { __type: null }
  ),
  has(
    "a type that cannot exist is null",
    introspect("typeIntrospection"),
    `__type(name: "a b") { name }`,
    { __type: null }
  ),
  has(
    "a scalar",
    introspect("typeField"),
    `__type(name: "bigint") { kind name description fields { name } inputFields { name } enumValues { name } interfaces { name } possibleTypes { name } ofType { name } }`,
    {
      __type: {
        kind: "SCALAR",
        name: "bigint",
        description: null,
        fields: null,
        inputFields: null,
        enumValues: null,
        interfaces: null,
        possibleTypes: null,
        ofType: null
      }
    }
  ),
  has(
    "an object has no interfaces",
    introspect("interfaces"),
    `__type(name: "every_type_part") { kind interfaces { name } possibleTypes { name } }`,
    {
      __type: { kind: "OBJECT", interfaces: [], possibleTypes: null }
    }
  ),
  has(
    "the columns of a table",
    schema("Select.hs", "fieldSelection"),
    `__type(name: "every_type_part") { fields { name type { kind name ofType { name } } } }`,
    {
      __type: {
        fields: [
          { name: "id", type: nonNull("Int") },
          { name: "whole_id", type: nonNull("Int") },
          { name: "rank", type: { kind: "SCALAR", name: "smallint", ofType: null } },
          { name: "flag", type: { kind: "SCALAR", name: "Boolean", ofType: null } },
          { name: "weight", type: { kind: "SCALAR", name: "float8", ofType: null } },
          { name: "whole", type: { kind: "OBJECT", name: "every_type", ofType: null } }
        ]
      }
    }
  ),
  has(
    "the directions of an order have descriptions",
    postgres("Instances/Schema.hs", "orderByOperators"),
    `__type(name: "order_by") { kind description enumValues { name description isDeprecated deprecationReason } }`,
    {
      __type: {
        kind: "ENUM",
        description: "column ordering options",
        enumValues: [
          ["asc", "in ascending order, nulls last"],
          ["asc_nulls_first", "in ascending order, nulls first"],
          ["asc_nulls_last", "in ascending order, nulls last"],
          ["desc", "in descending order, nulls first"],
          ["desc_nulls_first", "in descending order, nulls first"],
          ["desc_nulls_last", "in descending order, nulls last"]
        ].map(([name, description]) => ({
          name,
          description,
          isDeprecated: false,
          deprecationReason: null
        }))
      }
    }
  ),
  has(
    "the values of an enum table are described by its comments",
    python("graphql_query/enums", "introspect.yaml"),
    `__type(name: "every_type_kind_enum") { kind name enumValues { name description } }`,
    {
      __type: {
        kind: "ENUM",
        name: "every_type_kind_enum",
        enumValues: [
          { name: "desk", description: "A desk" },
          { name: "lounge", description: "A place without desks" },
          { name: "meeting_room", description: "A room with a door" }
        ]
      }
    }
  ),
  has(
    "the columns that can be selected",
    schema("Table.hs", "tableSelectColumnsEnum"),
    `__type(name: "every_type_part_select_column") { description enumValues { name description } }`,
    {
      __type: {
        description: `select columns of table "every_type_part"`,
        enumValues: ["id", "whole_id", "rank", "flag", "weight"].map((name) => ({
          name,
          description: "column name"
        }))
      }
    }
  ),
  has(
    "the arguments of a field are in the order of their names",
    introspect("args"),
    `__type(name: "every_type") { fields { name args { name description type { kind name ofType { kind } } defaultValue } } }`.replace(
      "every_type",
      "every_type_part_aggregate_fields"
    ),
    {
      __type: {
        fields: [
          {
            name: "count",
            args: [
              {
                name: "columns",
                description: null,
                type: { kind: "LIST", name: null, ofType: { kind: "NON_NULL" } },
                defaultValue: null
              },
              {
                name: "distinct",
                description: null,
                type: { kind: "SCALAR", name: "Boolean", ofType: null },
                defaultValue: null
              }
            ]
          },
          ...[
            "avg",
            "max",
            "min",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "sum",
            "var_pop",
            "var_samp",
            "variance"
          ].map((name) => ({ name, args: [] }))
        ]
      }
    }
  ),
  has(
    "numbers other than sums are Float",
    schema("Select.hs", "mkNumericAggFields"),
    `avg: __type(name: "every_type_part_avg_fields") { fields { name type { name } } } sum: __type(name: "every_type_part_sum_fields") { fields { name type { name } } }`,
    {
      avg: {
        fields: ["id", "whole_id", "rank", "weight"].map((name) => ({
          name,
          type: { name: "Float" }
        }))
      },
      sum: {
        fields: [
          ["id", "Int"],
          ["whole_id", "Int"],
          ["rank", "smallint"],
          ["weight", "float8"]
        ].map(([name, type]) => ({ name, type: { name: type } }))
      }
    }
  ),
  has(
    "the functions in filters by related rows",
    schema("BoolExp/AggregationPredicates.hs", "relAggregateField"),
    `__type(name: "every_type_part_aggregate_bool_exp") { kind inputFields { name type { name } } }`,
    {
      __type: {
        kind: "INPUT_OBJECT",
        inputFields: [
          "avg",
          "bool_and",
          "bool_or",
          "count",
          "max",
          "min",
          "sum",
          "corr",
          "covar_samp",
          "stddev_samp",
          "var_samp"
        ].map((name) => ({ name, type: { name: `every_type_part_aggregate_bool_exp_${name}` } }))
      }
    }
  ),
  has(
    "operators have descriptions",
    postgres("Instances/Schema.hs", "comparisonExps"),
    `__type(name: "jsonb_comparison_exp") { description inputFields { name description } }`,
    {
      __type: {
        description: `Boolean expression to compare columns of type "jsonb". All fields are combined with logical 'AND'.`,
        inputFields: [
          ["_cast", null],
          ["_is_null", null],
          ["_eq", null],
          ["_neq", null],
          ["_in", null],
          ["_nin", null],
          ["_gt", null],
          ["_lt", null],
          ["_gte", null],
          ["_lte", null],
          ["_contains", "does the column contain the given json value at the top level"],
          ["_contained_in", "is the column contained in the given json value"],
          ["_has_key", "does the string exist as a top-level key in the column"],
          ["_has_keys_any", "do any of these strings exist as top-level keys in the column"],
          ["_has_keys_all", "do all of these strings exist as top-level keys in the column"]
        ].map(([name, description]) => ({ name, description }))
      }
    }
  ),
  has(
    "introspection declares its own types loosely",
    introspect("typeField"),
    `__type(name: "__Field") { kind fields { name type { kind name ofType { name } } args { name } } }`,
    {
      __type: {
        kind: "OBJECT",
        fields: [
          { name: "name", type: nonNull("String"), args: [] },
          { name: "description", type: nonNull("String"), args: [] },
          { name: "args", type: { kind: "OBJECT", name: "__InputValue", ofType: null }, args: [] },
          { name: "type", type: { kind: "OBJECT", name: "__Type", ofType: null }, args: [] },
          { name: "isDeprecated", type: nonNull("String"), args: [] },
          { name: "deprecationReason", type: nonNull("String"), args: [] }
        ]
      }
    }
  ),
  has(
    "the type of directives' locations does not exist",
    introspect("directiveSet"),
    `__type(name: "__DirectiveLocation") { name }`,
    { __type: null }
  ),
  answers(
    "a type's name in a variable",
    introspect("nameArg"),
    "query ($n: String!) { __type(name: $n) { name } }",
    { __type: { name: "jsonb" } },
    { variables: `{"n": "jsonb"}` }
  ),
  answers(
    "includeDeprecated in a variable, and null",
    introspect("includeDeprecated"),
    `query ($d: Boolean) { __type(name: "order_by") { fields(includeDeprecated: null) { name } enumValues(includeDeprecated: $d) { __typename } } }`,
    {
      __type: {
        fields: null,
        enumValues: Array.from({ length: 6 }, () => ({ __typename: "__EnumValue" }))
      }
    }
  ),
  refuses("__type without a name", parser("Internal/Input.hs", "field"), "{ __type { name } }", [
    "validation-failed",
    `${type}.args.name`,
    "missing required field 'name'"
  ]),
  refuses(
    "__type with a name that is null",
    parser("Internal/Scalars.hs", "namedString"),
    "{ __type(name: null) { name } }",
    [
      "validation-failed",
      `${type}.args.name`,
      "expected a string for type 'String', but found null"
    ]
  ),
  refuses(
    "__schema with an argument",
    parser("Internal/Parser.hs", "rawSubselection"),
    "{ __schema(a: 1) { __typename } }",
    ["validation-failed", "$.selectionSet.__schema", "'__schema' has no argument named 'a'"]
  ),
  refuses(
    "__schema without a selection",
    parser("Internal/Parser.hs", "selectionSetObject"),
    "{ __schema }",
    [
      "validation-failed",
      "$.selectionSet.__schema.selectionSet",
      "missing selection set for '__Schema'"
    ]
  ),
  refusesType(
    "later fields of the specification do not exist",
    introspect("typeField"),
    "specifiedByURL",
    ".specifiedByURL",
    "field 'specifiedByURL' not found in type: '__Type'"
  ),
  refusesType(
    "isOneOf does not exist",
    introspect("typeField"),
    "isOneOf",
    ".isOneOf",
    "field 'isOneOf' not found in type: '__Type'"
  ),
  refusesType(
    "arguments are not deprecated",
    introspect("fieldField"),
    "fields { args(includeDeprecated: true) { name } }",
    ".fields.selectionSet.args",
    "'args' has no argument named 'includeDeprecated'"
  ),
  refusesType(
    "fields of input objects are not deprecated",
    introspect("inputFields"),
    "inputFields(includeDeprecated: true) { name }",
    ".inputFields",
    "'inputFields' has no argument named 'includeDeprecated'"
  ),
  refusesType(
    "an argument's deprecation does not exist",
    introspect("inputValue"),
    "fields { args { isDeprecated } }",
    ".fields.selectionSet.args.selectionSet.isDeprecated",
    "field 'isDeprecated' not found in type: '__InputValue'"
  ),
  refusesType(
    "includeDeprecated of text",
    parser("Internal/Scalars.hs", "namedBoolean"),
    `fields(includeDeprecated: "true") { name }`,
    ".fields.args.includeDeprecated",
    "expected a boolean for type 'Boolean', but found a string"
  ),
  refusesType(
    "a leaf of introspection with a selection",
    parser("Internal/Parser.hs", "rawSelection"),
    "name { x }",
    ".name",
    "unexpected subselection set for non-object field"
  ),
  refusesType(
    "introspection in a row does not exist",
    schema("Introspect.hs", "schema"),
    "__schema { __typename }",
    ".__schema",
    "field '__schema' not found in type: '__Type'"
  )
]
