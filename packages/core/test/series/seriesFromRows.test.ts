/**
 * Tests series of rows: the period of each row, the reasons of gaps, and rows that are not a
 * series.
 */
import { assert, describe, it } from "@effect/vitest"
import type * as Granularity from "@innerspace-metrics/core/Granularity"
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Series from "@innerspace-metrics/core/Series"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import {
  chicago,
  columns,
  days,
  fourDays,
  published,
  type Row,
  row,
  tags,
  values
} from "../support/seriesRows.js"

describe("Series.fromRows", () => {
  for (const metric of ["occupancy_mean", null, { name: "occupancy_mean" }]) {
    it.effect(`fromRows rejects ${JSON.stringify(metric)} as a metric, passed by JavaScript`, () =>
      Effect.gen(function* () {
        const options = {
          ...columns,
          ...fourDays,
          ...published,
          // The compiler rejects this metric.
          metric: metric as unknown as Metric.Metric
        }
        const rows = [row("2024-01-03T06:00:00Z", 1)]
        const errors = yield* Effect.all([
          Effect.flip(Series.fromRows(rows, options)),
          Effect.flip(Series.pivot(rows, { ...options, by: "zone_id" }))
        ])
        for (const error of errors) {
          assert.strictEqual(`${error._tag} ${error.reason}`, "SeriesError InvalidValue")
          assert.include(error.hint, "Metric.known")
        }
      })
    )
  }

  it.effect("fromRows distinguishes a zero, a value, an empty cell and a missing row", () =>
    Effect.gen(function* () {
      const series = yield* Series.fromRows(
        [
          row("2024-01-03T06:00:00Z", null),
          row("2024-01-01T06:00:00Z", 3),
          row("2024-01-02T06:00:00Z", 0)
        ],
        { ...columns, ...fourDays, ...published }
      )
      assert.deepStrictEqual(tags(series), ["Measured", "Zero", "NotMeasured", "NotMeasured"])
      assert.deepStrictEqual(values(series), [3, 0, null, null])
      assert.deepStrictEqual(
        series.buckets.map(({ coverage }) => coverage),
        [1, 1, 0, 0]
      )
      assert.strictEqual(series.zone.id, chicago)
    })
  )

  it.effect("fromRows accepts bigint and BigDecimal as numbers", () =>
    Effect.gen(function* () {
      const options = {
        time: "at",
        value: "count",
        metric: Metric.known.PEOPLE_COUNT,
        ...days("2024-01-01", "2024-01-02"),
        ...published
      } as const
      const at = DateTime.unsafeMake("2024-01-01T06:00:00Z")
      const big = yield* Series.fromRows([{ at, count: 12n }], options)
      assert.deepStrictEqual(values(big), [12])
      const exact = yield* Series.fromRows(
        [{ at, count: BigDecimal.unsafeFromString("1.25") }],
        options
      )
      assert.deepStrictEqual(values(exact), [1.25])
    })
  )

  it.effect("a series has 23 or 25 hours on days of clock changes", () =>
    Effect.gen(function* () {
      const hours = (first: TimeRange.LocalDate, end: TimeRange.LocalDate) =>
        Effect.map(
          Series.fromRows<Row, "people", Metric.Metric, "PT1H">([], {
            ...columns,
            ...days(first, end),
            granularity: "PT1H"
          }),
          ({ buckets }) => buckets.length
        )
      assert.strictEqual(yield* hours("2024-03-10", "2024-03-11"), 23)
      assert.strictEqual(yield* hours("2024-11-03", "2024-11-04"), 25)
    })
  )

  it.effect("periods that end after publishedUntil are NotPublished", () =>
    Effect.gen(function* () {
      const until = (publishedUntil: string) =>
        Effect.map(
          Series.fromRows([row("2024-01-01T06:00:00Z", 1)], {
            ...columns,
            ...fourDays,
            publishedUntil: DateTime.unsafeMake(publishedUntil)
          }),
          tags
        )
      assert.deepStrictEqual(yield* until("2024-01-03T06:00:00Z"), [
        "Measured",
        "NotMeasured",
        "NotPublished",
        "NotPublished"
      ])
      assert.strictEqual((yield* until("2024-01-03T05:59:59Z"))[1], "NotPublished")
    })
  )

  it.effect("periods without a row of a refused space are NotPermitted", () =>
    Effect.gen(function* () {
      const series = yield* Series.fromRows([row("2024-01-02T06:00:00Z", 1)], {
        ...columns,
        ...days("2024-01-01", "2024-01-04"),
        notPermitted: true
      })
      assert.deepStrictEqual(tags(series), ["NotPermitted", "Measured", "NotPermitted"])
    })
  )

  describe("without publishedUntil", () => {
    const series = (...rows: ReadonlyArray<Row>) =>
      Effect.map(Series.fromRows(rows, { ...columns, ...fourDays }), tags)

    it.effect(
      "by default days before yesterday are published, and yesterday once a row shows it",
      () =>
        Effect.gen(function* () {
          // This time is 09:00 on 3 January in Chicago.
          yield* TestClock.setTime(Date.UTC(2024, 0, 3, 15))
          assert.deepStrictEqual(yield* series(), [
            "NotMeasured",
            "NotPublished",
            "NotPublished",
            "NotPublished"
          ])
          assert.deepStrictEqual(yield* series(row("2024-01-02T06:00:00Z", 1)), [
            "NotMeasured",
            "Measured",
            "NotPublished",
            "NotPublished"
          ])
        })
    )

    it.effect(
      "by default one zone's row of yesterday shows that yesterday is published for all",
      () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(Date.UTC(2024, 0, 3, 15))
          const byZone = yield* Series.pivot(
            [row("2024-01-01T06:00:00Z", 1, 11), row("2024-01-02T06:00:00Z", 1, 12)],
            { ...columns, ...fourDays, by: "zone_id" }
          )
          assert.deepStrictEqual([...byZone.values()].map(tags), [
            ["Measured", "NotMeasured", "NotPublished", "NotPublished"],
            ["NotMeasured", "Measured", "NotPublished", "NotPublished"]
          ])
        })
    )
  })
})

