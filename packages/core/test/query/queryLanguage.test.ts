/**
 * Tests root fields that are not lists of rows, relationships, and types other than the basic
 * types.
 */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type * as Filter from "@innerspace-metrics/core/Filter"
import type * as JsonValue from "@innerspace-metrics/core/JsonValue"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"

interface SitesColumns {
  readonly site_id: Column.Column<number, Filter.NumberFilter>
  readonly name: Column.Column<string, Filter.TextFilter>
  readonly zones: Relationship.ToMany<ZonesColumns>
}
interface ZonesColumns {
  readonly zone_id: Column.Column<number, Filter.NumberFilter>
  readonly name: Column.Column<string, Filter.TextFilter>
  readonly capacity: Column.Column<number | null, Filter.NumberFilter>
  readonly area: Column.Column<bigint, Filter.BigintFilter>
  readonly opened_on: Column.Column<TimeRange.LocalDate, Filter.DateFilter>
  readonly partition: Column.Column<number, Filter.DatePartitionFilter>
  readonly tags: Column.Column<ReadonlyArray<string>, Filter.ArrayOperators<string>>
  readonly kind: Column.Column<string, Filter.EnumFilter<"desk" | "room">>
  readonly settings: Column.Column<JsonValue.JsonValue, Filter.JsonbFilter>
  readonly site: Relationship.ToOne<SitesColumns>
}
const sites: Table.Table<"sites", SitesColumns> = Table.make("sites", {
  site_id: Column.assumed(Scalar.Int, "test"),
  name: Column.assumed(Scalar.String, "test"),
  zones: Relationship.many(() => zones)
})
const zones: Table.Table<"zones", ZonesColumns> = Table.make("zones", {
  zone_id: Column.assumed(Scalar.Int, "test"),
  name: Column.assumed(Scalar.String, "test"),
  capacity: Column.nullable(Column.assumed(Scalar.Int, "test")),
  area: Column.assumed(Scalar.bigint, "test"),
  opened_on: Column.assumed(Scalar.date, "test"),
  partition: Column.assumed(Scalar.datePartition, "test"),
  tags: Column.assumed(Scalar.array(Scalar.String), "test"),
  kind: Column.assumed(Scalar.enumeration("kind_enum", ["desk", "room"]), "test"),
  settings: Column.assumed(Scalar.jsonb, "test"),
  site: Relationship.one(() => sites)
})

const built = <A>(query: Query.Query<unknown, unknown, A>) =>
  Effect.runSync(QueryBuilder.build(query))

