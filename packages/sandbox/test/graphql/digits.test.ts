import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import { query } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

/** Sends a query to v2, and returns the text of the response. */
const textOf = (sandbox: Sandbox.Service, ask: string) =>
  Effect.map(query(sandbox, ask, { api: "v2" }), ({ text }) => text)

const row = (id: number, selection: string) =>
  `{ r: every_type(where: {id: {_eq: ${id}}}) { ${selection} } }`

/**
 * A query, and the text of its data as PostgreSQL writes it. JavaScript numbers cannot represent
 * the numbers in this text.
 */
const exact: ReadonlyArray<readonly [what: string, ask: string, data: string]> = [
  [
    "a bigint beyond 2^53 keeps its digits",
    row(4, "bigint"),
    `{"r":[{"bigint":9223372036854775807}]}`
  ],
  [
    "a bigint next to 2^53 keeps its digits",
    row(7, "bigint"),
    `{"r":[{"bigint":9007199254740993}]}`
  ],
  [
    "a numeric of 30 digits keeps them",
    row(5, "numeric"),
    `{"r":[{"numeric":123456789012345678901234567890}]}`
  ],
  [
    "a numeric keeps 20 digits on both sides of the point",
    row(6, "numeric"),
    `{"r":[{"numeric":-12345678901234567890.12345678901234567890}]}`
  ],
  [
    "a small numeric is written without an exponent",
    row(7, "numeric"),
    `{"r":[{"numeric":0.000000000000000000000000000001}]}`
  ],
  ["a numeric keeps trailing zeros", row(8, "numeric"), `{"r":[{"numeric":1.50}]}`],
  ["a float8 is written as PostgreSQL writes it", row(5, "float8"), `{"r":[{"float8":1e+300}]}`],
  [
    "numbers that JSON does not have are strings",
    row(37, "numeric float8"),
    `{"r":[{"numeric":"NaN","float8":"NaN"}]}`
  ],
  [
    "jsonb is written as PostgreSQL writes it",
    row(1, "jsonb"),
    `{"r":[{"jsonb":{"a": "x", "b": [1, null]}}]}`
  ],
  ["json is written as it was stored", row(2, "json"), `{"r":[{"json":{"b":1,"a":2}}]}`],
  [
    "a row by its key keeps its digits",
    "{ r: every_type_by_pk(id: 7) { bigint numeric } }",
    `{"r":{"bigint":9007199254740993,"numeric":0.000000000000000000000000000001}}`
  ],
  ["a key without a row is null", "{ r: every_type_by_pk(id: 4000) { bigint } }", `{"r":null}`],
  [
    "a sum that no column could hold keeps its digits",
    "{ r: every_type_aggregate(where: {bigint: {_gt: 42}}) { aggregate { count sum { bigint } } } }",
    `{"r":{"aggregate" : {"count" : 13, "sum" : {"bigint" : 46188917778311806971}}}}`
  ],
  [
    "the rows of an aggregate keep their digits",
    "{ r: every_type_aggregate(where: {id: {_eq: 8}}) { nodes { numeric } } }",
    `{"r":{"nodes" : [{"numeric":1.50}]}}`
  ],
  [
    "rows are separated as json_agg does it",
    "{ r: every_type(where: {id: {_lte: 2}}, order_by: {id: asc}) { id } }",
    `{"r":[{"id":1}, {"id":2}]}`
  ],
  ["no row is an empty list", row(4000, "id"), `{"r":[]}`],
  [
    "an alias may equal a name inside the statement",
    row(1, "row: id value: int c0: id t0: id"),
    `{"r":[{"row":1,"value":71,"c0":1,"t0":1}]}`
  ],
  [
    "__typename keeps its position in the selection",
    row(1, "id __typename int"),
    `{"r":[{"id":1,"__typename":"every_type","int":71}]}`
  ],
  [
    "__typename works in every part of an aggregate",
    "{ __typename r: every_type_aggregate { __typename aggregate { __typename max { __typename } } nodes { __typename } } }",
    `{"__typename":"query_root","r":{"__typename" : "every_type_aggregate", "aggregate" : {"__typename" : "every_type_aggregate_fields", "max" : {"__typename" : "every_type_max_fields"}}, "nodes" : [${Array.from({ length: 40 }, () => `{"__typename":"every_type"}`).join(", ")}]}}`
  ],
  [
    "root fields of all kinds keep the order of the query",
    `{ b: every_type_by_pk(id: 1) { id } kind: __type(name: "uuid") { name } a: every_type_by_pk(id: 2) { id } __typename }`,
    `{"b":{"id":1},"kind":{"name":"uuid"},"a":{"id":2},"__typename":"query_root"}`
  ]
]

