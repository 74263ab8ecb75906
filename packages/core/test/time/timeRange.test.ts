import { assert, describe, it } from "@effect/vitest"
import * as Granularity from "@innerspace-metrics/core/Granularity"
import * as Metric from "@innerspace-metrics/core/Metric"
import type { QueryError } from "@innerspace-metrics/core/MetricsError"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Series from "@innerspace-metrics/core/Series"
import type { SeriesError } from "@innerspace-metrics/core/SeriesError"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as TestClock from "effect/TestClock"

/**
 * Zones with half-hour offsets, with summer time in the southern summer, with clock changes that
 * skip midnight, and with skipped dates.
 */
const zones = [
  "UTC",
  "America/New_York",
  "America/Los_Angeles",
  "America/Asuncion",
  "Europe/London",
  "Europe/Moscow",
  "Africa/Casablanca",
  "Asia/Tokyo",
  "America/Chicago",
  "America/St_Johns",
  "America/Sao_Paulo",
  "America/Havana",
  "Europe/Berlin",
  "Africa/Cairo",
  "Asia/Beirut",
  "Asia/Tehran",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Chatham"
]

const dayMillis = 86_400_000

/** A date between 1990 and 2035, as its number of days since 1970. */
const day = FastCheck.integer({ min: 7_305, max: 24_100 })

const zone = FastCheck.constantFrom(...zones)

const isoDate = (days: number) =>
  new Date(days * dayMillis).toISOString().slice(0, 10) as TimeRange.LocalDate

/** Resolves a range that does not depend on the current time. */
const resolve = (range: TimeRange.TimeRange) => TimeRange.resolveAt(range, 0)

const right = <A>(either: Either.Either<A, Error>): A =>
  Either.getOrThrowWith(either, (error) => error)

const utc = (range: TimeRange.TimeRange) => {
  const { start, end } = right(resolve(range))
  return [DateTime.formatIso(start), DateTime.formatIso(end)]
}

const problem = (range: TimeRange.TimeRange) => {
  const resolved = resolve(range)
  if (Either.isRight(resolved)) return assert.fail("the range resolves")
  assert.strictEqual(resolved.left.reason, "InvalidRange")
  return resolved.left.problem
}

/** The date and the time of day in a zone. The runtime's own formatter makes the text. */
const wallClock = (millis: number, timeZone: string): string => formatter(timeZone).format(millis)

const formatters = new Map<string, Intl.DateTimeFormat>()

const formatter = (timeZone: string): Intl.DateTimeFormat => {
  const made =
    formatters.get(timeZone) ??
    new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" })
  formatters.set(timeZone, made)
  return made
}

describe("TimeRange.dates", () => {
  it.prop(
    "TimeRange.dates begins at the first instant of its date",
    [day, zone],
    ([days, zone]) => {
      const resolved = resolve(TimeRange.dates(isoDate(days), isoDate(days + 1), zone))
      // Samoa skipped 30 December 2011. A date that does not exist has no start and no end.
      if (Either.isLeft(resolved)) return assert.strictEqual(zone, "Pacific/Apia")
      const start = resolved.right.start.epochMillis
      const date = isoDate(days)
      if (wallClock(start, zone).startsWith(date)) {
        assert.isFalse(
          wallClock(start - 1_000, zone).startsWith(date),
          "an earlier second is of it, too"
        )
      } else {
        assert.strictEqual(zone, "Pacific/Apia")
      }
    }
  )

  it.prop("a local date ends where the next one begins", [day, zone], ([days, zone]) => {
    const ranges = [0, 1].map((offset) =>
      resolve(TimeRange.dates(isoDate(days + offset), isoDate(days + offset + 1), zone))
    )
    const [first, second] = ranges
    if (first === undefined || second === undefined) return assert.fail()
    if (Either.isLeft(first) || Either.isLeft(second))
      return assert.strictEqual(zone, "Pacific/Apia")
    assert.strictEqual(first.right.end.epochMillis, second.right.start.epochMillis)
  })

  it("a local day has 23 or 25 hours on days of clock changes", () => {
    assert.deepStrictEqual(utc(TimeRange.dates("2024-03-10", "2024-03-11", "America/Chicago")), [
      "2024-03-10T06:00:00.000Z",
      "2024-03-11T05:00:00.000Z"
    ])
    assert.deepStrictEqual(utc(TimeRange.dates("2024-11-03", "2024-11-04", "America/Chicago")), [
      "2024-11-03T05:00:00.000Z",
      "2024-11-04T06:00:00.000Z"
    ])
  })

  it("a local day begins after the gap if clocks go forward at midnight", () => {
    assert.deepStrictEqual(utc(TimeRange.dates("2018-11-04", "2018-11-05", "America/Sao_Paulo")), [
      "2018-11-04T03:00:00.000Z",
      "2018-11-05T02:00:00.000Z"
    ])
  })

  it("the error of TimeRange.dates names a date or a zone that does not exist", () => {
    assert.match(problem(TimeRange.dates("2024-02-30", "2024-03-01", "UTC")), /"2024-02-30"/)
    assert.match(problem(TimeRange.dates("2024-2-3", "2024-03-01", "UTC")), /"2024-2-3"/)
    assert.match(problem(TimeRange.dates("2024-01-01", "2024-01-02", "Mars/Base")), /"Mars\/Base"/)
  })
})

