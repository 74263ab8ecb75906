/**
 * Tests the dimensions of a query, such as the group or the granularity. Rows of several groups or
 * granularities are not one series, so a query must filter each dimension, or name it in
 * `allowOpen`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Column from "@innerspace-metrics/core/Column"
import * as MetricsError from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS, BUILDINGS } from "@innerspace-metrics/core/v2"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { buildSchema, introspectionFromSchema } from "graphql"
import { answer, clientOver } from "../support/transportClient.js"

const everybody = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

type Filter = Omit<Query.Options<building_metrics, ["metric_value"]>, "select">

const query = (filter: Filter) =>
  Query.from(building_metrics, { select: ["metric_value"], ...filter })

const result = <A, Columns, Answer>(asked: Query.Query<A, Columns, Answer>) =>
  Effect.runSync(Effect.either(QueryBuilder.build(asked)))

/** The columns that the message of the error names, or an empty text if the query is built. */
const openIn = <A, Columns, Answer>(asked: Query.Query<A, Columns, Answer>): string =>
  Either.match(result(asked), {
    onRight: () => "",
    onLeft: ({ reason, problem }) =>
      reason === "OpenDimension" ? (/leaves (.*) open/.exec(problem)?.[1] ?? problem) : reason
  })

const hourly = { metric_name: "occupancy_mean", granularity: "PT1H" } as const
const held = { ...hourly, group_id: everybody } as const

describe("dimensions of a query", () => {
  const cases: ReadonlyArray<readonly [name: string, filter: Filter, open: string]> = [
    ["open without a filter", {}, "metric_name, granularity, group_id"],
    [
      "open where another column is filtered",
      { where: { building_id: 71 } },
      "metric_name, granularity, group_id"
    ],
    ["open by itself where only the other is filtered", { where: hourly }, "group_id"],
    ["held by a value", { where: held }, ""],
    [
      "held by a list",
      { where: { ...hourly, granularity: ["PT1H", "P1D"], group_id: [everybody] } },
      ""
    ],
    ["held by _eq", { where: { ...hourly, group_id: { _eq: everybody } } }, ""],
    ["held by _in", { where: { ...hourly, group_id: { _in: [everybody, "b"] } } }, ""],
    ["held within _and", { where: { _and: [hourly, { group_id: everybody }] } }, ""],
    [
      "held by every branch of _or",
      { where: { ...hourly, _or: [{ group_id: "a" }, { group_id: "b" }] } },
      ""
    ],
    [
      "held by _or within _and",
      {
        where: {
          _and: [{ ...hourly }, { _or: [{ group_id: "a" }, { _and: [{ group_id: "b" }] }] }]
        }
      },
      ""
    ],
    ["open after _neq", { where: { ...hourly, group_id: { _neq: "a" } } }, "group_id"],
    ["open after _like", { where: { ...hourly, group_id: { _like: "all-%" } } }, "group_id"],
    ["open after _nin", { where: { ...hourly, group_id: { _nin: ["a"] } } }, "group_id"],
    [
      "open where one branch of _or holds it",
      { where: { ...hourly, _or: [{ group_id: "a" }, { building_id: 71 }] } },
      "group_id"
    ],
    ["open after _not", { where: { ...hourly, _not: { group_id: "a" } } }, "group_id"],
    ["open by permission", { where: hourly, allowOpen: ["group_id"] }, ""],
    [
      "open by permission, but not the other one",
      { allowOpen: ["group_id"] },
      "metric_name, granularity"
    ],
    ["open for one row", { limit: 1 }, ""],
    ["open for two rows", { limit: 2 }, "metric_name, granularity, group_id"]
  ]
  for (const [name, filter, open] of cases) {
    it(`a dimension is ${name}`, () => {
      assert.strictEqual(openIn(query(filter)), open)
    })
    it(`a dimension of aggregates is ${name}`, () => {
      const counted = Query.aggregate(building_metrics, { select: { count: true }, ...filter })
      assert.strictEqual(openIn(counted), open)
    })
  }

  it("a dimension is held by a filter that is added later", () => {
    const narrowed = Query.and(Query.and(query({}), hourly), { group_id: everybody })
    assert.strictEqual(openIn(narrowed), "")
  })

  it("tables of v2 have dimensions as well, except directories such as BUILDINGS", () => {
    assert.strictEqual(
      openIn(Query.from(BUILDING_INSIGHTS, { select: ["OCCUPANCY_MEAN"] })),
      "GRANULARITY, GROUP_ID"
    )
    assert.strictEqual(openIn(Query.from(BUILDINGS, { select: ["BUILDING_ID"] })), "")
  })
})

describe("errors of open dimensions", () => {
  it("the error of an open dimension names the table, the columns and what to write", () => {
    const error = Either.getOrThrow(Either.flip(result(query({}))))
    assert.strictEqual(error.reason, "OpenDimension")
    assert.strictEqual(error.table, "building_metrics")
    assert.strictEqual(error.column, "metric_name")
    assert.include(error.hint, 'allowOpen: ["metric_name","granularity","group_id"]')
  })

  it("a wrong filter is reported before an open dimension", () => {
    const wrong = { where: { no_such_column: 1 } } as Filter
    assert.strictEqual(openIn(query(wrong)), "UnknownColumn")
  })

  it("an unknown column in allowOpen is an error", () => {
    // @ts-expect-error "grup_id" is not a column
    assert.strictEqual(openIn(query({ where: held, allowOpen: ["grup_id"] })), "UnknownColumn")
  })
})

