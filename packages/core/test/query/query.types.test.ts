/**
 * Tests types that the compiler must infer, and code that it must reject. The compiler is the test,
 * so running this file proves nothing.
 */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type * as JsonValue from "@innerspace-metrics/core/JsonValue"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features, building_metrics } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"

type RowOf<Q> = Q extends Query.Query<infer Row, unknown> ? Row : never

const everyScalar = Table.make("every_scalar", {
  int: Column.assumed(Scalar.Int, "test"),
  float: Column.assumed(Scalar.Float, "test"),
  bigint: Column.assumed(Scalar.bigint, "test"),
  numeric: Column.assumed(Scalar.numeric, "test"),
  boolean: Column.assumed(Scalar.Boolean, "test"),
  text: Column.assumed(Scalar.String, "test"),
  time: Column.assumed(Scalar.timestamptz, "test"),
  json: Column.assumed(Scalar.jsonb, "test"),
  maybe: Column.nullable(Column.assumed(Scalar.Int, "test"))
})

describe("types of rows", () => {
  it("rows have exactly the selected columns", () => {
    const query = Query.from(building_features, { select: ["feature_value", "date_time_start"] })
    expectTypeOf<RowOf<typeof query>>().toEqualTypeOf<{
      readonly feature_value: JsonValue.JsonValue
      readonly date_time_start: DateTime.Utc
    }>()
    assert.deepStrictEqual(query.select, ["feature_value", "date_time_start"])
  })

  it("rows have null only in nullable columns", () => {
    const query = Query.from(building_metrics, { select: ["metric_value", "building_id"] })
    expectTypeOf<RowOf<typeof query>>().toEqualTypeOf<{
      readonly metric_value: number | null
      readonly building_id: number
    }>()
  })

  it("rows have each scalar as its decoded type", () => {
    const query = Query.from(everyScalar, {
      select: ["int", "float", "bigint", "numeric", "boolean", "text", "time", "json", "maybe"]
    })
    expectTypeOf<RowOf<typeof query>>().toEqualTypeOf<{
      readonly int: number
      readonly float: number
      readonly bigint: bigint
      readonly numeric: BigDecimal.BigDecimal
      readonly boolean: boolean
      readonly text: string
      readonly time: DateTime.Utc
      readonly json: JsonValue.JsonValue
      readonly maybe: number | null
    }>()
  })

  it("combinators keep the type of rows, which is the type of a client's result", () => {
    const query = Query.and(
      Query.from(BUILDING_INSIGHTS, { select: ["OCCUPANCY_MEAN"] }).pipe(
        Query.limit(10),
        Query.as("data")
      ),
      { BUILDING_ID: 71 }
    )
    type Row = { readonly OCCUPANCY_MEAN: number | null }
    expectTypeOf<RowOf<typeof query>>().toEqualTypeOf<Row>()
    const call = (client: MetricsClient.MetricsClient) => client.query(query)
    expectTypeOf<Effect.Effect.Success<ReturnType<typeof call>>>().toEqualTypeOf<
      ReadonlyArray<Row>
    >()
    expectTypeOf<Effect.Effect.Context<ReturnType<typeof call>>>().toEqualTypeOf<never>()
  })
})

describe("queries that must compile", () => {
  it("every shape of filter compiles", () => {
    const range = TimeRange.week("2024-W01", "Europe/Berlin")
    Query.from(everyScalar, {
      select: ["int"],
      where: {
        int: [1, 2, 3],
        float: { _gt: 0.5, _lte: 1 },
        bigint: { _in: [1n, 2] },
        numeric: 1.5,
        boolean: { _neq: false },
        text: { _ilike: "%room%" },
        time: range,
        json: { _contains: { a: [1] }, _has_keys_any: ["a", "b"] },
        maybe: { _is_null: true },
        _and: [{ time: { _gte: new Date(0) } }, {}],
        _or: [{ int: 1 }, { _not: { int: 2 } }]
      },
      orderBy: [{ int: "desc_nulls_last" }, { text: "asc" }],
      limit: 10,
      offset: 20
    })
  })
})

