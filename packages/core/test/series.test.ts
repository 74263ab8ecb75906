import { assert, describe, it } from "@effect/vitest"
import type * as Granularity from "@innerspace-metrics/core/Granularity"
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Series from "@innerspace-metrics/core/Series"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"

const chicago = "America/Chicago"

interface Row {
  readonly at: DateTime.Utc
  readonly people: number | null
  readonly zone_id: number
}

const row = (at: string, people: number | null, zone_id = 1): Row => ({
  at: DateTime.unsafeMake(at),
  people,
  zone_id
})

const columns = { time: "at", value: "people", metric: Metric.known.OCCUPANCY_MEAN } as const

/** Everything has been published. */
const published = { publishedUntil: DateTime.unsafeMake("2030-01-01T00:00:00Z") }

const days = (
  first: TimeRange.LocalDate,
  end: TimeRange.LocalDate,
  granularity: "PT1H" | "P1D" = "P1D"
) => ({ range: TimeRange.dates(first, end, chicago), granularity, zone: chicago }) as const

/** Four local days, of 24 hours each: from 2024-01-01T06:00Z. */
const fourDays = days("2024-01-01", "2024-01-05")

const tags = ({ buckets }: Series.Series) => buckets.map(({ _tag }) => _tag)

const values = ({ buckets }: Series.Series) => buckets.map(({ value }) => value)

const right = <A>(either: Either.Either<A, Error>): A =>
  Either.getOrThrowWith(either, (error) => error)