const id = Column.observed(Scalar.Int, "this test")
const text = Column.observed(Scalar.String, "this test")
const readings = Table.make("readings", { zone: id, sensor: text }, { dimensions: ["sensor"] })
const desks = Table.make("desks", {
  id,
  readings: Relationship.many(() => readings),
  last: Relationship.one(() => readings)
})

describe("related rows", () => {
  it("related rows must hold the dimensions of their own table", () => {
    const related = (filter: object) =>
      Query.from(desks, {
        select: ["id", { relationship: "readings", select: ["zone"], ...filter }]
      })
    assert.strictEqual(openIn(related({})), "sensor")
    assert.strictEqual(openIn(related({ where: { sensor: "a" } })), "")
    assert.strictEqual(openIn(related({ allowOpen: ["sensor"] })), "")
    assert.strictEqual(openIn(related({ limit: 1 })), "")
  })

  it("a relationship to one row needs no filter for dimensions", () => {
    const one = Query.from(desks, { select: [{ relationship: "last", select: ["zone"] }] })
    assert.strictEqual(openIn(one), "")
  })
})

describe("queries with an open dimension", () => {
  const range = TimeRange.dates("2024-03-01", "2024-03-03", "America/Chicago")
  const open = query({ where: { granularity: "PT1H", date_time_start: range } })
  const refused = <A>(
    ask: (
      metrics: Effect.Effect.Success<ReturnType<typeof clientOver>>
    ) => Effect.Effect<A, { readonly _tag: string }>
  ) =>
    Effect.gen(function* () {
      let requests = 0
      const metrics = yield* clientOver(
        () =>
          Effect.sync(() => {
            requests++
            return answer(200, '{"data":{}}')
          }),
        {}
      )
      const error = yield* Effect.flip(ask(metrics))
      assert.instanceOf(error, MetricsError.QueryError)
      assert.strictEqual(error.reason, "OpenDimension")
      assert.strictEqual(requests, 0)
    })

  it.effect("query does not send a query with an open dimension", () =>
    refused((metrics) => metrics.query(open))
  )
  it.effect("queryAll sends nothing if one of its queries has an open dimension", () =>
    refused((metrics) => metrics.queryAll({ one: query({ limit: 1 }), open }))
  )
  it.effect("queries in a batch with an open dimension are not sent", () =>
    refused((metrics) =>
      Effect.all([metrics.query(open), metrics.query(open)], {
        batching: true,
        concurrency: "unbounded"
      })
    )
  )
  it.effect("stream does not send a query with an open dimension", () =>
    refused((metrics) => Stream.runDrain(metrics.stream(open)))
  )
  it.effect("plan rejects a query with an open dimension", () =>
    refused((metrics) => metrics.plan(open))
  )
})

describe("dimensions of a catalogue", () => {
  it("fromIntrospection infers dimensions from column names", () => {
    const schema = buildSchema(`
      schema { query: query_root }
      type query_root {
        metrics(where: metrics_bool_exp): [metrics!]!
        INSIGHTS(where: INSIGHTS_bool_exp): [INSIGHTS!]!
        people(where: people_bool_exp): [people!]!
      }
      input metrics_bool_exp { _not: metrics_bool_exp }
      input INSIGHTS_bool_exp { _not: INSIGHTS_bool_exp }
      input people_bool_exp { _not: people_bool_exp }
      type metrics { value: Int granularity: String! group_id: String! }
      type INSIGHTS { GRANULARITY: String! GROUP_ID: String! }
      type people { group_id: String! name: String }
    `)
    const catalog = Either.getOrThrow(
      Catalog.fromIntrospection("live", introspectionFromSchema(schema, { descriptions: false }))
    )
    const dimensions = Array.from(catalog.tables.values(), (table) => [
      table.name,
      table.dimensions
    ])
    assert.deepStrictEqual(Object.fromEntries(dimensions), {
      metrics: ["granularity", "group_id"],
      INSIGHTS: ["GRANULARITY", "GROUP_ID"],
      people: []
    })
  })

  it("toTypeScript prints the dimensions of tables", () => {
    const printed = Either.getOrThrow(
      Catalog.toTypeScript(Catalog.make("own", [readings, Table.make("rooms", { id })]))
    )
    assert.match(printed, /"readings",\s*readingsColumns\(\),\s*\{\s*dimensions: \["sensor"\]\s*\}/)
    assert.lengthOf(printed.match(/dimensions/g) ?? [], 1)
  })
})

describe("types of dimensions", () => {
  it("allowOpen and dimensions accept only column names", () => {
    // @ts-expect-error "group" is not a column
    Query.from(building_metrics, { select: ["metric_value"], allowOpen: ["group"] })
    // @ts-expect-error "group" is not a column
    Query.aggregate(building_metrics, { select: { count: true }, allowOpen: ["group"] })
    Query.from(desks, {
      // @ts-expect-error "id" is not a column of the related table
      select: [{ relationship: "readings", select: ["zone"], allowOpen: ["id"] }]
    })
    // @ts-expect-error "group" is not a column
    Table.make("rooms", { id }, { dimensions: ["group"] })
    // @ts-expect-error a relationship is not a column
    Table.make("rooms", { id, of: Relationship.many(() => desks) }, { dimensions: ["of"] })
  })
})