/** Aliases of all lengths, including those that PostgreSQL would truncate. */
const aliases = fc
  .tuple(fc.constantFrom("a", "Z", "_9"), fc.constantFrom(1, 20, 62, 63, 64, 90), fc.nat(99))
  .map(([first, length, number]) => `${first.padEnd(length, "x")}_${number}`)

const selections = fc.uniqueArray(
  fc.tuple(aliases, fc.constantFrom("bigint", "numeric", "float8", "real", "text")),
  { minLength: 1, maxLength: 120, selector: ([alias]) => alias }
)

layer(Sandbox.layer({ everyType: true }), { timeout: startTimeout })(
  "the text of an answer",
  (it) => {
    for (const [what, ask, data] of exact) {
      it.effect(what, () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.Sandbox
          assert.strictEqual(yield* textOf(sandbox, ask), `{"data":${data}}`)
        })
      )
    }

    it.effect("an answer has the members of any selection in order, with names of any length", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const alone = yield* textOf(sandbox, row(6, "bigint numeric float8 real text"))
        const values = new Map(
          alone
            .match(/"(?:bigint|numeric|float8|real|text)":(?:"[^"]*"|[^,}\]]+)/g)
            ?.map((member) => {
              const colon = member.indexOf(":")
              return [member.slice(1, colon - 1), member.slice(colon + 1)]
            })
        )
        assert.strictEqual(values.size, 5, alone)
        yield* Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(selections, async (selected) => {
              const selection = selected.map(([alias, column]) => `${alias}: ${column}`).join(" ")
              const text = await Effect.runPromise(textOf(sandbox, row(6, selection)))
              const members = selected.map(([alias, column]) => `"${alias}":${values.get(column)}`)
              const compact = text.replaceAll('" : ', '":').replaceAll(", ", ",")
              assert.strictEqual(compact, `{"data":{"r":[{${members.join(",")}}]}}`)
            }),
            { numRuns: 20 }
          )
        )
      })
    )

    it.effect("the text of an answer is the same in one chunk and in many", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const zones = `ZONE_INSIGHTS(where: {GRANULARITY: {_eq: "PT1H"}, ZONE_ID: {_eq: 71101}, DATE_TIME_START: {_lt: "2025-06-01"}}, order_by: {DATE_TIME_START: asc}`
        const all = yield* textOf(sandbox, `{ r: ${zones}) { ${wide} } }`)
        assert.isAbove(all.length, 1_500_000)
        const pages = yield* Effect.forEach([0, 4_000, 8_000, 12_000], (offset) =>
          textOf(sandbox, `{ r: ${zones}, limit: 4000, offset: ${offset}) { ${wide} } }`)
        )
        const rows = pages.map((page) => page.slice(`{"data":{"r":[`.length, -`]}}`.length))
        assert.strictEqual(all, `{"data":{"r":[${rows.filter((page) => page !== "").join(", ")}]}}`)
      })
    )
  }
)

const wide = "ZONE_ID SITE_ID BUILDING_ID GROUP_ID GRANULARITY DATE_TIME_START OCCUPANCY_MEAN"
