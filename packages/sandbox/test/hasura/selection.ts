import { answers, type Row, refuses } from "../support/row.js"
import { api, parser, python, schema } from "../support/sources.js"

const collect = (what: string) => parser("Collect.hs", what)
const directives = (what: string) => parser("Directives.hs", what)
const selectionSet = parser("Internal/Parser.hs", "selectionSetObject")

const part = "$.selectionSet.every_type_part_by_pk"
const one = (selection: string, declares = "") =>
  `query ${declares} { r: every_type_part_by_pk(id: 1) ${selection} }`

const refusesPart = (
  name: string,
  source: string,
  selection: string,
  path: string,
  message: string,
  { declares, variables }: { readonly declares?: string; readonly variables?: string } = {}
): Row =>
  refuses(
    name,
    source,
    one(selection, declares),
    ["validation-failed", part + path, message],
    variables === undefined ? {} : { variables }
  )

const has = (
  name: string,
  source: string,
  selection: string,
  r: unknown,
  { declares, variables }: { readonly declares?: string; readonly variables?: string } = {}
): Row =>
  answers(
    name,
    source,
    one(selection, declares),
    { r },
    variables === undefined ? {} : { variables }
  )

/** Rows about selections: names, aliases, fragments and directives. */
export const selection: ReadonlyArray<Row> = [
  has("fields come in their order", selectionSet, "{ weight id rank }", {
    weight: 1.5,
    id: 1,
    rank: 1
  }),
  has(
    "an alias renames a field",
    api("Queries/VariablesAliasesFragments/AliasesSpec.hs", "alias"),
    "{ a: id b: id }",
    { a: 1, b: 1 }
  ),
  has("the same field twice is one field", collect("mergeFields"), "{ id id }", { id: 1 }),
  has(
    "selections of the same field are merged",
    collect("mergeFields"),
    "{ whole { id } whole { int } }",
    {
      whole: { id: 1, int: 71 }
    }
  ),
  has("__typename of a row", selectionSet, "{ __typename whole { t: __typename } }", {
    __typename: "every_type_part",
    whole: { t: "every_type" }
  }),
  answers(
    "__typename at the root",
    python("graphql_introspection/disable_introspection", "disable_introspection.yaml"),
    "{ __typename t: __typename }",
    {
      __typename: "query_root",
      t: "query_root"
    }
  ),
  answers(
    "__typename everywhere in an aggregate",
    selectionSet,
    "{ r: every_type_part_aggregate { __typename aggregate { __typename count max { __typename } } nodes { __typename } } }",
    {
      r: {
        __typename: "every_type_part_aggregate",
        aggregate: {
          __typename: "every_type_part_aggregate_fields",
          count: 6,
          max: { __typename: "every_type_part_max_fields" }
        },
        nodes: Array.from({ length: 6 }, () => ({ __typename: "every_type_part" }))
      }
    }
  ),
  has("__typename takes whatever is said of it", selectionSet, "{ __typename(nope: 1) { nope } }", {
    __typename: "every_type_part"
  }),
  answers(
    "a key without a row is null",
    api("Queries/Simple/PrimaryKeySpec.hs", "no row"),
    "{ r: every_type_part_by_pk(id: 99) { id } }",
    {
      r: null
    }
  ),
  answers(
    "related rows have arguments of their own",
    schema("Select.hs", "relationshipField"),
    "{ r: every_type_by_pk(id: 2) { parts(order_by: {id: desc}, limit: 1) { id } } }",
    {
      r: { parts: [{ id: 5 }] }
    }
  ),
  refusesPart(
    "an unknown field",
    selectionSet,
    "{ nope }",
    ".selectionSet.nope",
    "field 'nope' not found in type: 'every_type_part'"
  ),
  refusesPart(
    "an unknown field with an alias has its own name",
    selectionSet,
    "{ id: nope }",
    ".selectionSet.nope",
    "field 'nope' not found in type: 'every_type_part'"
  ),
  refuses(
    "an unknown root field",
    python("graphql_query/basic", "select_placeholder_err.yaml"),
    "{ no_queries_available }",
    [
      "validation-failed",
      "$.selectionSet.no_queries_available",
      "field 'no_queries_available' not found in type: 'query_root'"
    ]
  ),
  refusesPart(
    "a row without a selection",
    selectionSet,
    "",
    ".selectionSet",
    "missing selection set for 'every_type_part'"
  ),
  refusesPart(
    "a column with a selection",
    parser("Internal/Parser.hs", "rawSelection"),
    "{ id { nope } }",
    ".selectionSet.id",
    "unexpected subselection set for non-object field"
  ),
  refusesPart(
    "a column with an argument",
    parser("Internal/Parser.hs", "rawSelection"),
    "{ id(nope: 1) }",
    ".selectionSet.id",
    "'id' has no argument named 'nope'"
  ),
  refusesPart(
    "an object relationship with an argument",
    parser("Internal/Parser.hs", "rawSubselection"),
    "{ whole(limit: 1) { id } }",
    ".selectionSet.whole",
    "'whole' has no argument named 'limit'"
  ),
  refusesPart(
    "arguments are checked before the selection",
    parser("Internal/Parser.hs", "rawSubselection"),
    "{ whole { parts(limit: -1) { nope } } }",
    ".selectionSet.whole.selectionSet.parts.args.limit",
    "expected a non-negative 32-bit integer for type 'Int', but found an integer"
  ),
  refuses(
    "an unknown argument of a table",
    parser("Internal/Parser.hs", "rawSubselection"),
    "{ every_type(first: 1) { id } }",
    ["validation-failed", "$.selectionSet.every_type", "'every_type' has no argument named 'first'"]
  ),
  refuses(
    "a key without its column",
    parser("Internal/Input.hs", "field"),
    "{ every_type_by_pk { id } }",
    ["validation-failed", "$.selectionSet.every_type_by_pk.args.id", "missing required field 'id'"]
  ),
  refuses(
    "a key that is null",
    schema("Select.hs", "selectTableByPk"),
    "{ every_type_by_pk(id: null) { id } }",
    [
      "validation-failed",
      "$.selectionSet.every_type_by_pk.args.id",
      "unexpected null value for type 'Int'"
    ]
  ),

  // Several fields with the same name.
  refusesPart(
    "two fields cannot have one name",
    collect("mergeField"),
    "{ a: id a: rank }",
    ".selectionSet",
    "selection of both 'id' and 'rank' specify the same response name, 'a'"
  ),
  refusesPart(
    "an alias cannot be another field's name",
    collect("mergeField"),
    "{ rank: id rank }",
    ".selectionSet",
    "selection of both 'id' and 'rank' specify the same response name, 'rank'"
  ),
  refuses(
    "one field cannot have two arguments",
    collect("mergeField"),
    `{ every_type_by_pk(id: 1) { jsonb(path: "a") jsonb } }`,
    [
      "validation-failed",
      "$.selectionSet.every_type_by_pk.selectionSet",
      "inconsistent arguments between multiple selections of field 'jsonb'"
    ]
  ),
  refuses(
    "root fields of one name must have the same arguments",
    collect("mergeField"),
    "{ every_type_by_pk(id: 1) { id } every_type_by_pk(id: 2) { id } }",
    [
      "validation-failed",
      "$.selectionSet",
      "inconsistent arguments between multiple selections of field 'every_type_by_pk'"
    ]
  ),
  answers(
    "the order of arguments does not count",
    collect("mergeField, on a HashMap"),
    "{ r: every_type_part(limit: 1, where: {id: {_gt: 1}, rank: {}}, order_by: {id: asc}) { id } r: every_type_part(order_by: {id: asc}, where: {rank: {}, id: {_gt: 1}}, limit: 1) { rank } }",
    {
      r: [{ id: 2, rank: 1 }]
    }
  ),
  has(
    "a field that is left out does not conflict",
    collect("flattenSelectionSet"),
    "{ a: id a: rank @skip(if: true) }",
    { a: 1 }
  ),

  // Fragments.
  answers(
    "a fragment",
    api("Queries/VariablesAliasesFragments/FragmentsSpec.hs", "fragment"),
    "{ r: every_type_part_by_pk(id: 1) { ...f } } fragment f on every_type_part { id }",
    {
      r: { id: 1 }
    }
  ),
  answers(
    "a fragment with a variable",
    python("graphql_query/basic", "select_query_fragment_with_variable.yaml"),
    "query ($n: Int) { r: every_type_by_pk(id: 2) { ...f } } fragment f on every_type { parts(limit: $n, order_by: {id: asc}) { id } }",
    {
      r: { parts: [{ id: 3 }] }
    },
    { variables: `{"n": 1}` }
  ),
  answers(
    "a fragment at the root",
    python("graphql_query/basic", "select_query_top_level_fragment.yaml"),
    "{ ...f } fragment f on query_root { r: every_type_part_by_pk(id: 1) { id } }",
    {
      r: { id: 1 }
    }
  ),
  has("a fragment without a type", collect("flattenSelection"), "{ ... { id } }", { id: 1 }),
  has(
    "a fragment of another type is left out",
    collect("flattenSelection"),
    "{ id ... on every_type { nope } }",
    { id: 1 }
  ),
  has(
    "a fragment of a type that does not exist is left out",
    collect("flattenSelection"),
    "{ id ... on nothing { nope } }",
    { id: 1 }
  ),
  refusesPart(
    "fragments may leave nothing selected, but names are checked",
    collect("flattenSelection"),
    "{ ... on every_type_part { nope } }",
    ".selectionSet.nope",
    "field 'nope' not found in type: 'every_type_part'"
  ),
  has(
    "all fields may be left out",
    collect("flattenSelection"),
    "{ ... on every_type { id } }",
    {}
  ),

  // Directives.
  has(
    "@skip",
    api("Queries/VariablesAliasesFragments/Directives/SkipSpec.hs", "skip"),
    "{ id rank @skip(if: true) weight @skip(if: false) }",
    { id: 1, weight: 1.5 }
  ),
  has(
    "@include",
    api("Queries/VariablesAliasesFragments/Directives/IncludeSpec.hs", "include"),
    "{ id rank @include(if: false) weight @include(if: true) }",
    { id: 1, weight: 1.5 }
  ),
  has(
    "both directives must include a field",
    api("Queries/VariablesAliasesFragments/Directives/IncludeAndSkipSpec.hs", "both"),
    "{ id rank @include(if: true) @skip(if: true) weight @include(if: true) @skip(if: false) }",
    { id: 1, weight: 1.5 }
  ),
  has(
    "a variable in a directive",
    api("Queries/VariablesAliasesFragments/Directives/IncludeAndSkipSpec.hs", "variables"),
    "{ id rank @skip(if: $s) }",
    { id: 1 },
    {
      declares: "($s: Boolean!)",
      variables: `{"s": true}`
    }
  ),
  has(
    "a default of a variable in a directive",
    parser("Internal/TypeChecking.hs", "hasNonNullDefault"),
    "{ id rank @include(if: $s) }",
    { id: 1 },
    {
      declares: "($s: Boolean = false)"
    }
  ),
  has(
    "a directive of an inline fragment",
    collect("applyInclusionDirectives"),
    "{ id ... @include(if: false) { nope } }",
    { id: 1 }
  ),
  answers(
    "a directive of a spread",
    "server/src-lib/Hasura/GraphQL/Execute/Inline.hs: addSpreadDirectives",
    "{ r: every_type_part_by_pk(id: 1) { id ...f @skip(if: true) } } fragment f on every_type_part { nope }",
    {
      r: { id: 1 }
    }
  ),
  answers(
    "directives of a fragment's definition are not checked",
    "server/src-lib/Hasura/GraphQL/Execute/Inline.hs: inlineFragmentSpread",
    "{ r: every_type_part_by_pk(id: 1) { ...f } } fragment f on every_type_part @nope { id }",
    {
      r: { id: 1 }
    }
  ),
  answers(
    "a root field can be left out",
    collect("flattenSelectionSet"),
    "{ __typename nope @skip(if: true) }",
    { __typename: "query_root" }
  ),
  answers(
    "@cached",
    directives("cachedDirective"),
    "query @cached(ttl: 120, refresh: true) { __typename }",
    { __typename: "query_root" }
  ),
  answers(
    "@cached with its defaults",
    directives("cachedDirective"),
    "query a @cached { __typename }",
    { __typename: "query_root" }
  ),
  refusesPart(
    "a directive that does not exist",
    api("Queries/VariablesAliasesFragments/Directives/DirectivesSpec.hs", "unknown"),
    "{ id @exclude(if: true) rank }",
    ".selectionSet",
    "directive 'exclude' is not defined in the schema"
  ),
  refusesPart(
    "graphql-js's directives do not exist",
    directives("allDirectives"),
    "{ id @deprecated }",
    ".selectionSet",
    "directive 'deprecated' is not defined in the schema"
  ),
  refusesPart(
    "a directive twice",
    api("Queries/VariablesAliasesFragments/Directives/DirectivesSpec.hs", "duplicate"),
    "{ id @include(if: true) @include(if: true) rank }",
    ".selectionSet",
    "the following directives are used more than once: ['include']"
  ),
  refuses(
    "@include of an operation",
    api("Queries/VariablesAliasesFragments/Directives/DirectivesSpec.hs", "wrong element"),
    "query @include(if: true) { __typename }",
    ["validation-failed", "$", "directive 'include' is not allowed on a query"]
  ),
  refuses(
    "a directive of an operation that does not exist",
    directives("parseDirectives"),
    "query @live { __typename }",
    ["validation-failed", "$", "directive 'live' is not defined in the schema"]
  ),
  refuses("@cached twice", directives("parseDirectives"), "query @cached @cached { __typename }", [
    "validation-failed",
    "$",
    "the following directives are used more than once: ['cached']"
  ]),
  refusesPart(
    "@cached of a field",
    directives("parseDirectives"),
    "{ id @cached }",
    ".selectionSet",
    "directive 'cached' is not allowed on a field"
  ),
  refusesPart(
    "a directive of an inline fragment that is for operations",
    directives("parseDirectives"),
    "{ ... @cached { id } }",
    ".selectionSet",
    "directive 'cached' is not allowed on an inline fragment"
  ),
  refusesPart(
    "@skip without its argument",
    parser("Internal/Input.hs", "field"),
    "{ id @skip }",
    ".selectionSet.skip.args.if",
    "missing required field 'if'"
  ),
  refusesPart(
    "@skip with another argument",
    directives("mkDirective"),
    "{ id @skip(if: true, unless: 1) }",
    ".selectionSet.skip",
    "'skip' has no argument named 'unless'"
  ),
  refusesPart(
    "@skip(if: null)",
    parser("Internal/Scalars.hs", "namedBoolean"),
    "{ id @skip(if: null) }",
    ".selectionSet.skip.args.if",
    "expected a boolean for type 'Boolean', but found null"
  ),
  refusesPart(
    "@include of text",
    parser("Internal/Scalars.hs", "namedBoolean"),
    `{ id @include(if: "true") }`,
    ".selectionSet.include.args.if",
    "expected a boolean for type 'Boolean', but found a string"
  ),
  refusesPart(
    "a variable of a directive must not be nullable",
    parser("Internal/TypeChecking.hs", "isVariableUsageAllowed"),
    "{ id @skip(if: $s) }",
    ".selectionSet.skip.args.if",
    "variable 's' is declared as 'Boolean', but used where 'Boolean!' is expected",
    {
      declares: "($s: Boolean)",
      variables: `{"s": true}`
    }
  ),
  refuses(
    "@cached with a time that is not a number",
    directives("ttlArgument"),
    `query @cached(ttl: "60") { __typename }`,
    [
      "validation-failed",
      "$.cached.args.ttl",
      "expected a 32-bit integer for type 'Int', but found a string"
    ]
  ),
  refuses(
    "@cached with another argument",
    directives("mkDirective"),
    "query @cached(for: 60) { __typename }",
    ["validation-failed", "$.cached", "'cached' has no argument named 'for'"]
  ),
  refuses(
    "fields are checked before the operation's directives",
    "server/src-lib/Hasura/GraphQL/Execute/Query.hs: convertQuerySelSet",
    "query @live { nope }",
    ["validation-failed", "$.selectionSet.nope", "field 'nope' not found in type: 'query_root'"]
  )
]