/** The root field of the document and everything inside it, on one line. */
const body = <A>(query: Query.Query<unknown, unknown, A>) =>
  Operation.toText(built(query))
    .replace(/^[^{]*/, "")
    .replace(/\s+/g, " ")

const named = ["name"] as const

const reasonOf = <A>(query: Query.Query<unknown, unknown, A>) => {
  const result = Effect.runSync(Effect.either(QueryBuilder.build(query)))
  return Either.isLeft(result) ? result.left.reason : "built"
}

const decoded = <A>(query: Query.Query<unknown, unknown, A>, data: JsonValue.JsonValue): A =>
  Either.getOrThrowWith(built(query).decode(data), (error) => error)

describe("byPk", () => {
  const query = Query.byPk(zones, { zone_id: 12 }, { select: ["name"] })

  it("byPk selects one row by its key", () => {
    assert.strictEqual(body(query), "{ zones_by_pk(zone_id: $zone_id) { name } }")
    assert.deepStrictEqual(built(query).variables, { zone_id: 12 })
  })

  it("byPk returns the row, or null", () => {
    expectTypeOf<Query.Answer<typeof query>>().toEqualTypeOf<{ readonly name: string } | null>()
    assert.deepStrictEqual(decoded(query, { zones_by_pk: { name: "Lobby" } }), { name: "Lobby" })
    assert.isNull(decoded(query, { zones_by_pk: null }))
  })

  it("byPk rejects an invalid key", () => {
    assert.strictEqual(reasonOf(Query.byPk(zones, {}, { select: ["name"] })), "EmptyFilter")
    // @ts-expect-error: text for a number
    const wrong1 = Query.byPk(zones, { zone_id: "1" }, { select: named })
    assert.strictEqual(reasonOf(wrong1), "InvalidValue")
    // @ts-expect-error: no such column
    const wrong2 = Query.byPk(zones, { id: 1 }, { select: named })
    assert.strictEqual(reasonOf(wrong2), "UnknownColumn")
  })
})

describe("aggregate", () => {
  const query = Query.aggregate(zones, {
    select: {
      count: true,
      countDistinct: ["name", "kind"],
      sum: ["area"],
      avg: ["capacity"],
      max: ["opened_on", "capacity"]
    },
    where: { capacity: { _gt: 4 } },
    limit: 100
  })

  it("aggregate selects the functions of the columns", () => {
    assert.strictEqual(
      body(query),
      "{ zones_aggregate(where: {capacity: {_gt: $capacity_gt}}, limit: $limit) { aggregate { count " +
        "countDistinct: count(columns: [name, kind], distinct: true) sum { area } avg { capacity } " +
        "max { opened_on capacity } } } }"
    )
  })

  it("aggregate returns each result in its type, and null without values", () => {
    expectTypeOf<Query.Answer<typeof query>>().toEqualTypeOf<{
      readonly count: number
      readonly countDistinct: number
      readonly sum: { readonly area: bigint | null }
      readonly avg: { readonly capacity: number | null }
      readonly max: {
        readonly opened_on: TimeRange.LocalDate | null
        readonly capacity: number | null
      }
    }>()
    const aggregate = {
      count: 2,
      countDistinct: 1,
      sum: { area: "12" },
      avg: { capacity: 5.5 },
      max: { opened_on: null, capacity: 6 }
    }
    assert.deepStrictEqual(decoded(query, { zones_aggregate: { aggregate } }), {
      ...aggregate,
      sum: { area: 12n }
    })
  })

  it("aggregate rejects unknown functions", () => {
    // @ts-expect-error: no such function
    const wrong3 = Query.aggregate(zones, { select: { median: ["area"] } })
    assert.strictEqual(reasonOf(wrong3), "UnknownOperator")
    // @ts-expect-error: text has no sum
    Query.aggregate(zones, { select: { sum: ["name"] } })
    assert.strictEqual(reasonOf(Query.aggregate(zones, { select: {} })), "EmptySelection")
    assert.strictEqual(reasonOf(Query.aggregate(zones, { select: { sum: [] } })), "InvalidValue")
  })
})

describe("relationships", () => {
  const query = Query.from(zones, {
    select: [
      "name",
      { relationship: "site", select: ["name"] },
      {
        relationship: "site",
        as: "floor",
        select: [
          "site_id",
          { relationship: "zones", select: ["zone_id"], where: { capacity: 4 }, limit: 2 }
        ]
      }
    ],
    where: { site: { name: { _like: "A%" } }, _not: { site: { zones: { kind: "desk" } } } },
    orderBy: [{ site: { name: "asc" } }, { zone_id: "desc" }]
  })

  it("relationships can be selected, filtered and ordered by, with their own variables", () => {
    assert.strictEqual(
      body(query),
      "{ zones( where: {site: {name: {_like: $name_like}}, _not: {site: {zones: {kind: {_eq: $kind}}}}} " +
        "order_by: [{site: {name: asc}}, {zone_id: desc}] ) { name site { name } floor: site { site_id " +
        "zones(where: {capacity: {_eq: $capacity}}, limit: $limit) { zone_id } } } }"
    )
  })

  it("a relationship returns a row or null, or a list of rows", () => {
    expectTypeOf<Query.Answer<typeof query>>().toEqualTypeOf<
      ReadonlyArray<{
        readonly name: string
        readonly site: { readonly name: string } | null
        readonly floor: {
          readonly site_id: number
          readonly zones: ReadonlyArray<{ readonly zone_id: number }>
        } | null
      }>
    >()
    const rows = [
      { name: "A", site: { name: "1" }, floor: { site_id: 1, zones: [{ zone_id: 2 }] } },
      { name: "B", site: null, floor: null }
    ]
    assert.deepStrictEqual(decoded(query, { zones: rows }), rows)
  })

  it("the error of a nested cell names its own table and column", () => {
    const result = built(query).decode({
      zones: [{ name: "A", site: { name: 1 }, floor: null }]
    })
    assert.isTrue(
      Either.isLeft(result) && result.left.table === "sites" && result.left.column === "name"
    )
  })

  it("wrong parts of a relationship are rejected", () => {
    // @ts-expect-error: no such relationship
    const wrong4 = Query.from(zones, { select: [{ relationship: "floor", select: named }] })
    assert.strictEqual(reasonOf(wrong4), "UnknownColumn")
    // @ts-expect-error: the related table has no such column
    const wrong5 = Query.from(zones, { select: [{ relationship: "site", select: ["capacity"] }] })
    assert.strictEqual(reasonOf(wrong5), "UnknownColumn")
    // @ts-expect-error: rows cannot be ordered by a relationship to many rows
    const wrong6 = Query.from(sites, { select: named, orderBy: { zones: { name: "asc" } } })
    assert.strictEqual(reasonOf(wrong6), "UnknownColumn")
    // @ts-expect-error: a relationship is not a column
    const wrong7 = Query.from(zones, { select: ["site"] })
    assert.strictEqual(reasonOf(wrong7), "UnknownColumn")
    // @ts-expect-error: a column of another table in the filter
    const wrong8 = Query.from(zones, { select: named, where: { site: { capacity: 1 } } })
    assert.strictEqual(reasonOf(wrong8), "UnknownColumn")
    assert.strictEqual(
      reasonOf(Query.from(zones, { select: [{ relationship: "site", select: named, limit: 1 }] })),
      "InvalidValue"
    )
  })
})

describe("names and paths", () => {
  const query = Query.from(zones, {
    select: [
      { column: "settings", as: "light", path: "$.light[0]" },
      { column: "settings", as: "all" },
      { column: "capacity", as: "seats" }
    ]
  })

  it("names are sent as aliases, and paths as variables", () => {
    assert.strictEqual(
      body(query),
      "{ zones { light: settings(path: $settings_path) all: settings seats: capacity } }"
    )
  })

  it("values are returned under their names", () => {
    expectTypeOf<Query.Answer<typeof query>>().toEqualTypeOf<
      ReadonlyArray<{
        readonly light: JsonValue.JsonValue
        readonly all: JsonValue.JsonValue
        readonly seats: number | null
      }>
    >()
    const rows = [{ light: null, all: { light: [] }, seats: 4 }]
    assert.deepStrictEqual(decoded(query, { zones: rows }), rows)
  })

  it("names that clash, and paths into columns without JSON, are rejected", () => {
    assert.strictEqual(
      reasonOf(Query.from(zones, { select: ["name", { column: "kind", as: "name" }] })),
      "InvalidName"
    )
    assert.strictEqual(
      reasonOf(Query.from(zones, { select: [{ column: "name", as: "a", path: "$.b" }] })),
      "InvalidValue"
    )
    assert.strictEqual(
      reasonOf(Query.from(zones, { select: [{ column: "name", as: "a b" }] })),
      "InvalidName"
    )
  })
})

describe("distinctOn", () => {
  const distinct = (orderBy?: ReadonlyArray<Query.OrderBy<ZonesColumns>>) =>
    Query.from(zones, {
      select: ["name"],
      distinctOn: ["site", "kind"].filter((name) => name === "kind") as ReadonlyArray<"kind">,
      ...(orderBy === undefined ? {} : { orderBy })
    })

  it("distinctOn is sent as a list of columns", () => {
    assert.include(body(distinct([{ kind: "asc" }, { name: "asc" }])), "distinct_on: [kind]")
    assert.include(body(distinct()), "distinct_on: [kind]")
  })

  it("orderBy must begin with the columns of distinctOn", () => {
    assert.strictEqual(reasonOf(distinct([{ name: "asc" }, { kind: "asc" }])), "InvalidValue")
  })
})

describe("types", () => {
  const where = (where: Query.Where<ZonesColumns>) =>
    built(Query.from(zones, { select: ["zone_id"], where }))

  it("a range on a date or a partition stands for the dates that it touches in its zone", () => {
    const week = TimeRange.week("2025-W18", "America/Chicago")
    assert.deepStrictEqual(where({ partition: week, opened_on: week }).variables, {
      partition_gte: 20250428,
      partition_lte: 20250504,
      opened_on_gte: "2025-04-28",
      opened_on_lte: "2025-05-04"
    })
    const instants = TimeRange.between(new Date(0), new Date(1))
    assert.strictEqual(
      reasonOf(Query.from(zones, { select: ["name"], where: { partition: instants } })),
      "InvalidValue"
    )
  })

  it("variables of arrays, enums and casts are declared exactly", () => {
    const operation = where({
      tags: { _contains: ["quiet"], _in: [["a"], []] },
      kind: ["desk"],
      settings: { _cast: { String: { _ilike: "%on%" } } }
    })
    assert.strictEqual(
      Operation.toText(operation).split(" {")[0],
      "query zones($tags_contains: [String!]!, $tags_in: [[String!]!]!, $kind_in: [kind_enum!]!, " +
        "$settings_cast_String_ilike: String!)"
    )
    assert.include(
      Operation.toText(operation),
      "settings: {_cast: {String: {_ilike: $settings_cast_String_ilike}}}"
    )
  })

  it("an enumeration decodes any value, and its known values complete", () => {
    const kind = Column.observed(Scalar.enumeration("kind_enum", ["desk", "room"]), "test")
    const query = Query.from(Table.make("zones", { kind }), { select: ["kind"] })
    expectTypeOf<Query.Answer<typeof query>[number]["kind"]>().toEqualTypeOf<
      Scalar.Open<"desk" | "room">
    >()
    expectTypeOf<Scalar.Open<"desk" | "room">>().not.toEqualTypeOf<string>()
    expectTypeOf<string>().toExtend<Scalar.Open<"desk" | "room">>()
    assert.deepStrictEqual(decoded(query, { zones: [{ kind: "lab" }] }), [{ kind: "lab" }])
    // @ts-expect-error: a filter accepts only known values
    assert.strictEqual(reasonOf(Query.and(query, { kind: "lab" })), "InvalidValue")
    // @ts-expect-error: an enumeration has no order
    assert.strictEqual(reasonOf(Query.and(query, { kind: { _gt: "desk" } })), "UnknownOperator")
  })

  it("values of the wrong type are rejected", () => {
    const select = ["name"] as const
    const reason = (where: unknown) =>
      // Untyped code can pass anything.
      reasonOf(Query.from(zones, { select, where: where as Query.Where<ZonesColumns> }))
    assert.strictEqual(reason({ opened_on: "2024-02-30" }), "InvalidValue")
    assert.strictEqual(reason({ kind: "sofa" }), "InvalidValue")
    assert.strictEqual(reason({ kind: { _gt: "desk" } }), "UnknownOperator")
    assert.strictEqual(reason({ tags: { _contains: "quiet" } }), "InvalidValue")
    assert.strictEqual(reason({ settings: { _cast: { String: { _gt_: 1 } } } }), "UnknownOperator")
    assert.strictEqual(reason({ settings: { _cast: { Int: { _gt: 1 } } } }), "InvalidValue")
    assert.strictEqual(reason({ settings: { _cast: {} } }), "InvalidValue")
  })
})

describe("raw", () => {
  const query = Query.raw(Query.from(zones, { select: ["area", "opened_on"] }))

  it("Query.raw returns undecoded cells", () => {
    expectTypeOf<Query.Answer<typeof query>>().toEqualTypeOf<
      ReadonlyArray<{
        readonly area: JsonValue.JsonValue
        readonly opened_on: JsonValue.JsonValue
      }>
    >()
    const rows = [{ area: "12", opened_on: 7 }]
    assert.strictEqual(decoded(query, { zones: rows }), rows)
  })

  it("Query.raw rejects data that is not rows", () => {
    const operation = Effect.runSync(QueryBuilder.build(query))
    for (const [zones, row] of [
      [undefined, undefined],
      [{ area: "12" }, undefined],
      [[{ area: "12" }, null], 1],
      [["area"], 0]
    ] as const) {
      const error = Effect.runSync(Effect.flip(operation.decode({ zones } as JsonValue.JsonObject)))
      assert.deepStrictEqual([error.reason, error.table, error.row], ["WrongShape", "zones", row])
    }
  })
})

describe("several queries in one operation", () => {
  const queries = {
    first: Query.from(zones, { select: ["name"], where: { zone_id: 1 }, limit: 1 }),
    second: Query.byPk(sites, { site_id: 2 }, { select: ["name"] }),
    third: Query.aggregate(zones, { select: { count: true }, where: { zone_id: [3] } })
  }

  it("aliases and variables of several queries do not collide", () => {
    const operation = Effect.runSync(QueryBuilder.buildAll("overview", queries))
    expectTypeOf(operation).toEqualTypeOf<
      Operation.Operation<{
        readonly first: ReadonlyArray<{ readonly name: string }>
        readonly second: { readonly name: string } | null
        readonly third: { readonly count: number }
      }>
    >()
    assert.strictEqual(
      Operation.toText(operation).replace(/\s+/g, " "),
      "query overview($zone_id: Int!, $limit: Int!, $site_id: Int!, $zone_id_in: [Int!]!) { " +
        "first: zones(where: {zone_id: {_eq: $zone_id}}, limit: $limit) { name } " +
        "second: sites_by_pk(site_id: $site_id) { name } " +
        "third: zones_aggregate(where: {zone_id: {_in: $zone_id_in}}) { aggregate { count } } }"
    )
  })

  it("each of several queries returns its result under its key", () => {
    const operation = Effect.runSync(QueryBuilder.buildAll("overview", queries))
    assert.deepStrictEqual(
      operation.decode({
        first: [{ name: "Lobby" }],
        second: null,
        third: { aggregate: { count: 1 } }
      }),
      Either.right({ first: [{ name: "Lobby" }], second: null, third: { count: 1 } })
    )
  })
})