describe("Series.fromRows", () => {
  it.effect("tells a zero from a value, from an empty cell and from a missing row", () =>
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

  it.effect("takes bigint and BigDecimal as numbers", () =>
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

  it.effect("has 23 and 25 hours on the days that clocks change", () =>
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

  it.effect("calls periods that end after the given instant not published", () =>
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

  it.effect("calls the periods of a refused space not permitted, and keeps what it has", () =>
    Effect.gen(function* () {
      const series = yield* Series.fromRows([row("2024-01-02T06:00:00Z", 1)], {
        ...columns,
        ...days("2024-01-01", "2024-01-04"),
        notPermitted: true
      })
      assert.deepStrictEqual(tags(series), ["NotPermitted", "Measured", "NotPermitted"])
    })
  )

  describe("without an instant of publication", () => {
    const series = (...rows: ReadonlyArray<Row>) =>
      Effect.map(Series.fromRows(rows, { ...columns, ...fourDays }), tags)

    it.effect(
      "takes the nights before yesterday as published, and yesterday's once a row shows it",
      () =>
        Effect.gen(function* () {
          // 3 January, 09:00 in Chicago.
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

    it.effect("takes one zone's row of yesterday as a sign for all", () =>
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
  it.effect("makes a series for each value, for expected keys and for refused ones", () =>
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

  it.effect("names the row by its place among all rows", () =>
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

describe("rows that are no series", () => {
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
      /outside of the range/
    ],
    [
      "a day that starts elsewhere than in the zone",
      "RowWithinPeriod",
      failure([row("2024-01-02T00:00:00Z", 1)]),
      /no period of P1D starts in America\/Chicago/
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
      failure([broken({ people: "3" })]),
      /people of row 0 is "3"/
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
    it.effect(`${name}: ${reason}`, () =>
      Effect.gen(function* () {
        const error = yield* failure
        assert.strictEqual(error.reason, reason)
        assert.match(error.problem, problem)
        assert.strictEqual(error.message, `${error.problem}. ${error.hint}.`)
      })
    )
  }
})

describe("Series.rollUp", () => {
  const hours = (
    cells: ReadonlyArray<number | null>,
    date: TimeRange.LocalDate,
    end: TimeRange.LocalDate
  ) =>
    Effect.gen(function* () {
      const setting = days(date, end, "PT1H")
      const periods = yield* TimeRange.buckets(setting.range, "PT1H", chicago)
      return yield* Series.fromRows(
        cells.flatMap((people, index) => {
          const at = periods[index]?.start
          return people === null || at === undefined ? [] : [{ at, people, zone_id: 1 }]
        }),
        { ...columns, ...published, ...setting, granularity: "PT1H" }
      )
    })

  it.effect("says how much of a period was measured, also of one that the range cuts", () =>
    Effect.gen(function* () {
      const series = yield* hours([2, 4, 0, null], "2024-01-01", "2024-01-03")
      const [first, second] = right(Series.rollUp(series, "P1D")).buckets
      assert.deepStrictEqual(
        [first?.value, first?.coverage, second?._tag, second?.coverage],
        [2, 3 / 24, "NotMeasured", 0]
      )
      const [week] = right(Series.rollUp(series, "P1W")).buckets
      assert.strictEqual(week?.coverage, 3 / 168)
      assert.strictEqual(week?.end.toJSON(), "2024-01-08T06:00:00.000Z")
    })
  )

  it.effect("covers days of 23 and 25 hours in full", () =>
    Effect.gen(function* () {
      for (const [first, end, count] of [
        ["2024-03-10", "2024-03-11", 23],
        ["2024-11-03", "2024-11-04", 25]
      ] as const) {
        const series = yield* hours(Array<number>(count).fill(2), first, end)
        const { buckets } = right(Series.rollUp(series, "P1D"))
        assert.deepStrictEqual(
          buckets.map(({ value, coverage }) => [value, coverage]),
          [[2, 1]]
        )
      }
    })
  )

  it.effect("names a gap of gaps by what can still come, then by what can be asked for", () =>
    Effect.gen(function* () {
      const setting = days("2024-01-01", "2024-01-02", "PT1H")
      const gaps = (options: {
        readonly notPermitted?: boolean
        readonly publishedUntil: DateTime.DateTime
      }) =>
        Effect.map(
          Series.fromRows<Row, "people", typeof columns.metric, "PT1H">([], {
            ...columns,
            ...setting,
            granularity: "PT1H",
            ...options
          }),
          (series) => tags(right(Series.rollUp(series, "P1D")))
        )
      const noon = DateTime.unsafeMake("2024-01-01T18:00:00Z")
      assert.deepStrictEqual(yield* gaps({ publishedUntil: noon }), ["NotPublished"])
      assert.deepStrictEqual(yield* gaps({ publishedUntil: noon, notPermitted: true }), [
        "NotPermitted"
      ])
      assert.deepStrictEqual(yield* gaps(published), ["NotMeasured"])
    })
  )

  it.effect("refuses at run time what the compiler could not see", () =>
    Effect.gen(function* () {
      const dynamic = (name: string, granularity: Granularity.Granularity) =>
        Series.fromRows<Row, "people", Metric.Metric, Granularity.Granularity>([], {
          ...columns,
          metric: Option.getOrThrow(Metric.find(name)),
          range: TimeRange.week("2024-W01", chicago),
          granularity,
          zone: chicago
        })
      const reason = <A>(either: Either.Either<A, { readonly reason: string }>) =>
        Either.isLeft(either) ? either.left.reason : "none"
      const people = yield* dynamic("PEOPLE_COUNT", "PT1H")
      assert.strictEqual(reason(Series.rollUp(people, "P1D")), "NotCombinable")
      assert.strictEqual(reason(Series.combine(new Map([[1, people]]))), "NotCombinable")
      const weeks = yield* dynamic("OCCUPANCY_MEAN", "P1W")
      assert.strictEqual(reason(Series.rollUp(weeks, "P1M")), "NotCoarser")
      const days = yield* dynamic("OCCUPANCY_MEAN", "P1D")
      assert.strictEqual(reason(Series.rollUp(days, "P1D")), "NotCoarser")
      const positive = yield* dynamic("OCCUPANCY_POS_MEAN", "PT1H")
      assert.strictEqual(reason(Series.rollUp(positive, "P1D")), "InvalidWeight")
      assert.strictEqual(reason(Series.rollUp(positive, "P1D", days)), "DifferentBuckets")
      assert.strictEqual(
        reason(
          Series.combine(
            new Map([
              [1, weeks],
              [2, days]
            ])
          )
        ),
        "DifferentBuckets"
      )
      const peaks = yield* dynamic("OCCUPANCY_MEAN_ROOM".toLowerCase(), "P1D")
      assert.strictEqual(
        reason(
          Series.combine(
            new Map([
              [1, days],
              [2, peaks]
            ])
          )
        ),
        "DifferentBuckets"
      )
      assert.strictEqual(reason(Series.combine(new Map<number, typeof days>())), "NoSeries")
    })
  )

  it.effect("takes no weight below zero", () =>
    Effect.gen(function* () {
      const setting = { ...columns, ...fourDays, ...published }
      const rows = [row("2024-01-01T06:00:00Z", -1)]
      const weights = yield* Series.fromRows(rows, setting)
      const means = yield* Series.fromRows(rows, {
        ...setting,
        metric: Metric.known.OCCUPANCY_POS_MEAN
      })
      const rolled = Series.rollUp(means, "P1W", weights)
      assert.isTrue(Either.isLeft(rolled) && rolled.left.reason === "InvalidWeight")
    })
  )
})

describe("Series.combine", () => {
  const share = Metric.make("OCCUPANCY_PERCENT_CAPACITY_MEAN", {
    unit: "percent",
    overTime: { weightedMean: "duration" },
    overSpace: { weightedMean: "capacity" },
    source: "test"
  })
  const zones = Series.pivot(
    [
      row("2024-01-01T06:00:00Z", 50, 11),
      row("2024-01-01T06:00:00Z", 20, 12),
      row("2024-01-02T06:00:00Z", 20, 12)
    ],
    { ...columns, metric: share, ...days("2024-01-01", "2024-01-04"), ...published, by: "zone_id" }
  )

  it.effect("weighs spaces by their capacity", () =>
    Effect.gen(function* () {
      const combined = Series.combine(
        yield* zones,
        new Map([
          [11, 10],
          [12, 30]
        ])
      )
      assert.deepStrictEqual(
        right(combined).buckets.map(({ value, coverage }) => [value, coverage]),
        [
          [27.5, 1],
          [20, 0.5],
          [null, 0]
        ]
      )
    })
  )

  it.effect("takes no weight that is missing, below zero or endless", () =>
    Effect.gen(function* () {
      const byZone = yield* zones
      for (const weight of [[], [[12, -1]], [[12, Number.POSITIVE_INFINITY]]] as const) {
        const combined = Series.combine(byZone, new Map<number, number>([[11, 10], ...weight]))
        if (Either.isRight(combined)) return assert.fail("it combines")
        assert.strictEqual(combined.left.reason, "InvalidWeight")
        assert.match(combined.left.problem, /space 12/)
      }
    })
  )
})

describe("a gap of several spaces", () => {
  it.effect("is named by what can still come before what can be asked for", () =>
    Effect.gen(function* () {
      const byZone = yield* Series.pivot<Row, "people", typeof columns.metric, "P1D", "zone_id">(
        [],
        {
          ...columns,
          ...days("2024-01-01", "2024-01-03"),
          granularity: "P1D",
          publishedUntil: DateTime.unsafeMake("2024-01-02T06:00:00Z"),
          by: "zone_id",
          keys: [11],
          notPermitted: [12]
        }
      )
      assert.deepStrictEqual(tags(right(Series.combine(byZone))), ["NotPermitted", "NotPublished"])
    })
  )
})

describe("Series.occupiedMinutes", () => {
  it.effect(
    "keeps within the period, knows empty ones, and leaves gaps where a mean is missing",
    () =>
      Effect.gen(function* () {
        const at = ["01", "02", "03", "04"].map((day) => `2024-01-${day}T06:00:00Z`)
        const series = <M extends Metric.Metric>(metric: M, cells: ReadonlyArray<number | null>) =>
          Series.fromRows(
            cells.map((people, index) => row(at[index] ?? "", people)),
            { ...columns, ...fourDays, ...published, metric }
          )
        const minutes = Series.occupiedMinutes(
          yield* series(Metric.known.OCCUPANCY_MEAN, [1, 0, 2.001, 1]),
          yield* series(Metric.known.OCCUPANCY_POS_MEAN, [4, null, 2, null])
        )
        assert.deepStrictEqual(values(right(minutes)), [360, 0, 1440, null])
      })
  )
})
