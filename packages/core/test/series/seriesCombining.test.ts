/** Tests how series are combined to series of longer periods and of several spaces. */
import { assert, describe, it } from "@effect/vitest"
import type * as Granularity from "@innerspace-metrics/core/Granularity"
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Series from "@innerspace-metrics/core/Series"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import {
  chicago,
  columns,
  days,
  fourDays,
  published,
  type Row,
  right,
  row,
  tags,
  values
} from "../support/seriesRows.js"

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

  it.effect("rollUp reports the coverage of a period, even of one that the range cuts", () =>
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

  it.effect("rollUp covers days of 23 and 25 hours completely", () =>
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

  it.effect("rollUp of gaps prefers the reason NotPublished, then NotPermitted", () =>
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

  it.effect("rollUp and combine reject at run time what the compiler could not see", () =>
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

  it.effect("rollUp rejects a negative weight", () =>
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

  it.effect("combine weights spaces by their capacity", () =>
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

  it.effect("combine rejects a weight that is missing, negative or infinite", () =>
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

describe("gaps of several spaces", () => {
  it.effect("combine of gaps prefers the reason NotPublished to NotPermitted", () =>
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
    "occupiedMinutes stays within the period, knows empty periods, and leaves gaps if a mean is missing",
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
