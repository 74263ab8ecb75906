import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { authorize, endpoints, post, query, request } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

/**
 * `[document, code, path, message]`. The sandbox must reject the document with exactly this code,
 * path and message.
 */
type Case = readonly [string, string, string, string]

const f = "$.selectionSet.building_features"

const documents: ReadonlyArray<Case> = [
  ["{ nope", "validation-failed", "$.query", "not a valid graphql query"],
  [
    "{ nope { a } }",
    "validation-failed",
    "$.selectionSet.nope",
    "field 'nope' not found in type: 'query_root'"
  ],
  [
    "{ alias: building_features { x } }",
    "validation-failed",
    `${f}.selectionSet.x`,
    "field 'x' not found in type: 'building_features'"
  ],
  [
    "{ building_features }",
    "validation-failed",
    `${f}.selectionSet`,
    "missing selection set for 'building_features'"
  ],
  [
    "{ building_features { group_id { x } } }",
    "validation-failed",
    `${f}.selectionSet.group_id`,
    "unexpected subselection set for non-object field"
  ],
  [
    "{ building_features(first: 1) { group_id } }",
    "validation-failed",
    f,
    "'building_features' has no argument named 'first'"
  ],
  [
    "{ building_features(where: {nope: {_eq: 1}}) { group_id } }",
    "validation-failed",
    `${f}.args.where.nope`,
    "field 'nope' not found in type: 'building_features_bool_exp'"
  ],
  [
    '{ building_features(where: {_and: [{}, {group_id: {_ne: ""}}]}) { group_id } }',
    "validation-failed",
    `${f}.args.where._and[1].group_id._ne`,
    "field '_ne' not found in type: 'String_comparison_exp'"
  ],
  [
    '{ building_features(where: {building_id: {_like: "7%"}}) { group_id } }',
    "validation-failed",
    `${f}.args.where.building_id._like`,
    "field '_like' not found in type: 'Int_comparison_exp'"
  ],
  [
    '{ building_features(where: {date_time_start: {_like: "2%"}}) { group_id } }',
    "validation-failed",
    `${f}.args.where.date_time_start._like`,
    "field '_like' not found in type: 'timestamptz_comparison_exp'"
  ],
  [
    "{ building_features(where: {building_id: {_eq: null}}) { group_id } }",
    "validation-failed",
    `${f}.args.where.building_id._eq`,
    "unexpected null value for type 'Int'"
  ],
  [
    "{ building_features(where: {building_id: {_is_null: null}}) { group_id } }",
    "validation-failed",
    `${f}.args.where.building_id._is_null`,
    "expected a boolean for type 'Boolean', but found null"
  ],
  [
    "{ building_features(where: {building_id: 71}) { group_id } }",
    "validation-failed",
    `${f}.args.where.building_id`,
    "expected an object for type 'Int_comparison_exp', but found an integer"
  ],
  [
    "{ building_features(where: {building_id: {_eq: 1.5}}) { group_id } }",
    "parse-failed",
    `${f}.args.where.building_id._eq`,
    "The value 1.5 lies outside the bounds or is not an integer. Maybe it is a float, or is there integer overflow?"
  ],
  [
    "{ building_features(where: {building_id: {_eq: 2147483648}}) { group_id } }",
    "parse-failed",
    `${f}.args.where.building_id._eq`,
    "The value 2.147483648e9 lies outside the bounds or is not an integer. Maybe it is a float, or is there integer overflow?"
  ],
  [
    '{ building_features(where: {group_id: {_in: ["a", 1]}}) { group_id } }',
    "parse-failed",
    `${f}.args.where.group_id._in[1]`,
    "parsing Text failed, expected String, but encountered Number"
  ],
  [
    '{ building_features(where: {building_id: {_eq: "many"}}) { group_id } }',
    "data-exception",
    "$",
    'invalid input syntax for type integer: "many"'
  ],
  [
    '{ building_features(where: {date_time_start: {_eq: "now-ish"}}) { group_id } }',
    "data-exception",
    "$",
    'invalid input syntax for type timestamp with time zone: "now-ish"'
  ],
  [
    '{ building_features(where: {group_id: {_like: "all\\\\"}}) { group_id } }',
    "bad-request",
    "$",
    "LIKE pattern must not end with escape character"
  ],
  [
    "{ building_features(limit: -1) { group_id } }",
    "validation-failed",
    `${f}.args.limit`,
    "expected a non-negative 32-bit integer for type 'Int', but found an integer"
  ],
  [
    '{ building_features(limit: "1") { group_id } }',
    "validation-failed",
    `${f}.args.limit`,
    "expected a non-negative 32-bit integer for type 'Int', but found a string"
  ],
  [
    "{ building_features(offset: -1) { group_id } }",
    "data-exception",
    "$",
    "OFFSET must not be negative"
  ],
  [
    "{ building_features(order_by: {group_id: up}) { group_id } }",
    "validation-failed",
    `${f}.args.order_by[0].group_id`,
    "expected one of the values ['asc', 'asc_nulls_first', 'asc_nulls_last', 'desc', 'desc_nulls_first', 'desc_nulls_last'] for type 'order_by', but found 'up'"
  ],
  [
    '{ building_features(order_by: {group_id: "asc"}) { group_id } }',
    "validation-failed",
    `${f}.args.order_by[0].group_id`,
    "expected an enum value for type 'order_by', but found a string"
  ],
  [
    "{ building_features(distinct_on: [group_id], order_by: {building_id: asc}) { group_id } }",
    "validation-failed",
    `${f}.args`,
    '"distinct_on" columns must match initial "order_by" columns'
  ],
  [
    '{ building_features(limit: 1) { feature_value(path: "a..b[") } }',
    "validation-failed",
    `${f}.selectionSet.feature_value.args`,
    'parse json path error: a..b[. Accept letters, digits, underscore (_) or hyphen (-) only. Use quotes enclosed in bracket (["..."]) if there is any special character'
  ],
  [
    "query a { __typename } query b { __typename }",
    "validation-failed",
    "$",
    "exactly one operation has to be present in the document when operationName is not specified"
  ],
  ["mutation { x }", "validation-failed", "$", "no mutations exist"],
  [
    "subscription { building_features { group_id } }",
    "unexpected-payload",
    "$",
    "subscriptions are not supported over HTTP, use websockets instead"
  ],
  [
    "{ building_features { ...x } }",
    "validation-failed",
    `${f}.selectionSet`,
    'reference to undefined fragment "x"'
  ]
]

