import { type Row, refusal } from "../support/row.js"
import { aeson, python, server } from "../support/sources.js"

const protocol = (what: string) => server("GraphQL/Transport/HTTP/Protocol.hs", what)
const decoding = aeson("Decoding/ByteString/Lazy.hs", "lbsToTokens")
const request = "parsing Hasura.GraphQL.Transport.HTTP.Protocol.GQLReq(GQLReq) failed"

const row = (name: string, source: string, body: string, answer: unknown): Row => ({
  name,
  source,
  body,
  answer
})

const unreadable = (name: string, body: string, message: string): Row =>
  row(name, decoding, body, refusal("invalid-json", "$", message))

const malformed = (name: string, body: string, path: string, message: string): Row =>
  row(name, protocol("FromJSON"), body, refusal("parse-failed", path, message))

const typename = { data: { __typename: "query_root" } }
const nope = refusal(
  "validation-failed",
  "$.selectionSet.nope",
  "field 'nope' not found in type: 'query_root'"
)

const persisted = `"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "abc"}}`
const persistedOff = refusal("not-supported", "$", "Automatic Persisted Queries is not enabled")

/** Rows about the bodies of requests. */
export const requests: ReadonlyArray<Row> = [
  row("a query alone", protocol("GQLReq"), `{"query": "{ __typename }"}`, typename),
  row(
    "other keys are ignored",
    protocol("GQLReq"),
    `{"query": "{ __typename }", "id": 1, "extensions": {"x": 1}}`,
    typename
  ),
  row(
    "operationName and variables may be null",
    protocol("GQLReq"),
    `{"query": "{ __typename }", "operationName": null, "variables": null}`,
    typename
  ),
  row(
    "extensions may be null",
    python("graphql_query/basic", "select_query_with_extensions.yaml"),
    `{"query": "{ __typename }", "extensions": null}`,
    typename
  ),
  row(
    "the first value of a repeated key counts",
    aeson("Decoding/Conversion.hs", "convertR"),
    `{"query": "{ __typename }", "query": "{ nope }"}`,
    typename
  ),
  malformed("no query", "{}", "$", `${request}, key "query" not found`),
  malformed("only variables", `{"variables": {"x": 1}}`, "$", `${request}, key "query" not found`),
  malformed(
    "a query that is null",
    `{"query": null}`,
    "$.query",
    "parsing Text failed, expected String, but encountered Null"
  ),
  malformed(
    "a query that is a number",
    `{"query": 1}`,
    "$.query",
    "parsing Text failed, expected String, but encountered Number"
  ),
  malformed(
    "a query that is an object",
    `{"query": {}}`,
    "$.query",
    "parsing Text failed, expected String, but encountered Object"
  ),
  malformed(
    "variables that are a list",
    `{"query": "{ __typename }", "variables": []}`,
    "$.variables",
    "parsing HashMap failed, expected Object, but encountered Array"
  ),
  malformed(
    "variables that are text",
    `{"query": "{ __typename }", "variables": "{}"}`,
    "$.variables",
    "parsing HashMap failed, expected Object, but encountered String"
  ),
  malformed(
    "a variable whose name is invalid",
    `{"query": "{ __typename }", "variables": {"a b": 1}}`,
    `$.variables["a b"]`,
    "a b is not valid GraphQL name"
  ),
  malformed(
    "operationName that is a number",
    `{"query": "{ __typename }", "operationName": 1}`,
    "$.operationName",
    "parsing Name failed, expected String, but encountered Number"
  ),
  malformed(
    "operationName that is not a name",
    `{"query": "{ __typename }", "operationName": "a b"}`,
    "$.operationName",
    "a b is not valid GraphQL name"
  ),
  malformed(
    "operationName of nothing",
    `{"query": "{ __typename }", "operationName": ""}`,
    "$.operationName",
    " is not valid GraphQL name"
  ),
  malformed(
    "operationName is checked before the query",
    `{"operationName": 1}`,
    "$.operationName",
    "parsing Name failed, expected String, but encountered Number"
  ),
  malformed(
    "a body that is a number",
    "1",
    "$",
    `${request}, expected Object, but encountered Number`
  ),
  malformed(
    "a body that is text",
    `"{ __typename }"`,
    "$",
    `${request}, expected Object, but encountered String`
  ),
  malformed(
    "a body that is null",
    "null",
    "$",
    `${request}, expected Object, but encountered Null`
  ),
  malformed(
    "a body that is true",
    "true",
    "$",
    `${request}, expected Object, but encountered Boolean`
  ),

  // Not JSON.
  unreadable("a body of nothing", "", "Unexpected end-of-input, expecting JSON value"),
  unreadable(
    "a body that does not end",
    "{",
    "Unexpected end-of-input, expecting record key literal or }"
  ),
  unreadable(
    "a body that does not end after a key",
    `{"query"`,
    "Unexpected end-of-input, expecting :"
  ),
  unreadable(
    "a body that does not end in a string",
    `{"query": "`,
    "Unexpected end-of-input while parsing string literal"
  ),
  unreadable(
    "a body that does not end after a value",
    `{"query": "{ __typename }"`,
    "Unexpected end-of-input, expecting , or }"
  ),
  unreadable("a form", "query=1", `Unexpected "query=1", expecting JSON value`),
  unreadable(
    "a document",
    "{ __typename }",
    `Unexpected "__typename }", expecting record key literal or }`
  ),
  unreadable(
    "single quotes",
    "{'query': 1}",
    `Unexpected "'query': 1}", expecting record key literal or }`
  ),
  unreadable(
    "an extra comma",
    `{"query": "{ __typename }",}`,
    `Unexpected "}", expecting key literal`
  ),
  unreadable("a comma too few", `[1 2]`, `Unexpected "2]", expecting , or ]`),
  unreadable("something after the end", `{"query": "{ __typename }"} 1`, "Trailing garbage"),
  unreadable("a number with a leading zero", `[01]`, "Number literal with leading zero"),
  unreadable(
    "a line break in a string",
    `{"query": "{\n}"}`,
    "Unexpected control character while parsing string literal"
  ),
  unreadable(
    "quotes in the shown text are escaped",
    `{"a" "b"}`,
    `Unexpected "\\"b\\"}", expecting :`
  ),

  // Batches.
  row(
    "a batch",
    python("graphql_query/basic", "select_query_batching.yaml"),
    `[{"query": "{ __typename }"}, {"query": "{ t: __typename }"}]`,
    [typename, { data: { t: "query_root" } }]
  ),
  row(
    "a batch of one",
    server("GraphQL/Transport/HTTP.hs", "runGQBatched"),
    `[{"query": "{ __typename }"}]`,
    [typename]
  ),
  row("a batch of nothing", server("GraphQL/Transport/HTTP.hs", "runGQBatched"), "[]", []),
  row(
    "a batch with an error",
    python("graphql_query/basic", "select_query_batching_with_one_error.yaml"),
    `[{"query": "{ nope }"}, {"query": "{ __typename }"}]`,
    [nope, typename]
  ),
  malformed(
    "a batch with something that is not a request is refused as a whole",
    `[{"query": "{ __typename }"}, {}]`,
    "$[1]",
    `${request}, key "query" not found`
  ),
  malformed(
    "a batch with a bad query is refused as a whole",
    `[{"query": 1}]`,
    "$[0].query",
    "parsing Text failed, expected String, but encountered Number"
  ),
  malformed(
    "a batch in a batch",
    "[[]]",
    "$[0]",
    `${request}, expected Object, but encountered Array`
  ),
  malformed(
    "a batch of text",
    `["{ __typename }"]`,
    "$[0]",
    `${request}, expected Object, but encountered String`
  ),

  // Persisted queries.
  row(
    "a persisted query by its hash",
    server("App.hs", "runPersistedQueriesPostHandler"),
    `{${persisted}}`,
    persistedOff
  ),
  row(
    "a persisted query with its text",
    python("graphql_query/basic", "select_query_with_extensions.yaml"),
    `{"query": "{ __typename }", ${persisted}}`,
    persistedOff
  ),
  row(
    "a persisted query with operationName and variables",
    server("App.hs", "runPersistedQueriesPostHandler"),
    `{"operationName": "a", "variables": {}, ${persisted}}`,
    persistedOff
  ),
  row(
    "a batch does not support persisted queries",
    server("Server/Types.hs", "ExtQueryReqs"),
    `[{"query": "{ __typename }", ${persisted}}]`,
    [typename]
  )
]
