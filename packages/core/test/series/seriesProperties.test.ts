/** Tests rules that hold for every series. */
import { assert, describe, it } from "@effect/vitest"
import type * as Granularity from "@innerspace-metrics/core/Granularity"
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Series from "@innerspace-metrics/core/Series"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"

/**
 * Zones whose offsets are whole hours, half hours or quarter hours. Their clocks change by an hour,
 * by half an hour, at midnight, or not at all.
 */
const zones = [
  "UTC",
  "America/Chicago",
  "America/Havana",
  "America/St_Johns",
  "Europe/Berlin",
  "Asia/Beirut",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Chatham"
]

const dayMillis = 86_400_000

const isoDate = (days: number) =>
  new Date(days * dayMillis).toISOString().slice(0, 10) as TimeRange.LocalDate

interface Row {
  readonly at: DateTime.Utc
  readonly value: number | null
  readonly zone_id: number
}

/**
 * A value, null for a row without a value, or undefined for a missing row. Values are whole
 * numbers, so sums are exact in any order.
 */
const cell = FastCheck.oneof(
  { weight: 5, arbitrary: FastCheck.integer({ min: -1_000, max: 1_000 }) },
  { weight: 1, arbitrary: FastCheck.constant(0) },
  { weight: 1, arbitrary: FastCheck.constant(null) },
  { weight: 2, arbitrary: FastCheck.constant(undefined) }
)
type Cell = number | null | undefined

interface Setting {
  readonly range: TimeRange.TimeRange
  readonly zone: string
  readonly periods: ReadonlyArray<TimeRange.Interval>
}

const setting = (granularity: Granularity.Granularity, longest: number) =>
  FastCheck.record({
    // The first day is in 2016 to 2035. In these years, no zone of the list skips a date.
    first: FastCheck.integer({ min: 16_801, max: 23_900 }),
    days: FastCheck.integer({ min: 1, max: longest }),
    zone: FastCheck.constantFrom(...zones)
  }).map(({ first, days, zone }): Setting => {
    const range = TimeRange.dates(isoDate(first), isoDate(first + days), zone)
    return {
      range,
      zone,
      periods: Effect.runSync(TimeRange.buckets(range, granularity, zone))
    }
  })

/** A range, granularity and zone, with a cell for each of its periods. */
const filled = (granularity: Granularity.Granularity, longest: number) =>
  setting(granularity, longest).chain((setting) =>
    FastCheck.array(cell, {
      minLength: setting.periods.length,
      maxLength: setting.periods.length
    }).map((cells) => ({ ...setting, cells }))
  )

const rowsOf = (
  { periods }: Setting,
  cells: ReadonlyArray<Cell>,
  zone_id = 1
): ReadonlyArray<Row> =>
  periods.flatMap(({ start }, index) => {
    const value = cells[index]
    return value === undefined ? [] : [{ at: start, value, zone_id }]
  })

const seriesOf = <M extends Metric.Metric, G extends Granularity.Granularity>(
  { range, zone }: Setting,
  rows: ReadonlyArray<Row>,
  metric: M,
  granularity: G
): Series.Series<M, G> =>
  Effect.runSync(
    Series.fromRows(rows, { time: "at", value: "value", metric, range, granularity, zone })
  )

const right = <A>(either: Either.Either<A, Error>): A =>
  Either.getOrThrowWith(either, (error) => error)

const additive = Metric.make("VISITS", {
  unit: "people",
  overTime: "sum",
  overSpace: "sum",
  source: "test"
})

const { OCCUPANCY_MEAN, OCCUPANCY_MAX } = Metric.known

const values = ({ buckets }: Series.Series): ReadonlyArray<number> =>
  buckets.flatMap(({ value }) => (value === null ? [] : [value]))

const total = (numbers: ReadonlyArray<number>): number => numbers.reduce((sum, one) => sum + one, 0)

const length = ({ start, end }: TimeRange.Interval): number => end.epochMillis - start.epochMillis

const isClose = (actual: number, expected: number) =>
  assert.closeTo(actual, expected, 1e-9 * Math.max(1, Math.abs(expected)))

