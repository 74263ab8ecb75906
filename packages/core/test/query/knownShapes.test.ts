/**
 * Tests that a builder makes the same operation whether or not it has seen the shape of a query
 * before. Each table remembers the shapes of its own queries, so a new table with the same columns
 * remembers no shape.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as BigDecimal from "effect/BigDecimal"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Logger from "effect/Logger"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"

const newTable = (): Table.Any => {
  const related = Table.make("related", { int: Column.assumed(Scalar.Int, "test") })
  return Table.make(
    "every_shape",
    {
      int: Column.assumed(Scalar.Int, "test"),
      // A range of this type becomes a single value. A range of a time does not.
      text: Column.nullable(
        Column.assumed(
          Scalar.make({ ...Scalar.String, range: () => Either.right({ _eq: "0" }) }),
          "test"
        )
      ),
      bigint: Column.assumed(Scalar.bigint, "test"),
      numeric: Column.assumed(Scalar.numeric, "test"),
      time: Column.assumed(Scalar.timestamptz, "test"),
      date: Column.assumed(Scalar.date, "test"),
      partition: Column.assumed(Scalar.datePartition, "test"),
      json: Column.assumed(Scalar.jsonb, "test"),
      kind: Column.assumed(Scalar.enumeration("kind", ["0", "1"]), "test"),
      list: Column.assumed(Scalar.array(Scalar.Int), "test"),
      name: Column.assumed(Scalar.make({ ...Scalar.String, names: ["0", "1"] }), "test"),
      // A bad key of a cache could confuse these names with the column `int` and an operator, or
      // with two columns.
      int_gt: Column.assumed(Scalar.Int, "test"),
      inttext: Column.assumed(Scalar.Int, "test"),
      one: Relationship.one(() => related),
      many: Relationship.many(() => related)
    },
    { dimensions: ["text"] }
  )
}

const columns = [...newTable().byName.keys()]
const zone = "America/Chicago"
const week = "2024-W01"

/** Values that look alike, and values of every type that has a special meaning in a query. */
const values: ReadonlyArray<unknown> = [
  ...[0, -0, 1, "0", "1", "", true, false, null, undefined, Number.NaN, 0n, 1n, "2024-01-01"],
  ...[new Date(0), new Date(Number.NaN), "1970-01-01T00:00:00.000Z", DateTime.unsafeMake(0)],
  ...[BigDecimal.fromBigInt(0n), BigDecimal.fromBigInt(1n), 20240101, 2 ** 31],
  ...[[], [0], ["0"], [1, "1"], [null], [undefined], [[]], [new Date(0)], [0, 0]],
  ...[{}, { "0": 0 }, { type: "Point" }],
  ...[TimeRange.week(week, zone), TimeRange.week(week, "UTC"), TimeRange.month("2024-01", zone)],
  ...[TimeRange.dates("2024-01-01", "2024-01-02", zone), TimeRange.last(1, "P1D", zone)],
  ...[TimeRange.between(new Date(0), new Date(1)), TimeRange.between(new Date(1), new Date(0))],
  TimeRange.between(new Date(0), new Date(1), zone)
]

const operators = ["_eq", "_in", "_gt", "_is_null", "_like", "_contains", "_cast", "_x"]

/** The code of a query, as JavaScript can write it, even if the types forbid it. */
interface Written {
  readonly options: { readonly [name: string]: unknown }
  readonly isAggregate?: boolean
  readonly changes?: ReadonlyArray<(query: Made) => Made>
}

type Made = Query.Query<unknown, unknown, unknown>

// The types would reject many of these queries, but JavaScript can pass all of them.
const from = Query.from as (table: Table.Any, options: unknown) => Made
const aggregate = Query.aggregate as unknown as typeof from
const and = Query.and as (query: Made, where: unknown) => Made
const decoded = Query.decode as (query: Made, schemas: unknown) => Made
const raw = Query.raw as (query: Made) => Made

const made = ({ changes = [], isAggregate = false, options }: Written, table: Table.Any) =>
  changes.reduce<Made>(
    (query, change) => change(query),
    (isAggregate ? aggregate : from)(table, options)
  )