describe("TimeRange.week", () => {
  it("TimeRange.week is the vendor's documented week", () => {
    assert.deepStrictEqual(utc(TimeRange.week("2024-W01", "America/Chicago")), [
      "2024-01-01T06:00:00.000Z",
      "2024-01-08T06:00:00.000Z"
    ])
  })

  it.prop(
    "an ISO week runs from Monday to Monday, and every date is in the week of its Thursday",
    [day],
    ([days]) => {
      const thursday = days + 3 - ((days + 3) % 7)
      const year = new Date(thursday * dayMillis).getUTCFullYear()
      const firstOfYear = Date.UTC(year, 0, 1) / dayMillis
      const number = 1 + Math.floor((thursday - firstOfYear) / 7)
      const week = `${year}-W${String(number).padStart(2, "0")}` as Parameters<
        typeof TimeRange.week
      >[0]
      const { start, end } = right(resolve(TimeRange.week(week, "UTC")))
      assert.strictEqual(new Date(start.epochMillis).getUTCDay(), 1)
      assert.strictEqual(end.epochMillis - start.epochMillis, 7 * dayMillis)
      assert.isTrue(start.epochMillis <= days * dayMillis && days * dayMillis < end.epochMillis)
    }
  )

  it("TimeRange.week knows which years have 53 weeks", () => {
    assert.strictEqual(utc(TimeRange.week("2020-W53", "UTC"))[0], "2020-12-28T00:00:00.000Z")
    assert.match(problem(TimeRange.week("2024-W53", "UTC")), /"2024-W53"/)
    assert.match(problem(TimeRange.week("2024-W00", "UTC")), /"2024-W00"/)
    assert.match(problem(TimeRange.week("2024-W1", "UTC")), /"2024-W1"/)
  })
})

describe("TimeRange.between", () => {
  it.prop(
    "TimeRange.between is a range only if the end is after the start",
    [FastCheck.date({ noInvalidDate: true }), FastCheck.date({ noInvalidDate: true })],
    ([start, end]) => {
      const resolved = resolve(TimeRange.between(start, end))
      assert.strictEqual(Either.isRight(resolved), start.getTime() < end.getTime())
    }
  )

  it("TimeRange.between accepts zoned instants and resolves to UTC", () => {
    const zoned = DateTime.unsafeMakeZoned("2024-01-01T00:00:00", {
      timeZone: "America/Chicago",
      adjustForTimeZone: true
    })
    assert.strictEqual(
      utc(TimeRange.between(zoned, DateTime.add(zoned, { weeks: 1 })))[0],
      "2024-01-01T06:00:00.000Z"
    )
  })

  it("the error of TimeRange.between names an invalid Date", () => {
    assert.match(problem(TimeRange.between(new Date(Number.NaN), new Date(0))), /an invalid Date/)
  })
})

describe("TimeRange.month", () => {
  it("TimeRange.month is a calendar month of its zone", () => {
    assert.deepStrictEqual(utc(TimeRange.month("2024-02", "Europe/Berlin")), [
      "2024-01-31T23:00:00.000Z",
      "2024-02-29T23:00:00.000Z"
    ])
    assert.deepStrictEqual(utc(TimeRange.month("2024-12", "UTC"))[1], "2025-01-01T00:00:00.000Z")
  })

  it("the error of TimeRange.month names a month that does not exist", () => {
    assert.match(problem(TimeRange.month("2024-13", "UTC")), /"2024-13"/)
    assert.match(problem(TimeRange.month("2024-1", "UTC")), /"2024-1"/)
  })
})

