import { assert, describe, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type { QueryError } from "@innerspace-metrics/core/MetricsError"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { parse, print } from "graphql"

const built = <Row>(query: Query.Query<Row>) => Effect.runSync(QueryBuilder.build(query))

const inline = <Row>(query: Query.Query<Row>) =>
  Either.getOrThrowWith(Operation.toInlineText(built(query)), (error) => error)

/**
 * Returns the QueryError of a query that the compiler would reject. The casts make it look like
 * untyped code.
 */
const errorOf = (options: unknown): QueryError => {
  const query = Query.from(
    everyScalar,
    options as Query.Options<typeof everyScalar.columns, ["int"]>
  )
  const result = Effect.runSync(Effect.either(QueryBuilder.build(query)))
  return Either.isLeft(result) ? result.left : assert.fail("the query was built")
}

const everyScalar = Table.make("every_scalar", {
  int: Column.assumed(Scalar.Int, "test"),
  float: Column.assumed(Scalar.Float, "test"),
  float8: Column.assumed(Scalar.float8, "test"),
  bigint: Column.assumed(Scalar.bigint, "test"),
  numeric: Column.assumed(Scalar.numeric, "test"),
  boolean: Column.assumed(Scalar.Boolean, "test"),
  text: Column.assumed(Scalar.String, "test"),
  time: Column.assumed(Scalar.timestamptz, "test"),
  json: Column.assumed(Scalar.jsonb, "test"),
  maybe: Column.nullable(Column.assumed(Scalar.Int, "test"))
})

describe("unknown options of a query", () => {
  const select = ["building_id", "date_time_start"] as const
  const where = { building_id: 71, granularity: "P1D", group_id: "a" } as const
  const buildings = Table.make("buildings", {
    name: Column.assumed(Scalar.String, "test"),
    sites: Relationship.many(() => everyScalar)
  })
  // The compiler rejects all of these queries. The casts make them look like untyped code.
  const cases: ReadonlyArray<readonly [string, Query.Query<unknown, unknown, unknown>, RegExp]> = [
    ["wher", Query.from(building_features, { select, wher: where } as never), /^Use where$/],
    [
      "orderby",
      Query.from(building_features, {
        select,
        where,
        orderby: { date_time_start: "desc" }
      } as never),
      /^Use orderBy$/
    ],
    ["limt", Query.from(building_features, { select, where, limt: 2 } as never), /^Use limit$/],
    [
      "timeout",
      Query.from(building_features, { select, where, timeout: 2 } as never),
      /^Use one of select, operationName, where, /
    ],
    [
      "where",
      Query.byPk(everyScalar, { int: 1 }, { select: ["text"], where: {} } as never),
      /^Use one of select, operationName$/
    ],
    [
      "distinct",
      Query.aggregate(building_features, {
        select: { count: true },
        where,
        distinct: true
      } as never),
      /^Use distinctOn$/
    ],
    [
      "lable",
      Query.from(building_features, {
        select: [{ column: "building_id", lable: "b" }],
        where
      } as never),
      /^Use one of column, as, path$/
    ],
    [
      "Limit",
      Query.from(buildings, {
        select: [{ relationship: "sites", select: ["int"], Limit: 1 }]
      } as never),
      /^Use limit$/
    ]
  ]
  for (const [name, query, hint] of cases) {
    it(`the unknown option ${name} is rejected`, () => {
      const result = Effect.runSync(Effect.either(QueryBuilder.build(query)))
      const error = Either.isLeft(result) ? result.left : assert.fail("the query was built")
      assert.strictEqual(error.reason, "InvalidName")
      assert.include(error.problem, `unknown option "${name}"`)
      assert.match(error.hint, hint)
    })
  }

  it("an unknown option is rejected in one of several queries, and after the query was changed", () => {
    const wrong = Query.limit(
      Query.from(building_features, { select, where, ofset: 1 } as never),
      3
    )
    const result = Effect.runSync(Effect.either(QueryBuilder.buildAll("several", { a: wrong })))
    assert.isTrue(Either.isLeft(result))
  })
})

describe("the vendor's documented queries", () => {
  it("the vendor's documented query of v1", () => {
    const theirs = `query sample_graphql {
      data: building_features(
        where: {_and: [
          {building_id: {_eq: 71}},
          {feature_name: {_eq: "weekly_frequency_dist"}},
          {granularity: {_eq: "P1W"}},
          {group_id: {_eq: "all-e707b3a8-0732-49ae-9156-13ff1138540e"}},
          {date_time_start: {_gte: "2024-01-01T06:00:00.000Z", _lt: "2024-01-08T06:00:00.000Z"}}
        ]}
      ) {
        feature_value
        date_time_start
      }
    }`
    const ours = Query.from(building_features, {
      select: ["feature_value", "date_time_start"],
      where: {
        _and: [
          { building_id: 71 },
          { feature_name: "weekly_frequency_dist" },
          { granularity: "P1W" },
          { group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e" },
          { date_time_start: TimeRange.week("2024-W01", "America/Chicago") }
        ]
      },
      operationName: "sample_graphql"
    }).pipe(Query.as("data"))
    assert.strictEqual(print(parse(inline(ours))), print(parse(theirs)))
  })

  it("the vendor's documented query of v1 with one filter after the other", () => {
    const query = Query.from(building_features, {
      select: ["feature_value"],
      where: { building_id: 71 },
      allowOpen: ["feature_name", "group_id"]
    })
    assert.include(
      inline(Query.and(query, { granularity: "P1W" })),
      'where: {_and: [{building_id: {_eq: 71}}, {granularity: {_eq: "P1W"}}]}'
    )
  })

  for (const group of [
    ["v1.5", "all-e707b3a8-0732-49ae-9156-13ff1138540e"],
    ["v2", "00000000-0000-0000-0000-000000000000"]
  ] as const) {
    it(`the vendor's documented query of ${group[0]}`, () => {
      const theirs = `query sample_graphql {
        BUILDING_INSIGHTS(
          where: {
            DATE_PARTITION: {_eq: 20250501},
            BUILDING_ID: {_eq: 71},
            GRANULARITY: {_eq: "PT1H"},
            GROUP_ID: {_eq: "${group[1]}"},
            SITE_ID: {_eq: 900000222}
          },
          order_by: {DATE_TIME_START: desc}
        ) {
          BUILDING_ID
          DATE_TIME_START
          OCCUPANCY_MEAN
          GRANULARITY
          GROUP_ID
          SITE_ID
        }
      }`
      const ours = Query.from(BUILDING_INSIGHTS, {
        select: [
          "BUILDING_ID",
          "DATE_TIME_START",
          "OCCUPANCY_MEAN",
          "GRANULARITY",
          "GROUP_ID",
          "SITE_ID"
        ],
        where: {
          DATE_PARTITION: 20250501,
          BUILDING_ID: 71,
          GRANULARITY: "PT1H",
          GROUP_ID: group[1],
          SITE_ID: 900000222
        },
        orderBy: { DATE_TIME_START: "desc" },
        operationName: "sample_graphql"
      })
      assert.strictEqual(print(parse(inline(ours))), print(parse(theirs)))
    })
  }
})

describe("the form of an operation that is sent", () => {
  it("every value is a variable of its column's exact type", () => {
    const operation = built(
      Query.from(everyScalar, {
        select: ["int"],
        where: {
          int: { _gt: 1, _in: [2, 3] },
          bigint: 9_007_199_254_740_993n,
          numeric: BigDecimal.unsafeFromString("0.10"),
          float8: 0.5,
          boolean: true,
          text: { _like: "%a%" },
          time: TimeRange.between(new Date(0), new Date(1_000)),
          json: { _has_keys_all: ["a"], _contains: { b: null } },
          maybe: { _is_null: false }
        },
        limit: 5,
        offset: 0
      })
    )
    assert.strictEqual(
      Operation.toText(operation).split("{")[0]?.trim(),
      "query every_scalar($int_gt: Int!, $int_in: [Int!]!, $bigint: bigint!, $numeric: numeric!, " +
        "$float8: float8!, $boolean: Boolean!, $text_like: String!, $time_gte: timestamptz!, " +
        "$time_lt: timestamptz!, $json_has_keys_all: [String!]!, $json_contains: jsonb!, " +
        "$maybe_is_null: Boolean!, $limit: Int!, $offset: Int!)"
    )
    assert.deepStrictEqual(operation.variables, {
      int_gt: 1,
      int_in: [2, 3],
      bigint: "9007199254740993",
      numeric: "0.1",
      float8: 0.5,
      boolean: true,
      text_like: "%a%",
      time_gte: "1970-01-01T00:00:00.000Z",
      time_lt: "1970-01-01T00:00:01.000Z",
      json_has_keys_all: ["a"],
      json_contains: { b: null },
      maybe_is_null: false,
      limit: 5,
      offset: 0
    })
  })

  it("each filter of a column has its own variable", () => {
    const { variables } = built(
      Query.from(everyScalar, {
        select: ["int"],
        where: { _or: [{ int: 1 }, { int: 2 }, { _not: { int: 3 } }] }
      })
    )
    assert.deepStrictEqual(variables, { int: 1, int_2: 2, int_3: 3 })
  })

  it("order_by is a list of one-key objects, for one column or several", () => {
    const order = (orderBy: Query.Options<typeof everyScalar.columns, ["int"]>["orderBy"] & {}) =>
      /order_by: (\[.*?\])/.exec(
        Operation.toText(built(Query.from(everyScalar, { select: ["int"], orderBy })))
      )?.[1]
    assert.strictEqual(order({ int: "asc" }), "[{int: asc}]")
    assert.strictEqual(
      order([{ text: "desc_nulls_last" }, { int: "asc" }]),
      "[{text: desc_nulls_last}, {int: asc}]"
    )
  })

  it("a column that is named twice is selected once", () => {
    assert.include(
      Operation.toText(built(Query.from(everyScalar, { select: ["int", "int"] }))),
      "every_scalar {\n    int\n  }"
    )
  })

  it("arguments that the query omits are not sent", () => {
    assert.strictEqual(
      Operation.toText(built(Query.from(everyScalar, { select: ["int"], where: {} }))),
      "query every_scalar {\n  every_scalar(where: {}) {\n    int\n  }\n}"
    )
    assert.strictEqual(
      Operation.toText(built(Query.from(everyScalar, { select: ["int"] }))),
      "query every_scalar {\n  every_scalar {\n    int\n  }\n}"
    )
  })

  it("the document does not change with the values", () => {
    const document = (id: number, text: string) =>
      Operation.toText(
        built(Query.from(everyScalar, { select: ["int"], where: { int: id, text } }))
      )
    assert.strictEqual(document(1, "a"), document(2, '"}) { secret } #'))
  })
})

describe("queries that were built before", () => {
  const query = Query.from(BUILDING_INSIGHTS, {
    select: ["BUILDING_ID"],
    where: { BUILDING_ID: 1 },
    allowOpen: ["GRANULARITY", "GROUP_ID"]
  })

  it("building a query again returns the same operation", () => {
    assert.strictEqual(built(query), built(query))
  })

  it("the operation of a query is not used for queries that are made from it", () => {
    const first = built(query)
    const limited = built(Query.limit(query, 3))
    assert.notStrictEqual(Operation.toText(limited), Operation.toText(first))
    assert.deepStrictEqual(limited.variables, { ...first.variables, limit: 3 })
  })

  it("a frozen query can be built", () => {
    const frozen = Object.freeze(Query.limit(query, 1))
    assert.strictEqual(Operation.toText(built(frozen)), Operation.toText(built(frozen)))
  })
})

describe("mistakes that types cannot see", () => {
  const cases: ReadonlyArray<
    readonly [name: string, options: unknown, reason: string, message: RegExp]
  > = [
    [
      "unknown column selected",
      { select: ["nope"] },
      "UnknownColumn",
      /no column "nope".*int, float/
    ],
    ["misspelled column", { select: ["flaot"] }, "UnknownColumn", /"flaot"\. Use float, or define/],
    ["a column that objects inherit", { select: ["toString"] }, "UnknownColumn", /"toString"/],
    ["nothing selected", { select: [] }, "EmptySelection", /selects no column/],
    ["unknown column filtered", { select: ["int"], where: { nope: 1 } }, "UnknownColumn", /"nope"/],
    [
      "unknown column ordered",
      { select: ["int"], orderBy: { nope: "asc" } },
      "UnknownColumn",
      /"nope"/
    ],
    [
      "unknown operator",
      { select: ["int"], where: { int: { _ne: 1 } } },
      "UnknownOperator",
      /"_ne".*_neq/
    ],
    [
      "an operator that objects inherit",
      { select: ["int"], where: { int: { toString: 1 } } },
      "UnknownOperator",
      /"toString"/
    ],
    [
      "text operator on a number",
      { select: ["int"], where: { int: { _like: "1%" } } },
      "UnknownOperator",
      /type Int/
    ],
    [
      "null",
      { select: ["int"], where: { int: null } },
      "NullComparison",
      /every_scalar\.int is null/
    ],
    ["undefined", { select: ["int"], where: { int: undefined } }, "NullComparison", /is undefined/],
    [
      "null in an operator",
      { select: ["int"], where: { int: { _gt: null } } },
      "NullComparison",
      /_gt of/
    ],
    [
      "null for _is_null",
      { select: ["int"], where: { maybe: { _is_null: null } } },
      "NullComparison",
      /_is_null/
    ],
    [
      "null in a list",
      { select: ["int"], where: { int: [1, null] } },
      "InvalidValue",
      /_in of every_scalar\.int/
    ],
    ["an empty filter", { select: ["int"], where: { int: {} } }, "EmptyFilter", /every row/],
    ["an empty _or", { select: ["int"], where: { _or: [] } }, "EmptyFilter", /no row/],
    ["an object for _or", { select: ["int"], where: { _or: { int: 1 } } }, "InvalidValue", /_or/],
    ["a list for a filter", { select: ["int"], where: [{ int: 1 }] }, "InvalidValue", /filter/],
    [
      "text for a number",
      { select: ["int"], where: { int: "71" } },
      "InvalidValue",
      /"71".*32-bit/
    ],
    ["a fraction for an integer", { select: ["int"], where: { int: 1.5 } }, "InvalidValue", /1\.5/],
    [
      "an integer beyond 32 bits",
      { select: ["int"], where: { int: 2 ** 31 } },
      "InvalidValue",
      /2147483648/
    ],
    ["NaN", { select: ["int"], where: { float: Number.NaN } }, "InvalidValue", /NaN/],
    [
      "infinity",
      { select: ["int"], where: { float8: Number.POSITIVE_INFINITY } },
      "InvalidValue",
      /Infinity/
    ],
    [
      "an unsafe bigint number",
      { select: ["int"], where: { bigint: 2 ** 53 } },
      "InvalidValue",
      /safe/
    ],
    [
      "a bigint beyond 64 bits",
      { select: ["int"], where: { bigint: 2n ** 63n } },
      "InvalidValue",
      /64-bit/
    ],
    [
      "an invalid Date",
      { select: ["int"], where: { time: new Date(Number.NaN) } },
      "InvalidValue",
      /invalid Date/
    ],
    [
      "text for a time",
      { select: ["int"], where: { time: "2024-01-01" } },
      "InvalidValue",
      /"2024-01-01".*DateTime/
    ],
    [
      "undefined inside JSON",
      { select: ["int"], where: { json: { _contains: { a: undefined } } } },
      "InvalidValue",
      /JSON/
    ],
    [
      "a range that ends before it starts",
      { select: ["int"], where: { time: TimeRange.between(new Date(1), new Date(0)) } },
      "InvalidRange",
      /not after its start/
    ],
    [
      "a range on a number",
      { select: ["int"], where: { int: TimeRange.week("2024-W01", "UTC") } },
      "InvalidValue",
      /type Int, is a time range/
    ],
    ["a negative limit", { select: ["int"], limit: -1 }, "InvalidValue", /limit.*-1/],
    ["a fraction for a limit", { select: ["int"], limit: 1.5 }, "InvalidValue", /limit.*1\.5/],
    ["a negative offset", { select: ["int"], offset: -1 }, "InvalidValue", /offset/],
    [
      "two columns in one orderBy",
      { select: ["int"], orderBy: { int: "asc", text: "asc" } },
      "InvalidValue",
      /one object for each column/
    ],
    ["an unknown direction", { select: ["int"], orderBy: { int: "up" } }, "InvalidValue", /"up"/],
    ["an invalid operation name", { select: ["int"], operationName: "a-b" }, "InvalidName", /"a-b"/]
  ]
  for (const [name, options, reason, message] of cases) {
    it(`a query is a QueryError: ${name}`, () => {
      const error = errorOf(options)
      assert.strictEqual(error.reason, reason)
      assert.match(error.message, message)
      assert.notStrictEqual(error.hint, "")
      assert.isFalse(error.isRetryable)
    })
  }

  it("an invalid alias is a QueryError", () => {
    const result = Effect.runSync(
      Effect.either(
        QueryBuilder.build(Query.from(everyScalar, { select: ["int"] }).pipe(Query.as("1st")))
      )
    )
    assert.isTrue(Either.isLeft(result) && result.left.reason === "InvalidName")
  })

  it("a JSON key without a GraphQL literal is a QueryError in the inline form only", () => {
    const operation = built(
      Query.from(everyScalar, { select: ["int"], where: { json: { _contains: { "a-b": 1 } } } })
    )
    const result = Operation.toInlineText(operation)
    assert.isTrue(Either.isLeft(result) && result.left.reason === "NotInlineable")
  })
})

describe("decoding of rows", () => {
  const decode = (row: unknown, select: ReadonlyArray<string>) => {
    const query = Query.from(everyScalar, {
      select: select as unknown as ["int"]
    })
    return built(query).decode(JSON.parse(JSON.stringify({ every_scalar: [row] })))
  }
  const cell = (column: string, value: unknown) =>
    Either.map(decode({ [column]: value }, [column]), ([row]) => Reflect.get(row ?? {}, column))

  const good: ReadonlyArray<readonly [column: string, cell: unknown, value: unknown]> = [
    ["int", 71, 71],
    ["float", 0.25, 0.25],
    ["float8", "16.0001220703125", 16.0001220703125],
    ["float8", "NaN", Number.NaN],
    ["bigint", "9223372036854775807", 9_223_372_036_854_775_807n],
    ["bigint", 12, 12n],
    ["numeric", "1.234", BigDecimal.unsafeFromString("1.234")],
    ["numeric", 1.5, BigDecimal.unsafeFromString("1.5")],
    ["boolean", false, false],
    ["text", "", ""],
    ["json", { a: [1, null] }, { a: [1, null] }],
    ["json", null, null],
    ["maybe", null, null],
    ...[
      "2024-01-01T06:00:00+00:00",
      "2024-01-01T06:00:00Z",
      "2024-01-01T06:00:00",
      "2024-01-01 06:00:00+00",
      "2024-01-01T00:00:00-06:00",
      "2024-01-01T11:30:00+0530",
      "2024-01-01T06:00:00.000000+00:00"
    ].map((text) => ["time", text, DateTime.unsafeMake(1_704_088_800_000)] as const)
  ]
  for (const [column, input, expected] of good) {
    it(`${column} is decoded from ${JSON.stringify(input)}`, () => {
      assert.deepStrictEqual(cell(column, input), Either.right(expected))
    })
  }

  const bad: ReadonlyArray<readonly [column: string, cell: unknown]> = [
    ["int", "71"],
    ["int", 1.5],
    ["int", null],
    ["int", undefined],
    ["float8", "0x10"],
    ["float8", ""],
    ["bigint", 2 ** 53],
    ["bigint", "1.5"],
    ["numeric", "one"],
    ["boolean", 0],
    ["text", 1],
    ["time", "infinity"],
    ["time", "2024-13-01T00:00:00+00:00"],
    ["time", 1_704_088_800_000],
    ["maybe", "1"]
  ]
  for (const [column, input] of bad) {
    it(`${column} is not decoded from ${JSON.stringify(input)}`, () => {
      const result = cell(column, input)
      if (Either.isRight(result)) return assert.fail("it was decoded")
      assert.strictEqual(result.left.reason, "WrongValue")
      assert.deepInclude({ ...result.left }, { table: "every_scalar", row: 0, column })
    })
  }

  it("the error of a wrong cell names the row and shortens the found value", () => {
    const query = Query.from(everyScalar, { select: ["int"] })
    const result = built(query).decode({ every_scalar: [{ int: 1 }, { int: "x".repeat(1_000) }] })
    if (Either.isRight(result)) return assert.fail("it was decoded")
    assert.strictEqual(result.left.row, 1)
    assert.isBelow(result.left.found.length, 70)
  })

  for (const data of [
    {},
    { every_scalar: null },
    { every_scalar: {} },
    { every_scalar: [1] },
    []
  ]) {
    it(`data without rows is a DecodeError: ${JSON.stringify(data)}`, () => {
      const result = built(Query.from(everyScalar, { select: ["int"] })).decode(data)
      assert.isTrue(Either.isLeft(result) && result.left.reason === "WrongShape")
    })
  }
})