describe("queries that must not compile", () => {
  it("wrong selections do not compile", () => {
    // @ts-expect-error: no such column
    Query.from(building_features, { select: ["feature_valeu"] })
    // @ts-expect-error: nothing selected
    Query.from(building_features, { select: [] })
    // @ts-expect-error: a column of another generation
    Query.from(building_features, { select: ["BUILDING_ID"] })
  })

  it("wrong filters do not compile", () => {
    const select = ["building_id"] as const
    // @ts-expect-error: no such column
    Query.from(building_features, { select, where: { buildingid: 71 } })
    // @ts-expect-error: text for a number
    Query.from(building_features, { select, where: { building_id: "71" } })
    // @ts-expect-error: null is not a value to compare with
    Query.from(building_features, { select, where: { building_id: null } })
    // @ts-expect-error: undefined is not a value to compare with
    Query.from(building_features, { select, where: { building_id: undefined } })
    // @ts-expect-error: null in a comparison
    Query.from(building_features, { select, where: { building_id: { _eq: null } } })
    // @ts-expect-error: no such operator at all
    Query.from(building_features, { select, where: { building_id: { _ne: 71 } } })
    // @ts-expect-error: an operator of text on a number
    Query.from(building_features, { select, where: { building_id: { _like: "7%" } } })
    // @ts-expect-error: an operator of jsonb on text
    Query.from(building_features, { select, where: { group_id: { _has_key: "a" } } })
    // @ts-expect-error: a list for an operator that takes one value
    Query.from(building_features, { select, where: { building_id: { _gt: [1] } } })
    // @ts-expect-error: one value for an operator that takes a list
    Query.from(building_features, { select, where: { building_id: { _in: 1 } } })
    // @ts-expect-error: a list of the wrong type
    Query.from(building_features, { select, where: { building_id: ["71"] } })
    // @ts-expect-error: not a granularity of the vendor's
    Query.from(building_features, { select, where: { granularity: "PT5M" } })
    // @ts-expect-error: not a granularity inside an operator
    Query.from(building_features, { select, where: { granularity: { _in: ["P1W", "P1Y"] } } })
    // @ts-expect-error: text leaves the zone of a time open
    Query.from(building_features, { select, where: { date_time_start: "2024-01-01" } })
    const range = TimeRange.week("2024-W01", "UTC")
    // @ts-expect-error: a range on a column that is not a time
    Query.from(building_features, { select, where: { building_id: range } })
    // @ts-expect-error: a JSON object could be read as operators
    Query.from(building_features, { select, where: { feature_value: { a: 1 } } })
    // @ts-expect-error: an empty _or matches nothing
    Query.from(building_features, { select, where: { _or: [] } })
    // @ts-expect-error: the server would read one object as a list with one element
    Query.from(building_features, { select, where: { _or: { building_id: 71 } } })
    // @ts-expect-error: a wrong column inside _and
    Query.from(building_features, { select, where: { _and: [{ building: 71 }] } })
    // @ts-expect-error: a wrong column inside _not
    Query.from(building_features, { select, where: { _not: { building: 71 } } })
  })

  it("wrong orders, limits and ranges do not compile", () => {
    const select = ["building_id"] as const
    // @ts-expect-error: two columns in one object have no order
    Query.from(building_features, { select, orderBy: { building_id: "asc", group_id: "asc" } })
    // @ts-expect-error: no such direction
    Query.from(building_features, { select, orderBy: { building_id: "ascending" } })
    // @ts-expect-error: no such column
    Query.from(building_features, { select, orderBy: { metric_name: "asc" } })
    // @ts-expect-error: a limit is a number
    Query.from(building_features, { select, limit: "10" })
    // @ts-expect-error: not an ISO week
    TimeRange.week("2024-01", "UTC")
    // @ts-expect-error: not a date
    TimeRange.dates("1 January", "2024-01-02", "UTC")
    // @ts-expect-error: text is not an instant
    TimeRange.between("2024-01-01", "2024-01-02")
  })

  it("wrong filters of Query.and do not compile", () => {
    const query = Query.from(building_features, { select: ["building_id"] })
    // @ts-expect-error: no such column in this query's table
    Query.and(query, { BUILDING_ID: 71 })
  })
})