describe("TimeRange.last", () => {
  it.effect("TimeRange.last is the whole periods before now, by the Clock", () =>
    Effect.gen(function* () {
      // Wednesday, 13 March 2024, 15:37 in Chicago, three days after clocks went forward.
      yield* TestClock.setTime(Date.UTC(2024, 2, 13, 20, 37))
      const ends = (granularity: Granularity.Granularity, count: number) =>
        Effect.map(
          TimeRange.resolve(TimeRange.last(count, granularity, "America/Chicago")),
          ({ start, end }) =>
            [start, end].map((instant) => DateTime.formatIso(instant).slice(0, 16))
        )
      assert.deepStrictEqual(yield* ends("PT15M", 2), ["2024-03-13T20:00", "2024-03-13T20:30"])
      assert.deepStrictEqual(yield* ends("PT1H", 24), ["2024-03-12T20:00", "2024-03-13T20:00"])
      assert.deepStrictEqual(yield* ends("P1D", 4), ["2024-03-09T06:00", "2024-03-13T05:00"])
      assert.deepStrictEqual(yield* ends("P1W", 1), ["2024-03-04T06:00", "2024-03-11T05:00"])
      assert.deepStrictEqual(yield* ends("P1M", 3), ["2023-12-01T06:00", "2024-03-01T06:00"])
    })
  )

  it("the error of TimeRange.last names an invalid count", () => {
    assert.match(problem(TimeRange.last(0, "P1D", "UTC")), /last 0 periods/)
    assert.match(problem(TimeRange.last(1.5, "P1D", "UTC")), /last 1\.5 periods/)
  })
})

describe("TimeRange.today, thisWeek and thisMonth", () => {
  const at = (range: TimeRange.TimeRange, now: number) => {
    const { start, end } = right(TimeRange.resolveAt(range, now))
    return [start.epochMillis, end.epochMillis] as const
  }

  /** The day of the week of a date, from 0 for Monday. */
  const isoWeekday = (date: string) => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
  const moved = (date: string, days: number) => isoDate(Date.parse(date) / dayMillis + days)
  const monthAfter = (date: string) => moved(`${moved(date, 31).slice(0, 8)}01`, 0)

  it.prop(
    "the current period is the local day, the week from Monday, or the month",
    [FastCheck.integer({ min: 631_152_000, max: 2_082_000_000 }), zone],
    ([seconds, zone]) => {
      // Samoa once had a week of six days, so the week does not begin this number of days earlier.
      FastCheck.pre(zone !== "Pacific/Apia")
      const now = seconds * 1_000
      const date = wallClock(now, zone).slice(0, 10) as TimeRange.LocalDate
      const monday = moved(date, -isoWeekday(date))
      const first = moved(date, 1 - Number(date.slice(8)))
      for (const [range, dates] of [
        [TimeRange.today(zone), TimeRange.dates(date, moved(date, 1), zone)],
        [TimeRange.thisWeek(zone), TimeRange.dates(monday, moved(monday, 7), zone)],
        [TimeRange.thisMonth(zone), TimeRange.dates(first, monthAfter(first), zone)]
      ] as const) {
        const [start, end] = at(range, now)
        assert.isTrue(start <= now && now < end)
        assert.deepStrictEqual([start, end], at(dates, now))
      }
    }
  )

  it.prop(
    "the current period begins where the last one ends",
    [FastCheck.integer({ min: 631_152_000, max: 2_082_000_000 }), zone],
    ([seconds, zone]) => {
      const now = seconds * 1_000
      for (const [range, granularity] of [
        [TimeRange.today(zone), "P1D"],
        [TimeRange.thisWeek(zone), "P1W"],
        [TimeRange.thisMonth(zone), "P1M"]
      ] as const) {
        assert.strictEqual(at(range, now)[0], at(TimeRange.last(1, granularity, zone), now)[1])
      }
    }
  )

  it("the current day has 23 or 25 hours, and the week an hour less or more, on clock changes", () => {
    const hours = (range: TimeRange.TimeRange, now: number) => {
      const [start, end] = at(range, now)
      return (end - start) / 3_600_000
    }
    const spring = Date.UTC(2024, 2, 10, 20)
    const autumn = Date.UTC(2024, 10, 3, 20)
    assert.strictEqual(hours(TimeRange.today("America/Chicago"), spring), 23)
    assert.strictEqual(hours(TimeRange.today("America/Chicago"), autumn), 25)
    assert.strictEqual(hours(TimeRange.thisWeek("America/Chicago"), spring), 7 * 24 - 1)
    assert.strictEqual(hours(TimeRange.thisMonth("America/Chicago"), autumn), 30 * 24 + 1)
  })

  it.effect(
    "the current period is of the time when a query is built, not when it was described",
    () =>
      Effect.gen(function* () {
        for (const range of [
          TimeRange.today("UTC"),
          TimeRange.thisWeek("UTC"),
          TimeRange.thisMonth("UTC")
        ]) {
          const query = Query.from(building_features, {
            select: ["feature_value"],
            where: {
              feature_name: "weekly_frequency_dist",
              group_id: "all",
              granularity: "P1W",
              date_time_start: range
            }
          })
          const start = Effect.map(
            Effect.flatMap(QueryBuilder.build(query), Operation.toInlineText),
            (text) => /_gte: "([\d-]+)/.exec(text)?.[1]
          )
          yield* TestClock.setTime(Date.UTC(2024, 0, 1, 12))
          assert.strictEqual(yield* start, "2024-01-01")
          yield* TestClock.setTime(Date.UTC(2024, 3, 1, 12))
          assert.strictEqual(yield* start, "2024-04-01")
        }
      })
  )
})