/** `[document, variables, path, message]`. Rejections of documents with variables. */
const withVariables: ReadonlyArray<readonly [string, unknown, string, string]> = [
  [
    "query ($i: Float) { building_features(where: {building_id: {_eq: $i}}) { group_id } }",
    { i: 71 },
    `${f}.args.where.building_id._eq`,
    "variable 'i' is declared as 'Float', but used where 'Int' is expected"
  ],
  [
    "query ($i: [Int!]) { building_features(where: {building_id: {_eq: $i}}) { group_id } }",
    { i: [71] },
    `${f}.args.where.building_id._eq`,
    "variable 'i' is declared as '[Int!]', but used where 'Int' is expected"
  ],
  [
    "query ($i: [Int]) { building_features(where: {building_id: {_in: $i}}) { group_id } }",
    { i: [71] },
    `${f}.args.where.building_id._in`,
    "variable 'i' is declared as '[Int]', but used where '[Int!]' is expected"
  ],
  [
    "query ($i: Int) { building_features(where: {building_id: {_eq: $i}}) { group_id } }",
    {},
    `${f}.args.where.building_id._eq`,
    "unexpected null value for type 'Int'"
  ],
  [
    "query ($i: Int) { building_features(where: {building_id: {_eq: $i}}) { group_id } }",
    { i: null },
    `${f}.args.where.building_id._eq`,
    "unexpected null value for type 'Int'"
  ],
  [
    "query ($i: Int!) { building_features(where: {building_id: {_eq: $i}}) { group_id } }",
    {},
    "$",
    'expecting a value for non-nullable variable: "i"'
  ],
  [
    "query ($i: Int!) { building_features(where: {building_id: {_eq: $i}}) { group_id } }",
    { i: null },
    "$",
    'null value found for non-nullable type: "Int!"'
  ],
  [
    "{ building_features { group_id } }",
    { i: 1 },
    "$",
    "unexpected variables in variableValues: i"
  ],
  [
    "query ($i: Int) { building_features { group_id } }",
    { i: 1 },
    "$",
    "unexpected variables in variableValues: i"
  ],
  ["{ building_features(limit: $i) { group_id } }", {}, "$", 'unbound variable "i"']
]

