/** Tests the types that the compiler must infer for plain rows. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type { GeoJson } from "@innerspace-metrics/core/Filter"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import type * as Metric from "@innerspace-metrics/core/Metric"
import type { Plain, PlainNumber } from "@innerspace-metrics/core/Plain"
import type { PromiseMetricsClient } from "@innerspace-metrics/core/PromiseClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import type * as Series from "@innerspace-metrics/core/Series"
import * as Table from "@innerspace-metrics/core/Table"
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"

declare const metrics: PromiseMetricsClient

const sites = Table.make("sites", { opened: Column.assumed(Scalar.timestamptz, "test") })
const zones = Table.make("zones", {
  id: Column.assumed(Scalar.bigint, "test"),
  name: Column.assumed(Scalar.String, "test"),
  area: Column.nullable(Column.assumed(Scalar.numeric, "test")),
  seen: Column.assumed(Scalar.timestamptz, "test"),
  times: Column.assumed(Scalar.array(Scalar.timestamptz), "test"),
  settings: Column.assumed(Scalar.jsonb, "test"),
  shape: Column.nullable(Column.assumed(Scalar.geometry, "test")),
  site: Relationship.one(() => sites),
  sites: Relationship.many(() => sites)
})
const all = Query.from(zones, {
  select: [
    "id",
    "name",
    "area",
    "seen",
    "times",
    "settings",
    "shape",
    { relationship: "site", select: ["opened"] },
    { relationship: "sites", select: ["opened"] }
  ]
})

interface Row {
  readonly id: PlainNumber
  readonly name: string
  readonly area: PlainNumber | null
  readonly seen: Date
  readonly times: ReadonlyArray<Date>
  readonly settings: JsonValue
  readonly shape: GeoJson | null
  readonly site: { readonly opened: Date } | null
  readonly sites: ReadonlyArray<{ readonly opened: Date }>
}

describe("types of plain values", () => {
  it("Plain is the type of a promise client's rows", () => {
    const calls = () => ({
      rows: metrics.query(all),
      row: metrics.query(Query.byPk(zones, { id: 1 }, { select: ["seen"] })),
      totals: metrics.query(
        Query.aggregate(zones, { select: { count: true, max: ["seen"], sum: ["area"] } })
      ),
      both: metrics.queryAll({ all, raw: Query.raw(all) }),
      stream: metrics.stream(all),
      plan: metrics.plan(all)
    })
    type Calls = ReturnType<typeof calls>
    expectTypeOf<Awaited<Calls["rows"]>>().toEqualTypeOf<ReadonlyArray<Row>>()
    expectTypeOf<Awaited<Calls["row"]>>().toEqualTypeOf<{ readonly seen: Date } | null>()
    expectTypeOf<Awaited<Calls["totals"]>>().toEqualTypeOf<{
      readonly count: number
      readonly max: { readonly seen: Date | null }
      readonly sum: { readonly area: PlainNumber | null }
    }>()
    expectTypeOf<Awaited<Calls["both"]>["all"]>().toEqualTypeOf<ReadonlyArray<Row>>()
    expectTypeOf<Awaited<Calls["both"]>["raw"][number]["seen"]>().toEqualTypeOf<JsonValue>()
    expectTypeOf<Calls["stream"]>().toEqualTypeOf<AsyncIterable<Row>>()
    expectTypeOf<Awaited<Calls["plan"]>["windows"][number]["start"]>().toEqualTypeOf<Date>()
    expectTypeOf<
      Query.Answer<ReturnType<typeof Query.plain<Row, unknown, ReadonlyArray<Row>>>>
    >().toEqualTypeOf<ReadonlyArray<Row>>()
  })

  it("Plain does not change other values and objects with methods", () => {
    class Person extends Schema.Class<Person>("Person")({ name: Schema.String }) {
      greet() {
        return this.name
      }
    }
    expectTypeOf<Plain<unknown>>().toEqualTypeOf<unknown>()
    expectTypeOf<Plain<Option.Option<bigint>>>().toEqualTypeOf<Option.Option<bigint>>()
    expectTypeOf<Plain<DateTime.Zoned>>().toEqualTypeOf<DateTime.Zoned>()
    expectTypeOf<Plain<Person>>().toEqualTypeOf<Person>()
    expectTypeOf<Plain<Date>>().toEqualTypeOf<Date>()
    expectTypeOf<Plain<readonly [bigint, string]>>().toEqualTypeOf<readonly [PlainNumber, string]>()
    expectTypeOf<Plain<{ readonly at?: DateTime.Utc; readonly any: unknown }>>().toEqualTypeOf<{
      readonly at?: Date
      readonly any: unknown
    }>()
    expectTypeOf<Plain<BigDecimal.BigDecimal | null>>().toEqualTypeOf<PlainNumber | null>()
  })

  it("a series accepts columns of plain values, but not of text", () => {
    type Options<Value extends "id" | "area"> = Series.Options<Row, Value, Metric.Metric, "PT1H">
    expectTypeOf<Options<"id">["time"]>().toEqualTypeOf<"seen">()
    expectTypeOf<Options<"area">["value"]>().toEqualTypeOf<"area">()
    // @ts-expect-error: a name is not a number
    expectTypeOf<Series.Options<Row, "name", Metric.Metric, "PT1H">>().toBeObject()
  })
})
