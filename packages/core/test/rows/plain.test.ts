/** Tests plain values, which rows have instead of the types of Effect. */
import { assert, describe, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Series from "@innerspace-metrics/core/Series"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as v1 from "@innerspace-metrics/core/v1"
import * as v2 from "@innerspace-metrics/core/v2"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const point = { type: "Point", coordinates: [9.19, 45.46] }
const time = "2024-03-05T06:00:00.123456+00:00"

/** A cell of each scalar that the library has, and its plain value. */
const cells: { readonly [name: string]: readonly [cell: JsonValue, plain: unknown] } = {
  Int: [71, 71],
  bigint: ["9007199254740993", "9007199254740993"],
  numeric: ["12.50", 12.5],
  float8: [0.1, 0.1],
  Float: ["1e21", 1e21],
  Boolean: [true, true],
  String: ["lobby", "lobby"],
  timestamptz: [time, new Date("2024-03-05T06:00:00.123Z")],
  jsonb: [{ a: [1, { b: "9007199254740993" }] }, { a: [1, { b: "9007199254740993" }] }],
  smallint: [1, 1],
  uuid: ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"],
  date: ["2024-03-05", "2024-03-05"],
  timestamp: ["2024-03-05T06:00:00", "2024-03-05T06:00:00"],
  time: ["06:00:00", "06:00:00"],
  timetz: ["06:00:00+00", "06:00:00+00"],
  citext: ["A", "A"],
  bpchar: ["A ", "A "],
  ltree: ["a.b", "a.b"],
  json: [[null], [null]],
  geometry: [point, point],
  geography: [point, point],
  datePartition: [20240305, 20240305]
}

const scalars = new Map(
  Object.entries(Scalar).flatMap(([name, value]) =>
    typeof value === "object" && "decode" in value ? [[name, value as Scalar.Any] as const] : []
  )
)

/** The rows that a query reads from these cells. */
const read = <A>(query: Query.Query<unknown, unknown, A>, field: string, value: JsonValue): A =>
  Effect.runSync(
    Effect.flatMap(QueryBuilder.build(query), (operation) => operation.decode({ [field]: value }))
  )

const one = (scalar: Scalar.Any, cell: JsonValue): unknown => {
  const table = Table.make("t", { c: Column.nullable(Column.assumed(scalar, "test")) })
  const [row] = read(Query.plain(Query.from(table, { select: ["c"] })), "t", [{ c: cell }])
  return row?.c
}

describe("plain rows", () => {
  it("every scalar is tested as a plain value", () => {
    assert.sameMembers([...scalars.keys()], Object.keys(cells))
  })

  for (const [name, scalar] of scalars) {
    it(`JSON.stringify accepts a plain ${name}, alone and in an array, and null`, () => {
      const [cell, plain] = cells[name] ?? [null, null]
      assert.deepStrictEqual(one(scalar, cell), plain)
      assert.deepStrictEqual(one(Scalar.array(scalar), [cell, cell]), [plain, plain])
      assert.isNull(one(scalar, null))
      JSON.stringify(one(Scalar.array(scalar), [cell]))
    })
  }

  it("a plain bigint or numeric is a number if that is exact, otherwise its digits", () => {
    const digits: ReadonlyArray<readonly [JsonValue, string | number]> = [
      [7, 7],
      ["-7", -7],
      ["9007199254740991", 9007199254740991],
      ["9007199254740993", "9007199254740993"],
      // JavaScript writes this double with other digits.
      ["1152921504606846976", "1152921504606846976"],
      ["9223372036854775807", "9223372036854775807"]
    ]
    for (const [cell, plain] of digits) {
      assert.strictEqual(one(Scalar.bigint, cell), plain)
      assert.strictEqual(one(Scalar.numeric, cell), plain)
    }
    assert.strictEqual(one(Scalar.numeric, "0.1"), 0.1)
    assert.strictEqual(one(Scalar.numeric, "1e-7"), 1e-7)
    assert.strictEqual(one(Scalar.numeric, "0.12345678901234567890"), "0.1234567890123456789")
    assert.strictEqual(one(Scalar.numeric, "1e400"), "1e+400")
    assert.strictEqual(one(Scalar.numeric, "-1e-400"), "-1e-400")
  })

  it("a plain integer that is not safe is text", () => {
    assert.strictEqual(one(Scalar.bigint, "9007199254740992"), "9007199254740992")
  })

  it("a plain row loses no digit of a bigint or a numeric", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
        FastCheck.integer({ min: -40, max: 40 }),
        (digits, scale) => {
          const value = BigDecimal.make(digits, scale)
          const plain = one(Scalar.numeric, BigDecimal.format(value))
          const back = BigDecimal.fromString(String(JSON.parse(JSON.stringify(plain))))
          assert.isTrue(BigDecimal.equals(Option.getOrThrow(back), value), String(plain))
          const whole = BigInt.asIntN(63, digits)
          assert.strictEqual(BigInt(String(one(Scalar.bigint, `${whole}`))), whole)
        }
      )
    )
  })

  it("Query.plain applies to related rows, one row, aggregates, aliases and several queries", () => {
    const sites = Table.make("sites", {
      id: Column.assumed(Scalar.bigint, "test"),
      opened: Column.assumed(Scalar.timestamptz, "test"),
      settings: Column.assumed(Scalar.jsonb, "test")
    })
    const zones = Table.make("zones", {
      id: Column.assumed(Scalar.bigint, "test"),
      area: Column.nullable(Column.assumed(Scalar.numeric, "test")),
      seen: Column.assumed(Scalar.timestamptz, "test"),
      site: Relationship.one(() => sites),
      sites: Relationship.many(() => sites)
    })
    const site = { id: "9007199254740993", opened: time, settings: { n: 1 } }
    const plainSite = {
      id: "9007199254740993" as const,
      opened: new Date("2024-03-05T06:00:00.123Z"),
      settings: { n: 1 }
    }
    const query = Query.from(zones, {
      select: [
        { column: "seen", as: "last_seen" },
        { relationship: "site", select: ["id", "opened", "settings"] },
        { relationship: "sites", as: "all", select: ["id", "opened", "settings"] }
      ]
    })
    assert.deepStrictEqual(
      read(Query.plain(query), "zones", [{ last_seen: time, site, all: [site] }]),
      [{ last_seen: plainSite.opened, site: plainSite, all: [plainSite] }]
    )
    assert.deepStrictEqual(
      read(Query.plain(Query.byPk(zones, { id: 1 }, { select: ["seen"] })), "zones_by_pk", {
        seen: time
      }),
      { seen: plainSite.opened }
    )
    const totals = Query.aggregate(zones, {
      select: { count: true, max: ["seen", "id"], sum: ["area", "id"], avg: ["area"] }
    })
    assert.deepStrictEqual(
      read(Query.plain(totals), "zones_aggregate", {
        aggregate: {
          count: 2,
          max: { seen: time, id: "9007199254740993" },
          sum: { area: "12.5", id: null },
          avg: { area: "6.25" }
        }
      }),
      {
        count: 2,
        max: { seen: plainSite.opened, id: "9007199254740993" },
        sum: { area: 12.5, id: null },
        avg: { area: 6.25 }
      }
    )
  })

  it("Query.plain applies to the results of custom Schemas and scalars, at any depth", () => {
    const settings = Table.make("t", { c: Column.assumed(Scalar.jsonb, "test") })
    const decoded = Query.decode(Query.from(settings, { select: ["c"] }), {
      c: Schema.Struct({
        ids: Schema.Array(Schema.BigInt),
        at: Schema.DateTimeUtc,
        price: Schema.BigDecimal,
        maybe: Schema.OptionFromNullOr(Schema.Number)
      })
    })
    const cell = {
      ids: ["1", "9007199254740993"],
      at: "2024-03-05T06:00:00Z",
      price: "1.10",
      maybe: 1
    }
    const [row] = read(Query.plain(decoded), "t", [{ c: cell }])
    assert.deepStrictEqual(row?.c, {
      ids: [1, "9007199254740993"],
      at: new Date("2024-03-05T06:00:00Z"),
      price: 1.1,
      maybe: Option.some(1)
    })
    const nested = Scalar.make<{ readonly n: bigint }, never>({
      name: "nested",
      operators: {},
      decode: () => Either.right({ n: 2n ** 60n })
    })
    assert.deepStrictEqual(one(nested, "x"), { n: "1152921504606846976" })
  })

  it("Query.plain survives deeply nested and huge values of a custom scalar", () => {
    const any = Scalar.make<JsonValue, never>({ name: "any", operators: {}, decode: Either.right })
    const depth = 20_000
    assert.isArray(one(any, JSON.parse("[".repeat(depth) + "]".repeat(depth))))
    const huge = Scalar.make<BigDecimal.BigDecimal, never>({
      name: "huge",
      operators: {},
      decode: () => Either.right(BigDecimal.make(1n, 999_999_999))
    })
    assert.strictEqual(one(huge, 1), "1e-999999999")
  })

  it("each plain row has its own Date", () => {
    const table = Table.make("t", { c: Column.assumed(Scalar.timestamptz, "test") })
    const rows = read(Query.plain(Query.from(table, { select: ["c"] })), "t", [
      { c: time },
      { c: time }
    ])
    rows[0]?.c.setFullYear(1970)
    assert.strictEqual(rows[1]?.c.getUTCFullYear(), 2024)
  })

  it("JSON.stringify accepts plain rows of every table of the shipped catalogues", () => {
    for (const table of [...v1.catalog.tables.values(), ...v2.catalog.tables.values()]) {
      const columns = [...table.byName]
      const [first = "", ...others] = columns.map(([name]) => name)
      const cellsOf = Object.fromEntries(
        columns.map(([name, { scalar }]) => {
          const known = [...scalars].find(([, one]) => one === scalar)?.[0] ?? scalar.name
          return [name, (cells[known] ?? cells["String"] ?? [null])[0]]
        })
      )
      const query = Query.from(table as Table.Table<string, Record<string, Column.Any>>, {
        select: [first, ...others],
        allowOpen: table.dimensions
      })
      const rows = read(Query.plain(query), table.name, [cellsOf])
      assert.strictEqual(JSON.parse(JSON.stringify(rows)).length, 1, table.name)
    }
  })

  it("Query.plain does not change the rows of Query.raw, in either order", () => {
    const table = Table.make("t", { c: Column.assumed(Scalar.timestamptz, "test") })
    const query = Query.from(table, { select: ["c"] })
    for (const raw of [Query.plain(Query.raw(query)), Query.raw(Query.plain(query))]) {
      assert.deepStrictEqual(read(raw, "t", [{ c: time }]), [{ c: time }])
    }
  })

  it("Query.decode after Query.plain reads plain values", () => {
    const table = Table.make("t", { c: Column.assumed(Scalar.timestamptz, "test") })
    const query = Query.decode(Query.plain(Query.from(table, { select: ["c"] })), {
      c: Schema.transform(Schema.DateFromSelf, Schema.Number, {
        strict: true,
        decode: (date) => date.getTime(),
        encode: (millis) => new Date(millis)
      })
    })
    assert.deepStrictEqual(read(query, "t", [{ c: time }]), [{ c: Date.parse(time) }])
  })

  it("a wrong cell of a plain row is the same error as of any row", () => {
    const table = Table.make("t", { c: Column.assumed(Scalar.numeric, "test") })
    const error = Effect.runSync(
      Effect.flip(
        Effect.flatMap(
          QueryBuilder.build(Query.plain(Query.from(table, { select: ["c"] }))),
          (operation) => operation.decode({ t: [{ c: "twelve" }] })
        )
      )
    )
    assert.deepInclude(error, { _tag: "DecodeError", column: "c", row: 0, found: '"twelve"' })
  })
})