describe("time zones", () => {
  const accepted = [
    "America/Chicago",
    "america/chicago",
    "America/Argentina/Buenos_Aires",
    "US/Central",
    "Asia/Calcutta",
    "Asia/Kolkata",
    "Etc/GMT+6",
    "Etc/UTC",
    "UTC",
    "utc"
  ]
  /**
   * Names that are not IANA time zones, although ICU or other libraries accept many of them: short
   * names, names with a rule for summer time, and offsets.
   */
  const refused = [
    ...["CST", "cst", "EST", "MST", "HST", "PST", "AST", "IST", "BST", "JST", "SST", "ACT", "NST"],
    ...["CET", "MET", "EET", "WET", "GMT", "GMT0", "UCT", "Zulu", "Z"],
    ...["CST6CDT", "EST5EDT", "MST7MDT", "PST8PDT", "pst8pdt", "SystemV/CST6CDT", "EST5"],
    ...["PRC", "ROK", "NZ", "GB", "Japan"],
    ...["+05:30", "-06:00", "+0530", "UTC+5", "GMT-6"],
    ...[" UTC", "UTC ", "/", "America/", "/Chicago", "America/Chicago\0", "Mars/Base"]
  ]
  const ranges = (zone: string) => ({
    between: TimeRange.between(new Date(0), new Date(1), zone),
    dates: TimeRange.dates("2024-01-01", "2024-02-01", zone),
    week: TimeRange.week("2024-W01", zone),
    month: TimeRange.month("2024-01", zone),
    last: TimeRange.last(1, "P1D", zone),
    today: TimeRange.today(zone),
    thisWeek: TimeRange.thisWeek(zone),
    thisMonth: TimeRange.thisMonth(zone)
  })
  const day = TimeRange.dates("2024-01-01", "2024-01-02", "UTC")

  for (const zone of accepted) {
    it(`${zone} is accepted as a time zone`, () => {
      for (const range of Object.values(ranges(zone))) right(resolve(range))
      Effect.runSync(TimeRange.buckets(day, "P1D", zone))
    })
  }

  for (const zone of refused) {
    it(`${JSON.stringify(zone)} is rejected as a time zone`, () => {
      const problems: ReadonlyArray<Either.Either<unknown, QueryError | SeriesError>> = [
        ...Object.values(ranges(zone)).map(resolve),
        TimeRange.resolveAt(TimeRange.between(new Date(0), new Date(1), zone), 0),
        Effect.runSync(Effect.either(TimeRange.buckets(day, "P1D", zone))),
        Effect.runSync(
          Effect.either(
            Series.fromRows([{ time: DateTime.unsafeMake(0), value: 1 }], {
              time: "time",
              value: "value",
              metric: Metric.known.OCCUPANCY_MEAN,
              range: day,
              granularity: "P1D",
              zone
            })
          )
        )
      ]
      for (const result of problems) {
        if (Either.isRight(result)) return assert.fail("accepted")
        assert.strictEqual(result.left.reason, "InvalidRange")
        assert.include(result.left.message, JSON.stringify(zone))
        assert.include(result.left.message, "America/Chicago")
      }
    })
  }
})