const wheres: ReadonlyArray<unknown> = [
  ...[{}, { text: "0" }, { text: "1" }, { text: ["0"] }, { text: ["0", "1"] }, { text: [] }],
  ...[{ text: { _eq: "0" } }, { text: { _in: ["0"] } }, { text: { _like: "0" } }],
  ...[{ text: { _is_null: true } }, { text: { _is_null: false } }, { text: undefined }],
  ...[
    { text: TimeRange.week(week, zone) },
    { text: { _cast: {} } },
    { int: 0 },
    { int: { _gt: 0 } }
  ],
  ...[
    { text: "0", int: 0 },
    { int: 0, text: "0" },
    { text: "0", int: 1 },
    { text: "0", int: "1" }
  ],
  ...[
    { text: "0", int_gt: 0 },
    { text: "0", int: { _gt: 0 } },
    { text: "0", inttext: 0 }
  ],
  ...[
    { text: "0", time: new Date(0) },
    { text: "0", time: TimeRange.week(week, zone) }
  ],
  ...[{ text: "0", time: { _gte: new Date(0), _lt: new Date(1) } }],
  ...[
    { text: "0", date: TimeRange.week(week, zone) },
    { text: "0", date: "2024-01-01" }
  ],
  ...[
    { _and: [{ text: "0" }] },
    { _and: [{ text: "0" }, {}] },
    { _and: [] },
    { _not: { text: "0" } }
  ],
  ...[
    { _or: [{ text: "0" }] },
    { _or: [{ text: "0" }, { int: 0 }] },
    { _or: [] },
    { _or: { int: 0 } }
  ],
  ...[{ _or: [{ text: "0" }, { text: "1" }] }, { _and: [{ text: "0", int: 0 }] }],
  ...[
    { _and: [{ text: "0" }, { int: 0 }] },
    { text: "0", one: {} },
    { text: "0", one: { int: 0 } }
  ],
  ...[
    { text: "0", many: { int: 0 } },
    { text: "0", many: { int: 1 } },
    { text: "0", kind: "1" }
  ],
  ...[{ text: "0", kind: ["1"] }, { text: "0", kind: 1 }, { text: "0", x: 1 }, [], "x", null]
]

const sameObject = { relationship: "many", select: ["int"] }

const selects: ReadonlyArray<unknown> = [
  ...[["int"], ["int", "text"], ["text", "int"], ["inttext"], ["int", "int"], [], "int", ["x"]],
  ...[["numeric", "int"], [{ column: "int", as: "int" }], [{ column: "int", as: "other" }]],
  ...[[{ column: "json", as: "part", path: "$.a" }], [{ column: "json", as: "part", path: "$.b" }]],
  ...[[{ column: "json", as: "part" }], [{ column: "json", as: "part", path: undefined }]],
  ...[[{ column: "json", as: "part", path: 1 }], [{ column: "json", as: "part", x: 1 }]],
  ...[[{ relationship: "one", select: ["int"] }], [{ relationship: "many", select: ["int"] }]],
  ...[
    [sameObject, sameObject],
    [{ ...sameObject }, { ...sameObject }]
  ],
  ...[[{ ...sameObject, as: "again" }], [{ ...sameObject, x: 1 }], [{ ...sameObject, limit: 1 }]],
  ...[[{ ...sameObject, limit: 2 }], [{ ...sameObject, offset: 2 }]],
  ...[[{ ...sameObject, where: { int: 1 } }], [{ ...sameObject, where: { int: 2 } }]],
  ...[[{ ...sameObject, where: { int: [1] }, limit: 2, offset: 3 }]],
  ...[[{ offset: 3, limit: 2, where: { int: [1] }, ...sameObject }]],
  [{ ...sameObject, orderBy: { int: "asc" }, distinctOn: ["int"], allowOpen: ["int"] }],
  [{ relationship: "one", select: ["int"], where: { int: 1 } }]
]

