import { answers, type Row, refuses } from "../support/row.js"
import { api, execute, grammar, python, server } from "../support/sources.js"

const single = server("GraphQL/Transport/HTTP/Protocol.hs", "getSingleOperation")
const inline = (what: string) => execute("Inline.hs", what)

const invalid = (name: string, source: string, query: string): Row =>
  refuses(name, source, query, ["validation-failed", "$.query", "not a valid graphql query"])

const onlyOne =
  "exactly one operation has to be present in the document when operationName is not specified"

/** Rows about documents: their grammar, operations and fragments. */
export const documents: ReadonlyArray<Row> = [
  invalid(
    "a document that does not end",
    api("Queries/Errors/InvalidQuerySpec.hs", "invalid"),
    "{ every_type { id }"
  ),
  invalid("a document of nothing", grammar("Parser.hs", "many1"), ""),
  invalid("a document of blanks and a comment", grammar("Parser.hs", "many1"), " # nothing\n"),
  invalid("an empty selection", grammar("Parser.hs", "selectionSet"), "{ every_type { } }"),
  invalid("empty arguments", grammar("Parser.hs", "arguments"), "{ every_type() { id } }"),
  invalid(
    "an argument twice",
    grammar("Parser.hs", "objectFields"),
    "{ every_type(limit: 1, limit: 1) { id } }"
  ),
  invalid(
    "a field of an object twice",
    grammar("Parser.hs", "objectFields"),
    "{ every_type(where: {id: {}, id: {}}) { id } }"
  ),
  invalid(
    "a field of a nested object twice",
    grammar("Parser.hs", "objectFields"),
    "{ every_type(where: {id: {_eq: 1, _eq: 1}}) { id } }"
  ),
  invalid(
    "an argument of a directive twice",
    grammar("Parser.hs", "objectFields"),
    "{ __typename @skip(if: true, if: true) }"
  ),
  invalid(
    "no variables between parentheses",
    grammar("Parser.hs", "variableDefinitions"),
    "query () { __typename }"
  ),
  invalid(
    "a directive of a variable's definition",
    grammar("Parser.hs", "variableDefinition"),
    "query ($x: Int @nope) { __typename }"
  ),
  invalid(
    "a variable as a default",
    grammar("Parser.hs", "defaultValue"),
    "query ($x: Int, $y: Int = $x) { __typename }"
  ),
  invalid(
    "a definition of a type",
    grammar("Parser.hs", "definitionExecutable"),
    "{ __typename } type t { id: Int }"
  ),
  answers("commas are blanks", grammar("Parser.hs", "isSpaceLike"), "{,__typename,,}", {
    __typename: "query_root"
  }),
  answers(
    "a block string",
    grammar("Parser.hs", "blockString"),
    `{ r: every_type(where: {text: {_eq: """Meeting Room"""}}, limit: 1) { text } }`,
    {
      r: [{ text: "Meeting Room" }]
    }
  ),
  answers(
    "an escape in a string",
    grammar("Parser.hs", "stringLiteral"),
    `{ r: every_type(where: {text: {_eq: "Z\\u00fcrich"}}, limit: 1) { text } }`,
    {
      r: [{ text: "Zürich" }]
    }
  ),

  // Operations.
  answers(
    "a name chooses the operation",
    api("Queries/Simple/OperationNameSpec.hs", "operationName"),
    "query a { nope } query b { __typename }",
    { __typename: "query_root" },
    {
      operationName: "b"
    }
  ),
  answers(
    "a name for the only operation",
    single,
    "query a { __typename }",
    { __typename: "query_root" },
    { operationName: "a" }
  ),
  answers(
    "of two operations of one name, the first",
    single,
    "query a { __typename } query a { nope }",
    { __typename: "query_root" },
    {
      operationName: "a"
    }
  ),
  refuses("two operations and no name", single, "query a { __typename } query b { __typename }", [
    "validation-failed",
    "$",
    onlyOne
  ]),
  refuses("two operations without names", single, "{ __typename } { __typename }", [
    "validation-failed",
    "$",
    onlyOne
  ]),
  refuses("no operation at all", single, "fragment f on every_type { id }", [
    "validation-failed",
    "$",
    onlyOne
  ]),
  refuses(
    "a name that no operation has",
    single,
    "query a { __typename }",
    ["validation-failed", "$", 'no such operation found in the document: "b"'],
    {
      operationName: "b"
    }
  ),
  refuses(
    "a name, with only an unnamed `query`",
    single,
    "query { __typename }",
    ["validation-failed", "$", 'no such operation found in the document: "b"'],
    {
      operationName: "b"
    }
  ),
  refuses(
    "a name next to an anonymous operation",
    single,
    "{ __typename } query a { __typename }",
    [
      "validation-failed",
      "$",
      "operationName cannot be used when an anonymous operation exists in the document"
    ],
    { operationName: "a" }
  ),
  refuses(
    "a mutation",
    execute("Mutation.hs", "no mutations exist"),
    "mutation { insert_every_type { nope } }",
    ["validation-failed", "$", "no mutations exist"]
  ),
  refuses(
    "a mutation is refused before its variables",
    execute("Mutation.hs", "no mutations exist"),
    "mutation ($x: Int!) { nope(x: $x) }",
    ["validation-failed", "$", "no mutations exist"]
  ),
  refuses(
    "a subscription",
    server("GraphQL/Transport/HTTP.hs", "SubscriptionExecutionPlan"),
    "subscription { every_type { id } }",
    ["unexpected-payload", "$", "subscriptions are not supported over HTTP, use websockets instead"]
  ),
  refuses(
    "a subscription's fields are checked first",
    server("GraphQL/Execute.hs", "getResolvedExecPlan"),
    "subscription { nope { id } }",
    [
      "validation-failed",
      "$.selectionSet.nope",
      "field 'nope' not found in type: 'subscription_root'"
    ]
  ),
  refuses(
    "a subscription of two fields",
    server("GraphQL/Execute.hs", "getResolvedExecPlan"),
    "subscription { a: every_type { id } b: every_type { id } }",
    ["validation-failed", "$", "subscriptions must select one top level field"]
  ),
  refuses(
    "a subscription of __typename",
    server("GraphQL/Execute.hs", "buildSubscriptionPlan"),
    "subscription { __typename }",
    ["not-supported", "$", "Introspection at root field level is not supported over subscriptions"]
  ),
  refuses(
    "a directive that is not for subscriptions",
    server("GraphQL/Execute.hs", "getResolvedExecPlan"),
    "subscription @cached { every_type { id } }",
    ["validation-failed", "$", "directive 'cached' is not allowed on a subscription"]
  ),

  // Fragments.
  answers(
    "an unused fragment is not checked",
    inline("isFragmentValidationEnabled"),
    "{ __typename } fragment f on nothing { nope ...g }",
    {
      __typename: "query_root"
    }
  ),
  refuses(
    "a fragment that does not exist",
    inline("inlineFragmentSpread"),
    "{ every_type { ...f } }",
    [
      "validation-failed",
      "$.selectionSet.every_type.selectionSet",
      'reference to undefined fragment "f"'
    ]
  ),
  refuses(
    "a fragment that does not exist at the root",
    inline("inlineFragmentSpread"),
    "{ ...f }",
    ["validation-failed", "$.selectionSet", 'reference to undefined fragment "f"']
  ),
  refuses(
    "a fragment that does not exist in a fragment",
    inline("inlineFragmentSpread"),
    "{ every_type { ...f } } fragment f on every_type { parts { ...g } }",
    [
      "validation-failed",
      "$.selectionSet.every_type.selectionSet.f.selectionSet.parts.selectionSet",
      'reference to undefined fragment "g"'
    ]
  ),
  refuses(
    "a fragment that does not exist is found before anything else",
    inline("inlineSelectionSet"),
    "query ($x: Int!) { nope ...f }",
    ["validation-failed", "$.selectionSet", 'reference to undefined fragment "f"']
  ),
  refuses(
    "a fragment that contains itself",
    inline("inlineFragmentSpread"),
    "{ every_type { ...f } } fragment f on every_type { ...f }",
    [
      "validation-failed",
      "$.selectionSet.every_type.selectionSet.f.selectionSet",
      "the fragment definition(s) f form a cycle"
    ]
  ),
  refuses(
    "two fragments that contain each other",
    python("graphql_query/basic", "select_query_fragment_cycles.yaml"),
    "{ every_type { ...f } } fragment f on every_type { parts { ...g } } fragment g on every_type_part { whole { ...f } }",
    [
      "validation-failed",
      "$.selectionSet.every_type.selectionSet.f.selectionSet.parts.selectionSet.g.selectionSet.whole.selectionSet",
      "the fragment definition(s) f and g form a cycle"
    ]
  ),
  refuses(
    "three fragments that contain each other",
    inline("englishList"),
    "{ ...f } fragment f on query_root { ...g } fragment g on query_root { ...h } fragment h on query_root { ...f }",
    [
      "validation-failed",
      "$.selectionSet.f.selectionSet.g.selectionSet.h.selectionSet",
      "the fragment definition(s) f, g, and h form a cycle"
    ]
  ),
  refuses(
    "two fragments of one name",
    inline("uniqueFragmentDefinitions"),
    "{ __typename } fragment f on query_root { __typename } fragment f on query_root { __typename }",
    ["parse-failed", "$", 'multiple definitions for fragment "f"']
  )
]