describe("TimeRange.buckets", () => {
  const bucketsOf = (
    range: TimeRange.TimeRange,
    granularity: Granularity.Granularity,
    zone: string
  ) =>
    Effect.runSync(TimeRange.buckets(range, granularity, zone)).map(({ start, end }) => [
      start.epochMillis,
      end.epochMillis
    ])

  /**
   * A granularity, and the start and the length of a range. A range has a few long periods, or some
   * hundreds of short periods.
   */
  const spans = FastCheck.constantFrom(...Granularity.all).chain((granularity) =>
    FastCheck.tuple(
      FastCheck.constant(granularity),
      FastCheck.integer({ min: 630_720_000, max: 2_080_000_000 }),
      FastCheck.integer({ min: 1, max: granularity.startsWith("PT") ? 3 * 86_400 : 100 * 86_400 })
    )
  )

  it.prop(
    "buckets tile the range, each begins with its period, and none is longer than its period can be",
    [spans, zone],
    ([[granularity, from, seconds], zone]) => {
      const range = TimeRange.between(new Date(from * 1_000), new Date((from + seconds) * 1_000))
      const found = bucketsOf(range, granularity, zone)
      const { start, end } = right(resolve(range))
      assert.strictEqual(found[0]?.[0], start.epochMillis)
      assert.strictEqual(found.at(-1)?.[1], end.epochMillis)
      const longest = { PT15M: 0.75, PT1H: 1.5, P1D: 25, P1W: 7 * 24 + 1, P1M: 31 * 24 + 1 }
      for (const [index, [from = 0, to = 0]] of found.entries()) {
        assert.isBelow(from, to)
        assert.isAtMost(to - from, longest[granularity] * 3_600_000)
        if (index === 0) continue
        assert.strictEqual(from, found[index - 1]?.[1])
        const [date = "", time = ""] = wallClock(from, zone).split(" ")
        const justBefore = wallClock(from - 1_000, zone).slice(0, 10)
        switch (granularity) {
          case "PT15M":
            assert.match(time, /:(00|15|30|45):00$/)
            break
          case "PT1H":
            // If clocks skip midnight, the first hour of a date can begin at any time of day.
            assert.isTrue(time.endsWith(":00:00") || date !== justBefore, `${date} ${time}`)
            break
          case "P1D":
            assert.notStrictEqual(date, justBefore)
            break
          case "P1W":
            assert.strictEqual(new Date(`${date}T00:00:00Z`).getUTCDay(), 1)
            assert.notStrictEqual(date, justBefore)
            break
          case "P1M":
            assert.notStrictEqual(date.slice(0, 7), justBefore.slice(0, 7))
            break
        }
      }
    },
    { fastCheck: { numRuns: 300 } }
  )

  it.prop(
    "buckets of days are as many as the calendar has",
    [FastCheck.integer({ min: 1990, max: 2034 }), zone],
    ([year, zone]) => {
      const range = TimeRange.dates(`${year}-01-01`, `${year + 1}-01-01`, zone)
      const days = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / dayMillis
      // Samoa skipped one day in 2011.
      const skipped = zone === "Pacific/Apia" && year === 2011 ? 1 : 0
      assert.strictEqual(bucketsOf(range, "P1D", zone).length, days - skipped)
      assert.strictEqual(bucketsOf(range, "P1M", zone).length, 12)
    }
  )

  it("buckets of hours are 23 or 25 on clock changes, and half hours join the hour before them", () => {
    const hours = (date: TimeRange.LocalDate, end: TimeRange.LocalDate, zone: string) =>
      bucketsOf(TimeRange.dates(date, end, zone), "PT1H", zone).map(
        ([from = 0, to = 0]) => (to - from) / 3_600_000
      )
    assert.strictEqual(hours("2024-03-10", "2024-03-11", "America/Chicago").length, 23)
    assert.strictEqual(hours("2024-11-03", "2024-11-04", "America/Chicago").length, 25)
    assert.strictEqual(hours("2024-06-01", "2024-06-02", "Asia/Kolkata").length, 24)
    assert.deepStrictEqual(
      hours("2024-04-07", "2024-04-08", "Australia/Lord_Howe").filter((hour) => hour !== 1),
      [1.5]
    )
  })

  it("buckets cut the first and the last period", () => {
    const from = Date.UTC(2024, 0, 1, 10, 20)
    assert.deepStrictEqual(
      bucketsOf(TimeRange.between(new Date(from), new Date(from + 3_600_000)), "PT1H", "UTC"),
      [
        [from, Date.UTC(2024, 0, 1, 11)],
        [Date.UTC(2024, 0, 1, 11), from + 3_600_000]
      ]
    )
  })
})