const aggregates: ReadonlyArray<unknown> = [
  ...[{ count: true }, { count: ["int"] }, { countDistinct: ["int"] }, { count: false }],
  ...[{ max: ["int"] }, { max: ["int", "bigint"] }, { max: ["bigint", "int"] }, { sum: ["int"] }],
  ...[{ max: ["int"], sum: ["int"] }, { max: [] }, { max: "int" }, { x: ["int"] }, {}]
]

const others: { readonly [option: string]: ReadonlyArray<unknown> } = {
  limit: [undefined, 0, -0, 1, 2, 3, -1, 1.5, "1", null],
  offset: [undefined, 0, 1, 2, "1"],
  orderBy: [
    ...[undefined, [], { int: "asc" }, [{ int: "asc" }], [{ int: "desc" }], [{ text: "asc" }]],
    ...[[{ int: "asc" }, { text: "asc" }], [{ one: { int: "asc" } }], [{ int: "x" }], [{ int: 0 }]]
  ],
  distinctOn: [undefined, [], ["int"], ["text"], ["int", "text"], ["int", "int"], [0]],
  allowOpen: [undefined, [], ["text"], ["text", "int"], ["x"], [0]],
  operationName: [undefined, "one", "other", "", 0],
  unknown: [1]
}

const changes: ReadonlyArray<(query: Made) => Made> = [
  ...[raw, Query.plain<unknown, unknown, unknown>, Query.as("data"), Query.as("other")],
  (query) => decoded(query, { int: Schema.Number }),
  (query) => decoded(query, { int: Schema.NumberFromString }),
  (query) => and(query, { int: 0 }),
  (query) => and(query, { text: "0" })
]

/** The query, and all queries that differ from it in one option or change. */
const neighbours = (written: Written): ReadonlyArray<Written> => [
  written,
  ...(written.isAggregate ? aggregates : selects).map((select) => ({
    ...written,
    options: { ...written.options, select }
  })),
  ...Object.entries({ where: wheres, ...others }).flatMap(([name, values]) =>
    values.map((value) => ({ ...written, options: { ...written.options, [name]: value } }))
  ),
  ...changes.map((change) => ({ ...written, changes: [...(written.changes ?? []), change] }))
]

const anyWritten: FastCheck.Arbitrary<Written> = FastCheck.tuple(
  FastCheck.boolean(),
  FastCheck.record({
    where: FastCheck.constantFrom(...wheres),
    rows: FastCheck.constantFrom(...selects),
    aggregates: FastCheck.constantFrom(...aggregates)
  }),
  FastCheck.record(
    Object.fromEntries(
      Object.entries(others).map(([name, values]) => [name, FastCheck.constantFrom(...values)])
    ),
    { requiredKeys: [] }
  ),
  FastCheck.subarray([...changes], { maxLength: 2 })
).map(([isAggregate, { aggregates, rows, where }, options, changes]) => ({
  options: { ...options, where, select: isAggregate ? aggregates : rows },
  isAggregate,
  changes
}))

const logged: Array<string> = []

const logger = Logger.replace(
  Logger.defaultLogger,
  Logger.make(({ message }) => logged.push(String(message)))
)

const clock: Clock.Clock = Object.assign(Object.create(Clock.make()), {
  unsafeCurrentTimeMillis: () => Date.UTC(2026, 0, 1)
})

const runtime = Effect.runSync(
  Effect.runtime().pipe(Effect.withClock(clock), Effect.provide(logger))
)

const build = (query: Made) => Runtime.runSync(runtime)(Effect.either(QueryBuilder.build(query)))

/** Builds a query, and returns everything that a caller can see: the operation or the error. */
const seen = (query: Made) => {
  try {
    const built = build(query)
    if (Either.isLeft(built)) return { error: { ...built.left }, message: built.left.message }
    const { decode, document, ...operation } = built.right
    return {
      operation,
      sent: JSON.stringify([Operation.toText(built.right), operation.variables]),
      inline: Either.mapLeft(Operation.toInlineText(built.right), String),
      decoded: responses.map((data) => {
        const rows = decode(data)
        return Either.isLeft(rows) ? rows.left.problem : rows.right
      })
    }
  } catch (error) {
    // Some options that should be lists and are not lists cause an exception.
    return { defect: String(error) }
  }
}