describe("Series.fromRows", () => {
  it.prop(
    "fromRows has every period once and in order, each with its own cell",
    [filled("PT1H", 4)],
    ([{ cells, ...setting }]) => {
      const { buckets } = seriesOf(setting, rowsOf(setting, cells), OCCUPANCY_MEAN, "PT1H")
      assert.deepStrictEqual(
        buckets.map(({ start, end }) => ({ start, end })),
        setting.periods.map(({ start, end }) => ({ start, end }))
      )
      assert.deepStrictEqual(
        buckets.map(({ value }) => value),
        cells.map((cell) => cell ?? null)
      )
    }
  )

  it.prop(
    "fromRows makes each period a value or a gap",
    [filled("PT1H", 4)],
    ([{ cells, ...setting }]) => {
      const { buckets } = seriesOf(setting, rowsOf(setting, cells), OCCUPANCY_MEAN, "PT1H")
      const count = (...tags: ReadonlyArray<Series.Bucket["_tag"]>) =>
        buckets.filter(({ _tag }) => tags.includes(_tag)).length
      assert.strictEqual(count("Zero"), cells.filter((cell) => cell === 0).length)
      assert.strictEqual(
        count("Measured"),
        cells.filter((cell) => typeof cell === "number" && cell !== 0).length
      )
      assert.strictEqual(
        count("Measured", "Zero") + count("NotMeasured", "NotPublished", "NotPermitted"),
        setting.periods.length
      )
    }
  )

  it.prop(
    "fromRows does not depend on the order of rows",
    [filled("PT1H", 2)],
    ([{ cells, ...setting }]) => {
      const rows = rowsOf(setting, cells)
      assert.deepStrictEqual(
        seriesOf(setting, [...rows].reverse(), OCCUPANCY_MEAN, "PT1H"),
        seriesOf(setting, rows, OCCUPANCY_MEAN, "PT1H")
      )
    }
  )
})

describe("Series.pivot", () => {
  const spaces = setting("PT1H", 2).chain((setting) =>
    FastCheck.array(
      FastCheck.array(cell, {
        minLength: setting.periods.length,
        maxLength: setting.periods.length
      }),
      { minLength: 1, maxLength: 4 }
    ).map((cells) => ({ ...setting, cells }))
  )

  it.prop("the series of pivot contain exactly the rows", [spaces], ([{ cells, ...setting }]) => {
    const rows = cells.flatMap((cells, index) => rowsOf(setting, cells, index))
    const series = Effect.runSync(
      Series.pivot(rows, {
        by: "zone_id",
        time: "at",
        value: "value",
        metric: OCCUPANCY_MEAN,
        range: setting.range,
        granularity: "PT1H",
        zone: setting.zone
      })
    )
    const merged = [...series].flatMap(([zone_id, { buckets }]) =>
      buckets.flatMap(({ start, value }) => (value === null ? [] : [{ at: start, value, zone_id }]))
    )
    assert.deepStrictEqual(
      merged,
      rows.filter(({ value }) => value !== null)
    )
  })
})

describe("Series.rollUp", () => {
  it.prop("rollUp of a sum keeps the sum", [filled("PT1H", 20)], ([{ cells, ...setting }]) => {
    const hours = seriesOf(setting, rowsOf(setting, cells), additive, "PT1H")
    for (const to of ["P1D", "P1W", "P1M"] as const) {
      assert.strictEqual(total(values(right(Series.rollUp(hours, to)))), total(values(hours)))
    }
  })

  it.prop(
    "rollUp of means is the mean over all measured time",
    [filled("PT1H", 20)],
    ([{ cells, ...setting }]) => {
      const hours = seriesOf(setting, rowsOf(setting, cells), OCCUPANCY_MEAN, "PT1H")
      for (const bucket of right(Series.rollUp(hours, "P1W")).buckets) {
        const within = hours.buckets.filter(
          ({ start, value }) =>
            value !== null &&
            start.epochMillis >= bucket.start.epochMillis &&
            start.epochMillis < bucket.end.epochMillis
        )
        const time = total(within.map(length))
        assert.strictEqual(bucket.value === null, time === 0)
        isClose(bucket.coverage, time / length(bucket))
        if (bucket.value !== null) {
          isClose(
            bucket.value,
            total(within.map((hour) => (hour.value ?? 0) * length(hour))) / time
          )
        }
      }
    }
  )

  it.prop("rollUp of peaks is the largest peak", [filled("PT1H", 4)], ([{ cells, ...setting }]) => {
    const hours = seriesOf(setting, rowsOf(setting, cells), OCCUPANCY_MAX, "PT1H")
    const found = values(hours)
    const days = values(right(Series.rollUp(hours, "P1D")))
    assert.strictEqual(days.length === 0, found.length === 0)
    if (found.length > 0) assert.strictEqual(Math.max(...days), Math.max(...found))
  })

  it.prop(
    "rollUp in two steps equals rollUp in one",
    [filled("PT15M", 9)],
    ([{ cells, ...setting }]) => {
      for (const metric of [additive, OCCUPANCY_MEAN, OCCUPANCY_MAX] as const) {
        const quarters = seriesOf(setting, rowsOf(setting, cells), metric, "PT15M")
        const once = right(Series.rollUp(quarters, "P1W"))
        const twice = right(
          Series.rollUp(right(Series.rollUp(right(Series.rollUp(quarters, "PT1H")), "P1D")), "P1W")
        )
        assert.strictEqual(twice.buckets.length, once.buckets.length)
        once.buckets.forEach((bucket, index) => {
          const other = twice.buckets[index] ?? assert.fail("a bucket is missing")
          assert.deepStrictEqual([other.start, other.end], [bucket.start, bucket.end])
          isClose(other.coverage, bucket.coverage)
          // 1e9 stands for null, and is larger than any value.
          isClose(other.value ?? 1e9, bucket.value ?? 1e9)
        })
      }
    }
  )

  it.prop(
    "rollUp makes whole periods that cover the series, with full coverage of full days",
    [setting("PT1H", 40)],
    ([setting]) => {
      const hours = seriesOf(
        setting,
        rowsOf(
          setting,
          setting.periods.map(() => 1)
        ),
        OCCUPANCY_MEAN,
        "PT1H"
      )
      const days = right(Series.rollUp(hours, "P1D")).buckets
      assert.deepStrictEqual(
        days.map(({ start, end }) => ({ start, end })),
        Effect.runSync(TimeRange.buckets(setting.range, "P1D", setting.zone)).map(
          ({ start, end }) => ({ start, end })
        )
      )
      for (const day of days) {
        assert.strictEqual(day.coverage, 1)
        assert.strictEqual(day.value, 1)
      }
      const months = right(Series.rollUp(hours, "P1M")).buckets
      const covered = total(months.map((month) => month.coverage * length(month)))
      isClose(covered, total(setting.periods.map(length)))
      for (const month of months) assert.isAtLeast(length(month), 27.9 * dayMillis)
    }
  )
})