describe("Series.pivot", () => {
  it.effect("pivot makes a series for each value, for expected keys and for refused ones", () =>
    Effect.gen(function* () {
      const byZone = yield* Series.pivot(
        [row("2024-01-01T06:00:00Z", 5, 12), row("2024-01-02T06:00:00Z", 6, 11)],
        {
          ...columns,
          ...days("2024-01-01", "2024-01-03"),
          ...published,
          by: "zone_id",
          keys: [11, 13],
          notPermitted: [14]
        }
      )
      assert.deepStrictEqual([...byZone.keys()], [12, 11, 13, 14])
      assert.deepStrictEqual([...byZone.values()].map(tags), [
        ["Measured", "NotMeasured"],
        ["NotMeasured", "Measured"],
        ["NotMeasured", "NotMeasured"],
        ["NotPermitted", "NotPermitted"]
      ])
    })
  )

  it.effect("the error of pivot numbers the row among all rows", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Series.pivot(
          [
            row("2024-01-01T06:00:00Z", 5, 11),
            row("2024-01-01T06:00:00Z", 5, 12),
            row("2024-01-01T06:00:00Z", 5, 12)
          ],
          { ...columns, ...fourDays, by: "zone_id" }
        )
      )
      if (error._tag !== "SeriesError") return assert.fail(error.message)
      assert.strictEqual(error.reason, "DuplicateRow")
      assert.strictEqual(error.row, 2)
      assert.match(error.problem, /Rows 1 and 2/)
    })
  )
})

describe("rows that do not form a series", () => {
  const failure = (
    rows: ReadonlyArray<Row>,
    setting: {
      readonly range: TimeRange.TimeRange
      readonly granularity: Granularity.Granularity
      readonly zone: string
    } = fourDays
  ) => Effect.flip(Series.fromRows(rows, { ...columns, ...setting }))

  const first = "2024-01-01T06:00:00Z"
  const broken = (cells: object): Row => Object.assign({}, row(first, 1), cells)
  const cases = [
    ["two of one period", "DuplicateRow", failure([row(first, 1), row(first, 1)]), /Rows 0 and 1/],
    [
      "one before the range",
      "RowOutsideRange",
      failure([row("2023-12-31T06:00:00Z", 1)]),
      /2023-12-31T06:00/
    ],
    [
      "one at the end of the range",
      "RowOutsideRange",
      failure([row("2024-01-05T06:00:00Z", 1)]),
      /outside the range/
    ],
    [
      "a day that starts elsewhere than in the zone",
      "RowWithinPeriod",
      failure([row("2024-01-02T00:00:00Z", 1)]),
      /no period of P1D starts in America\/Chicago/
    ],
    [
      "a day that starts an hour late, as after a change of the zone's rules",
      "OtherZoneRules",
      failure([row(first, 1), row("2024-01-02T07:00:00Z", 1)]),
      new RegExp(`60 minutes after .* America/Chicago .*tz ${process.versions["tz"]}`)
    ],
    [
      "a first day that starts an hour before the range",
      "OtherZoneRules",
      failure([row("2024-01-01T05:00:00Z", 1)]),
      /60 minutes before/
    ],
    [
      "a time as text",
      "InvalidTime",
      failure([broken({ at: first })]),
      /at of row 0 is "2024-01-01/
    ],
    [
      "a value as text",
      "InvalidValue",
      failure([broken({ people: "three" })]),
      /people of row 0 is "three"/
    ],
    [
      "a value that is not there",
      "InvalidValue",
      failure([broken({ people: undefined })]),
      /undefined/
    ],
    ["a value that is not finite", "InvalidValue", failure([row(first, Number.NaN)]), /NaN/],
    [
      "a bigint that no number holds",
      "InvalidValue",
      failure([broken({ people: 2n ** 53n })]),
      /9007199254740992n/
    ],
    [
      "a range that begins within a period",
      "PartialPeriod",
      failure([], { ...fourDays, range: TimeRange.dates("2024-01-01", "2024-01-05", "UTC") }),
      /begins at 2024-01-01T00:00/
    ],
    [
      "a range that ends within a period",
      "PartialPeriod",
      failure([], { ...fourDays, granularity: "P1W" }),
      /ends at 2024-01-05T06:00/
    ],
    [
      "a range that ends before it starts",
      "InvalidRange",
      failure([], { ...fourDays, range: TimeRange.dates("2024-01-05", "2024-01-01", chicago) }),
      /not after its start/
    ],
    [
      "an object to pivot by",
      "InvalidKey",
      Effect.flip(
        Series.pivot([broken({ zone_id: {} })], { ...columns, ...fourDays, by: "zone_id" })
      ),
      /zone_id of row 0/
    ]
  ] as const

  for (const [name, reason, failure, problem] of cases) {
    it.effect(`${name} is the error ${reason}`, () =>
      Effect.gen(function* () {
        const error = yield* failure
        assert.strictEqual(error.reason, reason)
        assert.match(error.problem, problem)
        assert.strictEqual(error.message, `${error.problem}. ${error.hint}.`)
      })
    )
  }
})
