import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { authorize, endpoints, post, query, rows } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

/**
 * Filters that select a few known rows of `building_metrics`: the hours of building 71 on Monday
 * 2024-01-08.
 */
const monday = `{building_id: {_eq: 71}}, {granularity: {_eq: "PT1H"}},
  {group_id: {_eq: "all-e707b3a8-0732-49ae-9156-13ff1138540e"}}, {metric_name: {_eq: "occupancy_pos_mean"}},
  {date_time_start: {_gte: "2024-01-08T06:00:00Z", _lt: "2024-01-09T06:00:00Z"}}`

const count = (sandbox: Sandbox.Service, where: string) =>
  Effect.map(
    rows(
      sandbox,
      `{ rows: building_metrics(where: {_and: [${monday}, ${where}]}) { metric_value } }`
    ),
    (found) => found.length
  )

layer(Sandbox.layer({ today: "2025-06-30" }), { timeout: startTimeout })("queries", (it) => {
  it.effect("the vendor's documented query for v1 returns one row", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const answer = yield* query(
        sandbox,
        `query sample_graphql { data: building_features( where: {_and: [
          {building_id: {_eq: 71}}, {feature_name: {_eq: "weekly_frequency_dist"}}, {granularity: {_eq: "P1W"}},
          {group_id: {_eq: "all-e707b3a8-0732-49ae-9156-13ff1138540e"}},
          {date_time_start: {_gte: "2024-01-01T06:00:00.000Z", _lt: "2024-01-08T06:00:00.000Z"}}
        ]} ) { feature_value date_time_start } }`,
        { operationName: "sample_graphql", variables: {} }
      )
      assert.strictEqual(answer.status, 200)
      assert.match(
        answer.text,
        /^\{"data":\{"data":\[\{"feature_value":\{"1": \d+, "2": \d+, "3": \d+, "4": \d+, "5": \d+, "6": \d+, "7": \d+\},"date_time_start":"2024-01-01T06:00:00\+00:00"\}\]\}\}$/
      )
    })
  )

  it.effect("the vendor's documented query for v1.5 and v2 returns the hours of a day", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const groups = {
        "v1.5": "all-e707b3a8-0732-49ae-9156-13ff1138540e",
        v2: "00000000-0000-0000-0000-000000000000"
      }
      for (const api of ["v1.5", "v2"] as const) {
        const found = yield* rows(
          sandbox,
          `query sample_graphql { rows: BUILDING_INSIGHTS( where: { DATE_PARTITION: {_eq: 20250501},
            BUILDING_ID: {_eq: 71}, GRANULARITY: {_eq: "PT1H"}, GROUP_ID: {_eq: "${groups[api]}"},
            SITE_ID: {_eq: 900000222} }, order_by: {DATE_TIME_START: desc} ) {
            BUILDING_ID DATE_TIME_START OCCUPANCY_MEAN GRANULARITY GROUP_ID SITE_ID } }`,
          { api }
        )
        assert.strictEqual(found.length, 24)
        assert.strictEqual(found[0]?.["DATE_TIME_START"], "2025-05-02T04:00:00+00:00")
        assert.strictEqual(found[23]?.["DATE_TIME_START"], "2025-05-01T05:00:00+00:00")
        assert.strictEqual(found[0]?.["GROUP_ID"], groups[api])
      }
    })
  )

  it.effect("empty filters are true or false as in Hasura", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const counts = yield* Effect.forEach(
        [
          "{}",
          "{_and: []}",
          "{_or: []}",
          "{_not: {}}",
          "{_not: {_or: []}}",
          "{metric_value: {}}",
          "{building_id: {_in: []}}",
          "{building_id: {_nin: []}}",
          '{_or: {building_id: {_eq: 71}, granularity: {_eq: "P1D"}}}'
        ],
        (where) => count(sandbox, where)
      )
      assert.deepStrictEqual(counts, [24, 24, 0, 0, 24, 24, 0, 24, 0])
    })
  )

  it.effect("null cells match no comparison, not even under _not", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const empty = yield* count(sandbox, "{metric_value: {_is_null: true}}")
      const filled = yield* count(sandbox, "{metric_value: {_is_null: false}}")
      assert.isAbove(empty, 0)
      assert.strictEqual(empty + filled, 24)
      assert.strictEqual(yield* count(sandbox, "{metric_value: {_gte: 0}}"), filled)
      assert.strictEqual(yield* count(sandbox, "{_not: {metric_value: {_lt: 0}}}"), filled)
      assert.strictEqual(yield* count(sandbox, "{metric_value: {_nin: [1]}}"), filled)
    })
  )

  it.effect("a column has every operator of its type", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const counts = yield* Effect.forEach(
        [
          '{building_id: {_eq: "71", _neq: 72, _gt: 70, _gte: 71, _lt: 72, _lte: 71, _in: [71, 72]}}',
          '{granularity: {_like: "PT%", _ilike: "pt1_", _nlike: "P1%", _nilike: "p1%"}}',
          '{granularity: {_regex: "^PT", _iregex: "^pt", _nregex: "W$", _niregex: "w$"}}',
          '{granularity: {_similar: "(PT1H|P1D)", _nsimilar: "P1(D|W)"}}',
          '{date_time_start: {_in: "2024-01-08T00:00:00-06:00"}}',
          "{building_id: {_gt: 71}}",
          '{granularity: {_regex: "^pt"}}'
        ],
        (where) => count(sandbox, where)
      )
      assert.deepStrictEqual(counts, [24, 24, 24, 24, 1, 0, 0])
    })
  )

  it.effect("jsonb is compared by content, by key and as text", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const [first] = yield* rows(
        sandbox,
        `{ rows: building_features(limit: 1) { feature_value one: feature_value(path: "$['1']") gone: feature_value(path: "x") } }`
      )
      const value = JSON.stringify(first?.["feature_value"])
      const one = first?.["one"]
      assert.isNull(first?.["gone"])
      const counts = yield* Effect.forEach(
        [
          [`{_contains: $v, _contained_in: $v, _eq: $v, _in: [$v]}`, { one }],
          [`{_contains: $v}`, { "1": one }],
          [`{_contains: $v, _has_key: "8"}`, {}],
          [
            `{_contains: $v, _has_key: "1", _has_keys_all: ["1", "7"], _has_keys_any: ["7", "8"]}`,
            { "1": one }
          ],
          [`{_contains: $v, _cast: {String: {_like: "%\\"1\\"%"}}}`, { "1": one }]
        ] as const,
        ([where, json]) =>
          Effect.map(
            rows(
              sandbox,
              `query ($v: jsonb!) { rows: building_features(limit: 2, where: {feature_value: ${where}}) { group_id } }`,
              { variables: { v: "one" in json ? JSON.parse(value) : json } }
            ),
            (found) => found.length > 0
          )
      )
      assert.deepStrictEqual(counts, [true, true, false, true, true])
    })
  )

  it.effect("a whole where and order_by may be variables of exactly their types", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const found = yield* rows(
        sandbox,
        `query ($where: building_metrics_bool_exp!, $order: [building_metrics_order_by!], $limit: Int, $offset: Int) {
          rows: building_metrics(where: $where, order_by: $order, limit: $limit, offset: $offset) { metric_value }
        }`,
        {
          variables: {
            where: {
              building_id: { _eq: 71 },
              granularity: { _eq: "P1D" },
              metric_name: { _eq: "occupancy_mean" }
            },
            order: [{ metric_value: "desc_nulls_last" }, { date_time_start: "asc" }],
            limit: 3,
            offset: null
          }
        }
      )
      const values = found.map((row) => Number(row["metric_value"]))
      assert.strictEqual(values.length, 3)
      assert.deepStrictEqual(
        values,
        [...values].sort((left, right) => right - left)
      )
    })
  )

  it.effect("nulls are last when ascending, first when descending, or as requested", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const firstIsNull = (direction: string) =>
        Effect.map(
          rows(
            sandbox,
            `{ rows: building_metrics(where: {_and: [${monday}]}, order_by: {metric_value: ${direction}}) { metric_value } }`
          ),
          (found) => found[0]?.["metric_value"] === null
        )
      const found = yield* Effect.forEach(
        ["asc", "desc", "asc_nulls_first", "desc_nulls_last"],
        firstIsNull
      )
      assert.deepStrictEqual(found, [false, true, true, false])
    })
  )

  it.effect("distinct_on keeps one row for each value", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const found = yield* rows(
        sandbox,
        // The query is about one day, because the sandbox needs seconds to sort all rows.
        `{ rows: building_metrics(where: {date_time_start: {_gte: "2024-03-04T06:00:00Z", _lt: "2024-03-05T06:00:00Z"}}, distinct_on: [building_id], order_by: [{building_id: desc}, {date_time_start: asc}]) { building_id } }`
      )
      assert.deepStrictEqual(
        found.map((row) => row["building_id"]),
        [73, 72, 71]
      )
    })
  )

  it.effect("limit and offset select a page, and an offset may be a string of digits", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const page = (args: string) =>
        rows(
          sandbox,
          `{ rows: building_metrics(where: {_and: [${monday}]}, order_by: {date_time_start: asc}, ${args}) { date_time_start } }`
        )
      const whole = yield* page("limit: 24")
      const parts = [...(yield* page("limit: 10")), ...(yield* page(`limit: 100, offset: "10"`))]
      assert.deepStrictEqual(parts, [...whole])
      assert.deepStrictEqual(yield* page("limit: 0"), [])
    })
  )

  it.effect("the sandbox expands fragments, merges fields, and obeys @skip and @include", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const answer = yield* query(
        sandbox,
        `query ($no: Boolean!) {
          __typename
          ...Root
          skipped: building_features(limit: 1) @include(if: $no) { group_id }
        }
        fragment Root on query_root { rows: building_features(limit: 1) { ...Row granularity @skip(if: $no) } }
        fragment Row on building_features { __typename building_id id: building_id ... on building_features { feature_name @include(if: $no) } }`,
        { variables: { no: false } }
      )
      assert.deepStrictEqual(answer.json, {
        data: {
          __typename: "query_root",
          rows: [{ __typename: "building_features", building_id: 71, id: 71, granularity: "P1W" }]
        }
      })
    })
  )

  it.effect("aliases may have any length", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const long = "a".repeat(80)
      const [row] = yield* rows(
        sandbox,
        `{ rows: building_features(limit: 1) { ${long}1: building_id ${long}2: granularity } }`
      )
      assert.deepStrictEqual(row, { [`${long}1`]: 71, [`${long}2`]: "P1W" })
    })
  )

  it.effect("introspection shows the schema with Hasura's names", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const answer = yield* query(
        sandbox,
        `query ($name: String!) { __type(name: $name) { inputFields { name type { name ofType { ofType { name } } } } } }`,
        { variables: { name: "timestamptz_comparison_exp" } }
      )
      const one = (name: string) => ({ name, type: { name: "timestamptz", ofType: null } })
      assert.deepStrictEqual(answer.json, {
        data: {
          __type: {
            inputFields: [
              { name: "_is_null", type: { name: "Boolean", ofType: null } },
              ...["_eq", "_neq"].map(one),
              ...["_in", "_nin"].map((name) => ({
                name,
                type: { name: null, ofType: { ofType: { name: "timestamptz" } } }
              })),
              ...["_gt", "_lt", "_gte", "_lte"].map(one)
            ]
          }
        }
      })
    })
  )

  it.effect("a batch is answered in order, and a failed login gets one object", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v1")
      const batch = [{ query: "{ nowhere { x } }" }, { query: "{ __typename }" }]
      const answer = yield* post(endpoints(sandbox).v1.graphql, batch, headers)
      assert.strictEqual(
        answer.text,
        `[{"errors":[{"extensions":{"path":"$.selectionSet.nowhere","code":"validation-failed"},"message":"field 'nowhere' not found in type: 'query_root'"}]},{"data":{"__typename":"query_root"}}]`
      )
      const refused = yield* post(endpoints(sandbox).v1.graphql, batch)
      assert.property(refused.json, "errors")
    })
  )

  it.effect("a success has the client's request id or a new one, and a failure has none", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v1")
      const id = (text: string, extra: Record<string, string> = {}) =>
        Effect.map(
          post(endpoints(sandbox).v1.graphql, { query: text }, { ...headers, ...extra }),
          (answer) => answer.headers.get("x-request-id")
        )
      assert.strictEqual(yield* id("{ __typename }", { "x-request-id": "mine" }), "mine")
      assert.match((yield* id("{ __typename }")) ?? "", /^[0-9a-f-]{36}$/)
      assert.isNull(yield* id("{ nowhere }", { "x-request-id": "mine" }))
    })
  )
})

layer(Sandbox.layer({ today: "2025-06-30", stringifyNumericTypes: true }), {
  timeout: startTimeout
})("stringified numbers", (it) => {
  it.effect("stringified float8 values are strings, and Int and Float are numbers", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const [metric] = yield* rows(
        sandbox,
        `{ rows: building_metrics(limit: 1, where: {metric_value: {_gt: 1}}) { building_id metric_value } }`
      )
      assert.isNumber(metric?.["building_id"])
      assert.match(String(metric?.["metric_value"]), /^\d+(\.\d+)?$/)
      assert.isString(metric?.["metric_value"])
      const [insight] = yield* rows(
        sandbox,
        `{ rows: BUILDING_INSIGHTS(limit: 1) { OCCUPANCY_MEAN } }`,
        { api: "v2" }
      )
      assert.isNumber(insight?.["OCCUPANCY_MEAN"])
    })
  )
})