const elements: typeof withVariables = [
  [
    "query ($i: Int) { building_features(where: {building_id: {_in: [$i]}}) { group_id } }",
    { i: 71 },
    `${f}.args.where.building_id._in[0]`,
    "variable 'i' is declared as 'Int', but used where 'Int!' is expected"
  ],
  [
    "query ($e: building_features_bool_exp) { building_features(where: {_or: [{}, $e]}) { group_id } }",
    { e: {} },
    `${f}.args.where._or[1]`,
    "variable 'e' is declared as 'building_features_bool_exp', but used where 'building_features_bool_exp!' is expected"
  ]
]

const body = (code: string, path: string, message: string) => ({
  errors: [{ extensions: { path, code }, message }]
})

layer(Sandbox.layer(), { timeout: startTimeout })("refusals", (it) => {
  it.effect("bad documents get Hasura's code, path and message, and status 200", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      for (const [document, code, path, message] of documents) {
        const answer = yield* query(sandbox, document)
        assert.deepStrictEqual(answer.json, body(code, path, message), document)
        assert.strictEqual(answer.status, 200, document)
      }
    })
  )

  it.effect("variables of another type, null, missing or unused are rejected", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      for (const [document, variables, path, message] of [...withVariables, ...elements]) {
        const answer = yield* query(sandbox, document, { variables })
        assert.deepStrictEqual(answer.json, body("validation-failed", path, message), document)
      }
    })
  )

  it.effect("documents that Hasura tolerates are accepted", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const fine = [
        ["query ($unused: Int) { __typename }", {}],
        ["query ($unused: nonsense) { __typename }", {}],
        [
          "query ($i: Int = 71) { building_features(limit: 1, where: {building_id: {_eq: $i}}) { group_id } }",
          {}
        ],
        [
          "query ($i: Int!) { building_features(limit: 1, where: {building_id: {_eq: $i}}) { group_id } }",
          { i: "71" }
        ],
        [
          "{ building_features(limit: null, offset: null, order_by: null, distinct_on: null, where: null) { group_id } }",
          {}
        ],
        ["{ building_features(limit: 1, order_by: [{group_id: null}, {}]) { group_id } }", {}]
      ] as const
      for (const [document, variables] of fine) {
        const answer = yield* query(sandbox, document, { variables })
        assert.property(answer.json, "data", document + answer.text)
      }
    })
  )

  it.effect("a body that is not JSON, or without a query, or with wrong fields is rejected", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v1")
      const url = endpoints(sandbox).v1.graphql
      const notJson = yield* request(url, { method: "POST", headers, body: "{" })
      assert.deepInclude(
        notJson.json,
        body("invalid-json", "$", "Unexpected end-of-input, expecting record key literal or }")
      )
      for (const wrong of [{}, { query: 1 }, { query: "{ a }", variables: [] }, 1, "x", null]) {
        const answer = yield* post(url, wrong, headers)
        assert.strictEqual(answer.status, 200)
        assert.include(answer.text, `"code":"parse-failed"`)
      }
      assert.strictEqual((yield* post(url, [], headers)).text, "[]")
    })
  )

  it.effect(
    "unknown paths get a REST error, and a GET the answer observed at the vendor's v2",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const unknown = yield* post(`${sandbox.urls.v1}/v1/graphql`, {})
        assert.strictEqual(unknown.status, 404)
        assert.strictEqual(
          unknown.text,
          `{"path":"$","error":"resource does not exist","code":"not-found"}`
        )
        const got = yield* request(endpoints(sandbox).v2.graphql)
        assert.strictEqual(got.status, 200)
        assert.include(got.text, `"code":"not-supported"`)
      })
  )

  it.effect("a body of more than 1 MiB is rejected", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const answer = yield* post(endpoints(sandbox).v1.graphql, { query: "x".repeat(1_100_000) })
      assert.strictEqual(answer.status, 413)
    })
  )

  it.effect("values are never part of the SQL", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const hostile = `'; drop schema innerspace_sandbox_v1 cascade; --`
      const answer = yield* query(
        sandbox,
        `query ($s: String!) { "a'b": building_features(where: {group_id: {_eq: $s}}) { group_id } }`.replace(
          `"a'b"`,
          "rows"
        ),
        { variables: { s: hostile } }
      )
      assert.deepStrictEqual(answer.json, { data: { rows: [] } })
      const after = yield* query(sandbox, "{ building_features(limit: 1) { group_id } }")
      assert.property(after.json, "data")
    })
  )
})