describe("TimeRange.split", () => {
  it.prop(
    "split returns pieces that tile the range and are not longer than the duration",
    [
      FastCheck.integer({ min: 1, max: 10_000_000 }),
      FastCheck.integer({ min: 1_000, max: 5_000_000 })
    ],
    ([length, size]) => {
      const pieces = Effect.runSync(
        TimeRange.split(TimeRange.between(new Date(0), new Date(length)), size)
      )
      assert.strictEqual(pieces.length, Math.ceil(length / size))
      let at = 0
      for (const { start, end } of pieces) {
        assert.strictEqual(start.epochMillis, at)
        assert.isAtMost(end.epochMillis - at, size)
        at = end.epochMillis
      }
      assert.strictEqual(at, length)
    }
  )

  it("split rejects durations of zero, text that is not a duration, and too many pieces", () => {
    const century = TimeRange.dates("1950-01-01", "2050-01-01", "UTC")
    const untyped: ReadonlyArray<unknown> = [
      0,
      -1,
      Number.NaN,
      "7 dayz",
      "",
      null,
      {},
      1,
      "1 minute"
    ]
    for (const size of untyped) {
      const result = Effect.runSync(
        // JavaScript can pass any value.
        Effect.either(TimeRange.split(century, size as Duration.DurationInput))
      )
      assert.isTrue(Either.isLeft(result) && result.left.reason === "InvalidRange", String(size))
    }
  })

  it("split rejects a duration of zero for any range", () => {
    const result = Effect.runSync(
      Effect.either(TimeRange.split(TimeRange.between(new Date(0), new Date(1)), 0))
    )
    assert.isTrue(Either.isLeft(result) && result.left.reason === "InvalidRange")
  })
})

describe("values that JavaScript passes in place of an instant, a date or a zone", () => {
  const start = new Date("2024-01-01T00:00:00Z")
  const end = new Date("2024-02-01T00:00:00Z")
  const temporal = { epochMilliseconds: 0, toString: () => "1970-01-01T00:00:00Z" }
  const wrong: ReadonlyArray<unknown> = [
    "2024-01-01",
    "2024-01-01T00:00:00Z",
    1_704_067_200,
    1_704_067_200_000,
    null,
    undefined,
    {},
    { year: 2024, month: 1 },
    temporal,
    new Date(Number.NaN)
  ]
  const isRefused = (range: TimeRange.TimeRange) => {
    const result = Effect.runSync(Effect.either(TimeRange.resolve(range)))
    return Either.isLeft(result) && result.left.reason === "InvalidRange"
  }

  for (const value of wrong) {
    it(`TimeRange.between rejects ${value === temporal ? "a Temporal.Instant" : `${JSON.stringify(value)} (${typeof value})`}`, () => {
      // JavaScript can pass any value.
      const instant = value as Date
      assert.isTrue(isRefused(TimeRange.between(instant, end)))
      assert.isTrue(isRefused(TimeRange.between(start, instant)))
    })
  }

  for (const value of [undefined, null, 1, "", {}, "Europe/Nowhere"]) {
    it(`no time range accepts ${JSON.stringify(value)} as a zone`, () => {
      // JavaScript can pass any value.
      const zone = value as string
      assert.isTrue(isRefused(TimeRange.dates("2024-01-01", "2024-02-01", zone)))
      assert.isTrue(isRefused(TimeRange.week("2024-W01", zone)))
      assert.isTrue(isRefused(TimeRange.month("2024-01", zone)))
      assert.isTrue(isRefused(TimeRange.last(1, "P1D", zone)))
      assert.isTrue(isRefused(TimeRange.today(zone)))
      assert.isTrue(isRefused(TimeRange.thisWeek(zone)))
      assert.isTrue(isRefused(TimeRange.thisMonth(zone)))
    })
  }

  for (const value of [20240101, start, null, undefined, ["2024-01-01"]]) {
    it(`no time range accepts ${JSON.stringify(value)} (${typeof value}) as a date, a week or a month`, () => {
      // JavaScript can pass any value.
      const text = value as never
      assert.isTrue(isRefused(TimeRange.dates(text, "2024-02-01", "UTC")))
      assert.isTrue(isRefused(TimeRange.dates("2024-01-01", text, "UTC")))
      assert.isTrue(isRefused(TimeRange.week(text, "UTC")))
      assert.isTrue(isRefused(TimeRange.month(text, "UTC")))
    })
  }
})
