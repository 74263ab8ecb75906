/**
 * Tests the types that the compiler must infer for decoded rows, and the code that it must reject.
 */
import { describe, expectTypeOf, it } from "@effect/vitest"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Column from "@innerspace-metrics/core/Column"
import * as Query from "@innerspace-metrics/core/Query"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as ValueSchema from "@innerspace-metrics/core/ValueSchema"
import type * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"

const sites = Table.make("sites", { name: Column.assumed(Scalar.String, "test") })
const zones = Table.make("zones", {
  name: Column.assumed(Scalar.String, "test"),
  area: Column.assumed(Scalar.numeric, "test"),
  rent: Column.nullable(Column.assumed(Scalar.numeric, "test")),
  settings: Column.assumed(Scalar.jsonb, "test"),
  hours: Column.nullable(Column.assumed(Scalar.jsonb, "test")),
  opened_on: Column.assumed(Scalar.date, "test"),
  opened_at: Column.assumed(Scalar.timestamptz, "test"),
  floor: Column.assumed(Scalar.Int, "test"),
  site: Relationship.one(() => sites)
})
const all = Query.from(zones, {
  select: [
    "name",
    "area",
    "rent",
    "settings",
    "hours",
    "opened_on",
    "opened_at",
    "floor",
    { column: "settings", as: "light", path: "$.light" },
    { relationship: "site", select: ["name"] }
  ]
})
const { NumberFromBigDecimal } = ValueSchema

class Person extends Schema.Class<Person>("Person")({ name: Schema.String }) {}
class Service extends Context.Tag("Service")<Service, string>() {}

describe("decode", () => {
  it("Query.decode gives values the types of their Schemas, and leaves the others", () => {
    const query = Query.decode(all, {
      area: NumberFromBigDecimal,
      rent: NumberFromBigDecimal,
      settings: Schema.Struct({ "1": Schema.Number, meta: Schema.Unknown }),
      hours: Schema.NullOr(Schema.Struct({ from: Schema.optional(Schema.String) })),
      opened_on: Schema.Date,
      opened_at: Schema.DateTimeUtcFromSelf,
      floor: Schema.Literal(1, 2),
      light: Schema.Array(Schema.NumberFromString),
      site: Schema.Struct({ name: Schema.NonEmptyString })
    })
    expectTypeOf<Query.Answer<typeof query>>().toEqualTypeOf<
      ReadonlyArray<{
        readonly name: string
        readonly area: number
        readonly rent: number | null
        readonly settings: { readonly "1": number; readonly meta: unknown }
        readonly hours: { readonly from?: string | undefined } | null
        readonly opened_on: Date
        readonly opened_at: DateTime.Utc
        readonly floor: 1 | 2
        readonly light: ReadonlyArray<number>
        readonly site: { readonly name: string } | null
      }>
    >()
  })

  it("Query.decode accepts classes, records, unions and JSON in text", () => {
    const query = Query.decode(all, {
      settings: Person,
      hours: Schema.Record({ key: Schema.String, value: Schema.Number }),
      light: Schema.Union(Schema.Number, Schema.parseJson(Schema.Number)),
      name: Schema.parseJson(Person)
    })
    type Row = Query.Answer<typeof query>[number]
    expectTypeOf<Row["settings"]>().toEqualTypeOf<Person>()
    expectTypeOf<Row["hours"]>().toEqualTypeOf<{ readonly [x: string]: number }>()
    expectTypeOf<Row["light"]>().toEqualTypeOf<number>()
    expectTypeOf<Row["name"]>().toEqualTypeOf<Person>()
    expectTypeOf<Row["area"]>().toEqualTypeOf<BigDecimal.BigDecimal>()
  })

  it("Query.decode keeps the shape of the result, and can be combined further", () => {
    const one = Query.decode(Query.byPk(zones, { name: "Lobby" }, { select: ["area"] }), {
      area: NumberFromBigDecimal
    })
    expectTypeOf<Query.Answer<typeof one>>().toEqualTypeOf<{ readonly area: number } | null>()
    const most = Query.decode(Query.aggregate(zones, { select: { count: true, max: ["area"] } }), {
      max: Schema.Struct({ area: Schema.NullOr(NumberFromBigDecimal) })
    })
    expectTypeOf<Query.Answer<typeof most>>().toEqualTypeOf<{
      readonly count: number
      readonly max: { readonly area: number | null }
    }>()
    const later = Query.and(
      Query.decode(Query.decode(all, { area: NumberFromBigDecimal }), { area: Schema.Int }),
      { floor: 1 }
    ).pipe(Query.limit(1))
    expectTypeOf<Query.Answer<typeof later>[number]["area"]>().toEqualTypeOf<number>()
  })

  it("a decoded value of a table unknown to the compiler may be null", () => {
    const table = Either.getOrThrow(Catalog.table(Catalog.make("all", [zones]), "zones"))
    const query = Query.decode(Query.from(table, { select: ["area"] }), {
      area: NumberFromBigDecimal
    })
    expectTypeOf<Query.Answer<typeof query>[number]["area"]>().toEqualTypeOf<number | null>()
  })

  it("Query.decode does not compile for wrong names and Schemas", () => {
    // @ts-expect-error: a value that is not selected
    Query.decode(all, { aera: NumberFromBigDecimal })
    // @ts-expect-error: a value that is not selected, next to one that is
    Query.decode(all, { area: NumberFromBigDecimal, aera: NumberFromBigDecimal })
    // @ts-expect-error: the name of the column, but the value has another name
    Query.decode(Query.from(zones, { select: [{ column: "area", as: "a" }] }), { area: Schema.Any })
    // @ts-expect-error: a Schema of text for a numeric
    Query.decode(all, { area: Schema.BigDecimal })
    // @ts-expect-error: a Schema of numbers for text
    Query.decode(all, { name: Schema.Number })
    // @ts-expect-error: a Schema of a type that JSON never contains
    Query.decode(all, { settings: Schema.DateFromSelf })
    // @ts-expect-error: the wrong column behind a relationship
    Query.decode(all, { site: Schema.Struct({ nam: Schema.String }) })
    // @ts-expect-error: a Schema that needs a service
    Query.decode(all, { name: Schema.transformOrFail(Schema.String, Schema.String, needsService) })
    // @ts-expect-error: not a Schema
    Query.decode(all, { name: String })
  })
})

const needsService = {
  strict: true,
  decode: (text: string) => Effect.map(Service, (service) => text + service),
  encode: Effect.succeed
} as const
