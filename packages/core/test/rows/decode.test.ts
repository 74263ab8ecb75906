/** Tests that the caller's Schemas decode the values of rows. */
import { assert, describe, it, layer } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type * as JsonValue from "@innerspace-metrics/core/JsonValue"
import * as Metric from "@innerspace-metrics/core/Metric"
import type { DecodeError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Series from "@innerspace-metrics/core/Series"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import { NumberFromBigDecimal } from "@innerspace-metrics/core/ValueSchema"
import { building_features } from "@innerspace-metrics/core/v1"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { client, fresh, operations, TestLive } from "../support/sandboxClient.js"

const sites = Table.make("sites", { name: Column.assumed(Scalar.String, "test") })
const zones = Table.make("zones", {
  area: Column.nullable(Column.assumed(Scalar.numeric, "test")),
  settings: Column.assumed(Scalar.jsonb, "test"),
  hours: Column.nullable(Column.assumed(Scalar.jsonb, "test")),
  at: Column.assumed(Scalar.timestamptz, "test"),
  site: Relationship.one(() => sites)
})

const read = <A>(
  query: Query.Query<unknown, unknown, A>,
  rows: JsonValue.JsonValue
): Either.Either<A, DecodeError> =>
  Effect.runSync(QueryBuilder.build(Query.as(query, "rows"))).decode({ rows })

const decoded = <A>(query: Query.Query<unknown, unknown, A>, rows: JsonValue.JsonValue): A =>
  Either.getOrThrowWith(read(query, rows), (error) => error)

const failure = <A>(query: Query.Query<unknown, unknown, A>, rows: JsonValue.JsonValue) =>
  Either.getOrThrow(Either.flip(read(query, rows)))

const areas = Query.decode(Query.from(zones, { select: ["area"] }), { area: NumberFromBigDecimal })

describe("rows", () => {
  const query = Query.from(zones, {
    select: ["settings", { column: "hours", as: "monday", path: "$.monday" }]
  })

  it("a row has exactly the selected values, whatever the server sends and in which order", () => {
    for (const row of [
      { settings: 1, monday: null },
      { monday: null, settings: 1 },
      { settings: 1, monday: null, more: 2 },
      { settings: 1, more: 2 }
    ]) {
      assert.deepStrictEqual(decoded(query, [row]), [{ settings: 1, monday: null }])
    }
  })
})

describe("decoding in place", () => {
  const query = Query.from(zones, {
    select: [
      "at",
      "area",
      { column: "settings", as: "parts" },
      { relationship: "site", select: ["name"] }
    ]
  })
  const { decode } = Effect.runSync(QueryBuilder.build(Query.as(query, "rows")))
  const row = FastCheck.record({
    at: FastCheck.constantFrom("2024-01-01T06:00:00+00:00", "2024-01-02 06:00:00.5+00", "noon"),
    area: FastCheck.constantFrom(null, 1, "2.50"),
    parts: FastCheck.constantFrom(null, 1, { a: [1] }),
    site: FastCheck.constantFrom(null, { name: "North" })
  })

  it.prop(
    "decoding in place returns the same rows and errors as a copy, which does not change the response",
    [FastCheck.array(row, { maxLength: 4 })],
    ([rows]) => {
      const data = structuredClone({ rows })
      const copied = decode(data)
      assert.deepStrictEqual(data, { rows })
      assert.deepStrictEqual(decode(data, { inPlace: true }), copied)
    }
  )

  it("rows decoded in place are the row objects of the response", () => {
    const rows = [{ at: "2024-01-01T06:00:00+00:00", area: 1, parts: 2, site: { name: "North" } }]
    const [site, first] = [rows[0]?.site, rows[0]]
    const [found] = Either.getOrThrow(decode({ rows }, { inPlace: true }))
    assert.deepStrictEqual(found?.site, { name: "North" })
    assert.isTrue(Object.is(found, first) && Object.is(found?.site, site))
  })
})

describe("Query.decode", () => {
  it.prop(
    "Query.decode reads a numeric as the number in its text, and keeps null",
    [
      FastCheck.array(
        FastCheck.option(
          FastCheck.double({ noNaN: true, noDefaultInfinity: true, min: -1e14, max: 1e14 }).map(
            // A number has at most 15 digits here, because a JSON parser may round a number with
            // more digits.
            (number) => Number(number.toPrecision(15))
          )
        )
      )
    ],
    ([numbers]) => {
      for (const write of [String, (number: number) => number]) {
        const rows = numbers.map((number) => ({ area: number === null ? null : write(number) }))
        assert.deepStrictEqual(
          decoded(areas, rows).map(({ area }) => area),
          // PostgreSQL's numeric has no negative zero.
          numbers.map((number) => (number === 0 ? 0 : number))
        )
      }
    }
  )

  it.prop(
    "Query.decode passes JSON to a Schema unchanged, null included",
    [FastCheck.array(FastCheck.jsonValue())],
    ([values]) => {
      // FastCheck's type of JSON has the same values as `JsonValue`.
      const rows = values.map((value) => ({
        settings: value as JsonValue.JsonValue,
        hours: value as JsonValue.JsonValue
      }))
      const query = Query.from(zones, { select: ["settings", "hours"] })
      const all = Query.decode(query, {
        settings: Schema.Any,
        hours: Schema.Any
      })
      assert.deepStrictEqual(decoded(all, rows), decoded(query, rows))
    }
  )

  it.prop(
    "the error of Query.decode names the row, the place in it and the found value, shortened",
    [FastCheck.nat({ max: 20 }), FastCheck.nat({ max: 20 }), FastCheck.string({ minLength: 300 })],
    ([before, after, text]) => {
      const good = { settings: { counts: [1, 2] } }
      const rows = [
        ...Array.from({ length: before }, () => good),
        { settings: { counts: [1, text] } },
        ...Array.from({ length: after }, () => good)
      ]
      const error = failure(
        Query.decode(Query.from(zones, { select: ["settings"] }), {
          settings: Schema.Struct({ counts: Schema.Array(Schema.Number) })
        }),
        rows
      )
      assert.deepInclude(
        { ...error },
        { reason: "SchemaMismatch", table: "zones", column: "settings", row: before }
      )
      assert.include(error.problem, `zones.settings.counts.1 of row ${before} is "`)
      assert.match(error.expected, /^Expected number, actual "/)
      assert.isAtMost(error.found.length, 63)
      assert.isAtMost(error.expected.length, 203)
    }
  )

  it("Query.decode reads parts of JSON, aliases, related rows, one row and aggregates", () => {
    const query = Query.decode(
      Query.from(zones, {
        select: [
          { column: "settings", as: "light", path: "$.light" },
          { column: "area", as: "size" },
          { relationship: "site", select: ["name"] }
        ]
      }),
      {
        light: Schema.NullOr(Schema.NumberFromString),
        size: NumberFromBigDecimal,
        site: Schema.Struct({ name: Schema.Lowercase })
      }
    )
    assert.deepStrictEqual(
      decoded(query, [
        { light: "5", size: "1.5", site: { name: "A" } },
        { light: null, size: null, site: null }
      ]),
      [
        { light: 5, size: 1.5, site: { name: "a" } },
        { light: null, size: null, site: null }
      ]
    )
    const one = Query.decode(Query.byPk(zones, { area: 1 }, { select: ["area"] }), {
      area: NumberFromBigDecimal
    })
    assert.deepStrictEqual(decoded(one, { area: 7 }), { area: 7 })
    assert.isNull(decoded(one, null))
    const most = Query.decode(Query.aggregate(zones, { select: { max: ["area"] } }), {
      max: Schema.Struct({ area: NumberFromBigDecimal })
    })
    assert.deepStrictEqual(decoded(most, { aggregate: { max: { area: "9" } } }), {
      max: { area: 9 }
    })
    assert.strictEqual(failure(most, { aggregate: { max: { area: null } } }).column, "max")
  })

  it("Query.decode of the same query twice applies both Schemas", () => {
    assert.strictEqual(
      failure(Query.decode(areas, { area: Schema.Int }), [{ area: "1.5" }]).found,
      "1.5"
    )
    assert.deepStrictEqual(decoded(Query.decode(areas, { area: Schema.Int }), [{ area: "1" }]), [
      { area: 1 }
    ])
  })

  it("Query.decode fails if the Schema rejects null, and names Schema.NullOr", () => {
    const query = Query.decode(Query.from(zones, { select: ["hours"] }), {
      hours: Schema.Struct({ from: Schema.String })
    })
    const error = failure(query, [{ hours: null }])
    assert.strictEqual(error.found, "null")
    assert.include(error.hint, "Schema.NullOr")
  })

  it("a cell that is not of its column's type fails before the Schema reads it", () => {
    assert.strictEqual(failure(areas, [{ area: "wide" }]).reason, "WrongValue")
    assert.strictEqual(failure(areas, [{ area: "1e400" }]).reason, "SchemaMismatch")
  })

  it("Query.decode fails for a value for which the Schema throws", () => {
    const settings = Query.from(zones, { select: ["settings"] })
    const either = Schema.Union(
      Schema.Struct({ kind: Schema.Literal("open"), seats: Schema.Number }),
      Schema.Struct({ kind: Schema.Literal("closed") })
    )
    const error = failure(Query.decode(settings, { settings: either }), [
      { settings: { kind: "closed" } },
      { settings: { kind: { toString: 1 } } }
    ])
    assert.strictEqual(error.reason, "SchemaMismatch")
    assert.strictEqual(error.row, 1)
    assert.include(error.expected, "TypeError: Cannot convert object to primitive value")
    assert.strictEqual(error.found, '{"kind":{"toString":1}}')
  })

  it("Query.decode fails for a Schema that is asynchronous", () => {
    const slow = Schema.transformOrFail(Schema.Number, Schema.Number, {
      strict: true,
      decode: (value) => Effect.delay(Effect.succeed(value), "1 second"),
      encode: Effect.succeed
    })
    assert.strictEqual(
      failure(Query.decode(areas, { area: slow }), [{ area: 1 }]).reason,
      "SchemaMismatch"
    )
  })

  it("Query.decode fails for a Schema that needs a service, passed by untyped code", () => {
    class Service extends Context.Tag("Service")<Service, number>() {}
    const needy = Schema.transformOrFail(Schema.Number, Schema.Number, {
      strict: true,
      decode: (value) => Effect.map(Service, (service) => value + service),
      encode: Effect.succeed
    })
    assert.strictEqual(
      failure(Query.decode(areas, { area: needy } as object), [{ area: 1 }]).reason,
      "SchemaMismatch"
    )
  })

  const plain = Query.from(zones, { select: ["area", "at"] })
  const refused: ReadonlyArray<
    readonly [what: string, query: Query.Query<unknown, unknown, unknown>, reason: string]
  > = [
    // Untyped code can write what the compiler rejects here.
    [
      "a name that is not in the row",
      Query.decode(plain, { aera: areas } as object),
      "UnknownColumn"
    ],
    [
      "a value that is not a Schema",
      Query.decode(plain, { area: "number" } as object),
      "InvalidValue"
    ],
    [
      "nothing in place of a Schema",
      Query.decode(plain, { area: undefined } as object),
      "InvalidValue"
    ],
    ["Query.raw after Query.decode", Query.raw(areas), "InvalidValue"],
    [
      "Query.raw before Query.decode",
      Query.decode(Query.raw(plain), { at: Schema.String }),
      "InvalidValue"
    ]
  ]
  for (const [what, query, reason] of refused) {
    it.effect(`Query.decode is a QueryError for ${what}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(QueryBuilder.build(query))
        assert.strictEqual(error.reason, reason)
        assert.strictEqual(error.table, "zones")
      })
    )
  }
})

describe("feature_value", () => {
  const query = Query.from(building_features, {
    select: ["feature_value"],
    allowOpen: ["feature_name", "granularity", "group_id"]
  })
  const values = (cells: ReadonlyArray<JsonValue.JsonValue>) =>
    decoded(
      query,
      cells.map((feature_value) => ({ feature_value }))
    ).map(({ feature_value }) => feature_value)

  it.prop(
    "feature_value is the same whether it arrives as JSON or as text",
    [FastCheck.object()],
    ([object]) => {
      const text = JSON.stringify(object)
      const [asJson, asText] = values([JSON.parse(text), text])
      assert.deepStrictEqual(asText, asJson)
    }
  )

  it("feature_value stays text if the text is not JSON", () => {
    const texts = ["", "busy", "{", "{'1': 2}", "NaN", "1 2"]
    assert.deepStrictEqual(values(texts), texts)
  })
})

const weeks = Query.from(building_features, {
  select: ["feature_value", "date_time_start"],
  where: {
    building_id: 71,
    feature_name: "weekly_frequency_dist",
    granularity: "P1W",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.dates("2024-01-01", "2024-03-04", "America/Chicago")
  }
})
const Frequencies = Schema.Record({ key: Schema.String, value: Schema.Number })
const decodedWeeks = Query.decode(weeks, { feature_value: Frequencies })

layer(TestLive)("Query.decode of the sandbox's answers", (it) => {
  const sums = (rows: ReadonlyArray<{ readonly feature_value: Record<string, number> }>) =>
    rows.map(({ feature_value }) => Object.values(feature_value).reduce((sum, n) => sum + n, 0))

  it.effect("Query.decode applies to one query, several queries, and a stream", () =>
    Effect.gen(function* () {
      const metrics = yield* client()
      const rows = yield* metrics.query(decodedWeeks)
      assert.isNotEmpty(rows)
      assert.isTrue(sums(rows).every(Number.isFinite))
      const { some, others } = yield* metrics.queryAll({ some: decodedWeeks, others: weeks })
      assert.deepStrictEqual(some, rows)
      assert.strictEqual(others.length, rows.length)
      const streamed = yield* Stream.runCollect(metrics.stream(decodedWeeks, { pageSize: 2 }))
      assert.deepStrictEqual([...streamed], rows)
    })
  )

  it.effect(
    "equal queries with different Schemas share one request, each with its own values",
    () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const Text = Schema.transform(Frequencies, Schema.String, {
          strict: true,
          decode: (value) => JSON.stringify(value),
          encode: () => ({})
        })
        const [plain, numbers, texts, raw] = yield* Effect.all(
          [
            metrics.query(weeks),
            metrics.query(decodedWeeks),
            metrics.query(Query.decode(weeks, { feature_value: Text })),
            metrics.query(Query.raw(weeks))
          ],
          { batching: true, concurrency: "unbounded" }
        )
        assert.deepStrictEqual(yield* operations, ["building_features"])
        assert.deepStrictEqual(
          numbers.map(({ feature_value }) => JSON.stringify(feature_value)),
          texts.map(({ feature_value }) => feature_value)
        )
        assert.isObject(plain[0]?.date_time_start)
        assert.isString(raw[0]?.date_time_start)
      })
  )

  it.effect("the error of Query.decode over HTTP names the place in the response", () =>
    Effect.gen(function* () {
      const metrics = yield* client()
      const error = yield* Effect.flip(
        metrics.query(
          Query.decode(weeks, { feature_value: Schema.Struct({ monday: Schema.Number }) })
        )
      )
      assert.strictEqual(error._tag, "DecodeError")
      assert.strictEqual(error.operationName, "building_features")
      assert.match(
        error.message,
        /^building_features\.feature_value\.monday of row 0 is undefined, but/
      )
    })
  )

  it.effect(
    "a Schema that fails does not affect the other queries of a batch, and shows no token",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* client()
        const { get } = yield* TokenProvider.TokenProvider
        const token = Redacted.value((yield* get).value)
        const rows = [{ feature_value: token, date_time_start: "2024-01-01T06:00:00+00:00" }]
        const body = JSON.stringify({ data: { q0: rows, q1: rows, building_features: rows } })
        const wrong = Query.decode(weeks, { feature_value: Schema.Number })
        // At most six requests are sent: the batch, each query alone, and equal queries again for
        // each caller.
        yield* sandbox.control.inject(Fault.answer({ status: 200, body, times: 6 }))
        const [plain, failed, limited] = yield* Effect.all(
          [
            metrics.query(weeks),
            Effect.flip(metrics.query(wrong)),
            metrics.query(Query.limit(weeks, 1))
          ],
          { batching: true, concurrency: "unbounded" }
        )
        assert.strictEqual(plain[0]?.feature_value, token)
        assert.strictEqual(limited[0]?.feature_value, token)
        assert.strictEqual(failed._tag, "DecodeError")
        assert.strictEqual(failed.attempts, 1)
        assert.isString(failed.requestId)
        assert.notInclude(JSON.stringify(failed) + failed.message, token.slice(0, 20))
      })
  )

  it.effect("Query.decode applies to JSON that arrived as text", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const metrics = yield* client()
      const row = { feature_value: '{"1":40,"2":2}', date_time_start: "2024-01-01T06:00:00+00:00" }
      yield* sandbox.control.inject(
        Fault.answer({ status: 200, body: JSON.stringify({ data: { building_features: [row] } }) })
      )
      assert.deepStrictEqual(sums(yield* metrics.query(decodedWeeks)), [42])
    })
  )

  it.effect("a Series can be made from numbers of Query.decode", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const metrics = yield* client()
      const at = ["2024-01-01T06:00:00+00:00", "2024-01-02T06:00:00+00:00"]
      const body = { data: { zones: at.map((at, index) => ({ area: `${index}.5`, at })) } }
      yield* sandbox.control.inject(Fault.answer({ status: 200, body: JSON.stringify(body) }))
      const rows = yield* metrics.query(
        Query.decode(Query.from(zones, { select: ["area", "at"] }), { area: NumberFromBigDecimal })
      )
      const series = yield* Series.fromRows(rows, {
        time: "at",
        value: "area",
        metric: Metric.make("area", {
          unit: "people",
          overTime: "max",
          overSpace: "never",
          source: "test"
        }),
        range: TimeRange.dates("2024-01-01", "2024-01-03", "America/Chicago"),
        granularity: "P1D",
        zone: "America/Chicago"
      })
      assert.deepStrictEqual(
        series.buckets.map(({ value }) => value),
        [0.5, 1.5]
      )
    })
  )
})