describe("uses of plain values", () => {
  const range = TimeRange.dates("2024-03-04", "2024-03-07", "America/Chicago")
  const series = (
    rows: ReadonlyArray<{ readonly at: Date; readonly value: number | `${number}` | null }>
  ) =>
    Series.fromRows(rows, {
      time: "at",
      value: "value",
      metric: Metric.make("m", {
        unit: "people",
        overTime: "never",
        overSpace: "never",
        source: "test"
      }),
      range,
      granularity: "P1D",
      zone: "America/Chicago",
      publishedUntil: new Date("2024-04-01T00:00:00Z")
    })
  const at = new Date("2024-03-04T06:00:00Z")

  it("a series accepts a Date, a number and a decimal text", () => {
    const { buckets } = Effect.runSync(
      series([
        { at, value: 12 },
        { at: new Date("2024-03-05T06:00:00Z"), value: "0.1234567890123456789" },
        { at: new Date("2024-03-06T06:00:00Z"), value: null }
      ])
    )
    assert.deepStrictEqual(
      buckets.map(({ value }) => value),
      [12, 0.12345678901234568, null]
    )
  })

  it("a series rejects an invalid Date, other text, and an integer that no number holds", () => {
    const refused = (row: { readonly at: unknown; readonly value: unknown }) =>
      Effect.runSync(Effect.flip(series([row as { at: Date; value: number }]))).reason
    assert.strictEqual(refused({ at: new Date(Number.NaN), value: 1 }), "InvalidTime")
    for (const value of ["", "twelve", "NaN", "9007199254740993"]) {
      assert.strictEqual(refused({ at, value }), "InvalidValue", value)
    }
    const wrongUntil = Series.fromRows([{ at, value: 1 }], {
      time: "at",
      value: "value",
      metric: Metric.make("m", {
        unit: "people",
        overTime: "never",
        overSpace: "never",
        source: "test"
      }),
      range,
      granularity: "P1D",
      zone: "America/Chicago",
      publishedUntil: new Date(Number.NaN)
    })
    assert.strictEqual(Effect.runSync(Effect.flip(wrongUntil)).reason, "InvalidRange")
  })

  it("a filter accepts the plain value of a row, for every wide type", () => {
    const table = Table.make("t", {
      big: Column.assumed(Scalar.bigint, "test"),
      num: Column.assumed(Scalar.numeric, "test"),
      at: Column.assumed(Scalar.timestamptz, "test")
    })
    const variables = (where: Query.Where<(typeof table)["columns"]>) =>
      Object.values(
        Effect.runSync(QueryBuilder.build(Query.from(table, { select: ["big"], where }))).variables
      )
    assert.deepStrictEqual(
      variables({ big: "9223372036854775807", num: { _gt: "0.1234567890123456789" }, at }),
      ["9223372036854775807", "0.1234567890123456789", "2024-03-04T06:00:00.000Z"]
    )
    assert.deepStrictEqual(variables({ big: ["-1", 2], num: "1e-400" }), [["-1", "2"], "1e-400"])
    for (const where of [
      { big: "9223372036854775808" },
      { big: "1.5" },
      { num: "1e-99999" }
    ] as const) {
      assert.throws(() => variables(where), /Pass/)
    }
  })
})