const row = {
  ...{ int: 1, text: null, bigint: "1", numeric: "1.50", time: "2024-01-01T00:00:00Z" },
  ...{ other: 2, part: null, one: { int: 1 }, many: [{ int: 1 }], again: [] }
}

const rowsAnswer = [row, { ...row, int: 2.5 }]

const responses: ReadonlyArray<JsonValue> = [
  { every_shape: rowsAnswer, data: [row] },
  { every_shape_aggregate: { aggregate: { count: 1, sum: { int: 1, bigint: "1" }, max: row } } }
]

/**
 * Builds all queries twice on one table, which knows all shapes the second time. Each result must
 * be equal to the result on a new table.
 */
const sameAsFresh = (queries: ReadonlyArray<Written>) => {
  const known = newTable()
  for (const written of [...queries, ...queries]) {
    assert.deepStrictEqual(seen(made(written, known)), seen(made(written, newTable())))
  }
}

describe("a query of a shape that was built before", () => {
  for (const isAggregate of [false, true]) {
    it(`a query of a known shape has its own options${isAggregate ? ", as an aggregate" : ""}`, () => {
      const select = isAggregate ? { count: true, max: ["bigint"] } : ["int", "bigint"]
      for (const options of [{ allowOpen: ["text"] }, { where: { text: "0" } }, { limit: 1 }]) {
        sameAsFresh(neighbours({ options: { select, ...options }, isAggregate }))
      }
    })
  }

  it.prop(
    "has the same operation or error as on a new table, whatever was built before",
    [anyWritten],
    ([written]) => sameAsFresh(neighbours(written))
  )

  for (const [column, options] of [
    ...columns.map((column) => [column, { allowOpen: ["text"] }] as const),
    // Without `allowOpen`, a filter must limit this column to values.
    ["text", { limit: 2 }] as const
  ]) {
    it(`a query of a known shape has its own values of ${column}, with ${JSON.stringify(options)}`, () => {
      sameAsFresh(
        values
          .flatMap((value) => [value, ...operators.map((operator) => ({ [operator]: value }))])
          .map((filter) => ({
            options: { select: ["int"], where: { [column]: filter }, ...options }
          }))
      )
    })
  }

  it("a query of a known shape shares the document with the query that was built before", () => {
    const table = newTable()
    const operation = (int: unknown) =>
      Either.getOrThrow(build(from(table, { select: ["int"], where: { int, text: "a" } })))
    const [one, other] = [operation(0), operation(1)]
    assert.strictEqual(one.document, other.document)
    assert.deepStrictEqual(one.variables, { int: 0, text: "a" })
    assert.deepStrictEqual(other.variables, { int: 1, text: "a" })
  })

  it("a shape is built again after many other shapes, because a table keeps a limited number", () => {
    const table = newTable()
    const document = (count: number) => {
      const _or = Array.from({ length: count }, (_, int) => ({ int }))
      return Either.getOrThrow(build(from(table, { select: ["int"], where: { text: "a", _or } })))
        .document
    }
    const first = document(1)
    assert.strictEqual(document(1), first)
    for (let count = 2; count < 300; count++) document(count)
    assert.notStrictEqual(document(1), first)
  })

  it("a very long shape is built each time, because a table does not keep long shapes", () => {
    const table = newTable()
    const document = (count: number) => {
      const _or = Array.from({ length: count }, (_, int) => ({ int }))
      return Either.getOrThrow(build(from(table, { select: ["int"], where: { text: "a", _or } })))
        .document
    }
    assert.notStrictEqual(document(5_000), document(5_000))
  })

  it("a query of a known shape also warns about an unknown name", () => {
    const table = newTable()
    logged.length = 0
    for (const name of ["0", "unknown_of_this_test"]) {
      build(from(table, { select: ["int"], where: { name, text: "a" } }))
    }
    assert.strictEqual(logged.length, 1)
    assert.include(logged[0], "unknown_of_this_test")
  })
})