describe("Series.combine", () => {
  const two = filled("P1D", 12).chain((setting) =>
    FastCheck.array(cell, {
      minLength: setting.periods.length,
      maxLength: setting.periods.length
    }).map((others) => ({ ...setting, others }))
  )

  it.prop(
    "combine adds sums, and its coverage is the share of spaces with a value",
    [two],
    ([{ cells, others, ...setting }]) => {
      const make = (cells: ReadonlyArray<Cell>) =>
        seriesOf(setting, rowsOf(setting, cells), OCCUPANCY_MEAN, "P1D")
      const { buckets } = right(
        Series.combine(
          new Map([
            [1, make(cells)],
            [2, make(others)]
          ])
        )
      )
      buckets.forEach(({ value, coverage }, index) => {
        const found = [cells[index], others[index]].flatMap((cell) => cell ?? [])
        assert.strictEqual(value, found.length === 0 ? null : total(found))
        assert.strictEqual(coverage, found.length / 2)
      })
    }
  )
})

describe("Series.occupiedMinutes", () => {
  const counts = setting("PT15M", 3).chain((setting) =>
    FastCheck.array(
      // The occupied minutes of a quarter hour, and the sum of the counts of its minutes. The sum
      // is at least as large as the occupied minutes.
      FastCheck.integer({ min: 0, max: 15 }).chain((minutes) =>
        FastCheck.integer({ min: minutes, max: minutes * 40 }).map(
          (people) => [minutes, people] as const
        )
      ),
      { minLength: setting.periods.length, maxLength: setting.periods.length }
    ).map((counts) => ({ ...setting, counts }))
  )

  it.prop(
    "occupiedMinutes weights means so that a roll-up is the mean over all occupied minutes",
    [counts],
    ([{ counts, ...setting }]) => {
      const mean = seriesOf(
        setting,
        rowsOf(
          setting,
          counts.map(([, people]) => people / 15)
        ),
        OCCUPANCY_MEAN,
        "PT15M"
      )
      const positive = seriesOf(
        setting,
        rowsOf(
          setting,
          counts.map(([minutes, people]) => (minutes === 0 ? null : people / minutes))
        ),
        Metric.known.OCCUPANCY_POS_MEAN,
        "PT15M"
      )
      const minutes = right(Series.occupiedMinutes(mean, positive))
      const days = right(Series.rollUp(positive, "P1D", minutes))
      for (const day of days.buckets) {
        const within = counts.filter((_, index) => {
          const at = setting.periods[index]?.start.epochMillis ?? 0
          return at >= day.start.epochMillis && at < day.end.epochMillis
        })
        const occupied = total(within.map(([minutes]) => minutes))
        if (occupied === 0) {
          assert.isNull(day.value)
        } else {
          isClose(day.value ?? Number.NaN, total(within.map(([, people]) => people)) / occupied)
          isClose(day.coverage, 1)
        }
      }
    }
  )
})
