import { assert, describe, it } from "@effect/vitest"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"

/** Half-hour offsets, southern summers, midnights that clock changes skip, dates that were skipped whole. */
const zones = [
  "UTC",
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

const right = <A>(either: Either.Either<A, Error>): A =>
  Either.getOrThrowWith(either, (error) => error)

const utc = (range: TimeRange.TimeRange) => {
  const { start, end } = right(TimeRange.resolve(range))
  return [DateTime.formatIso(start), DateTime.formatIso(end)]
}

const problem = (range: TimeRange.TimeRange) => {
  const resolved = TimeRange.resolve(range)
  if (Either.isRight(resolved)) return assert.fail("the range resolves")
  assert.strictEqual(resolved.left.reason, "InvalidRange")
  return resolved.left.problem
}

/** The calendar date and the time of day that a wall clock in the zone shows, by the runtime's own formatter. */
const wallClock = (millis: number, timeZone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(
    millis
  )

describe("TimeRange.dates", () => {
  it.prop("begins at the first instant of its date", [day, zone], ([days, zone]) => {
    const resolved = TimeRange.resolve(TimeRange.dates(isoDate(days), isoDate(days + 1), zone))
    // Samoa had no 30 December 2011: a date that does not exist has no span.
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
  })

  it.prop("tiles time: a date ends where the next begins", [day, zone], ([days, zone]) => {
    const ranges = [0, 1].map((offset) =>
      TimeRange.resolve(TimeRange.dates(isoDate(days + offset), isoDate(days + offset + 1), zone))
    )
    const [first, second] = ranges
    if (first === undefined || second === undefined) return assert.fail()
    if (Either.isLeft(first) || Either.isLeft(second))
      return assert.strictEqual(zone, "Pacific/Apia")
    assert.strictEqual(first.right.end.epochMillis, second.right.start.epochMillis)
  })

  it("has 23 or 25 hours on the days that clocks change", () => {
    assert.deepStrictEqual(utc(TimeRange.dates("2024-03-10", "2024-03-11", "America/Chicago")), [
      "2024-03-10T06:00:00.000Z",
      "2024-03-11T05:00:00.000Z"
    ])
    assert.deepStrictEqual(utc(TimeRange.dates("2024-11-03", "2024-11-04", "America/Chicago")), [
      "2024-11-03T05:00:00.000Z",
      "2024-11-04T06:00:00.000Z"
    ])
  })

  it("begins after the gap where clocks go forward at midnight", () => {
    assert.deepStrictEqual(utc(TimeRange.dates("2018-11-04", "2018-11-05", "America/Sao_Paulo")), [
      "2018-11-04T03:00:00.000Z",
      "2018-11-05T02:00:00.000Z"
    ])
  })

  it("names a date or a zone that does not exist", () => {
    assert.match(problem(TimeRange.dates("2024-02-30", "2024-03-01", "UTC")), /"2024-02-30"/)
    assert.match(problem(TimeRange.dates("2024-2-3", "2024-03-01", "UTC")), /"2024-2-3"/)
    assert.match(problem(TimeRange.dates("2024-01-01", "2024-01-02", "Mars/Base")), /"Mars\/Base"/)
  })
})

describe("TimeRange.week", () => {
  it("is the vendor's documented week", () => {
    assert.deepStrictEqual(utc(TimeRange.week("2024-W01", "America/Chicago")), [
      "2024-01-01T06:00:00.000Z",
      "2024-01-08T06:00:00.000Z"
    ])
  })

  it.prop(
    "runs from Monday to Monday, and every date is in the week that its Thursday names",
    [day],
    ([days]) => {
      const thursday = days + 3 - ((days + 3) % 7)
      const year = new Date(thursday * dayMillis).getUTCFullYear()
      const firstOfYear = Date.UTC(year, 0, 1) / dayMillis
      const number = 1 + Math.floor((thursday - firstOfYear) / 7)
      const week = `${year}-W${String(number).padStart(2, "0")}` as TimeRange.IsoWeek
      const { start, end } = right(TimeRange.resolve(TimeRange.week(week, "UTC")))
      assert.strictEqual(new Date(start.epochMillis).getUTCDay(), 1)
      assert.strictEqual(end.epochMillis - start.epochMillis, 7 * dayMillis)
      assert.isTrue(start.epochMillis <= days * dayMillis && days * dayMillis < end.epochMillis)
    }
  )

  it("knows which years have 53 weeks", () => {
    assert.strictEqual(utc(TimeRange.week("2020-W53", "UTC"))[0], "2020-12-28T00:00:00.000Z")
    assert.match(problem(TimeRange.week("2024-W53", "UTC")), /"2024-W53"/)
    assert.match(problem(TimeRange.week("2024-W00", "UTC")), /"2024-W00"/)
    assert.match(problem(TimeRange.week("2024-W1", "UTC")), /"2024-W1"/)
  })
})

describe("TimeRange.between", () => {
  it.prop(
    "is a range just where the end is after the start",
    [FastCheck.date({ noInvalidDate: true }), FastCheck.date({ noInvalidDate: true })],
    ([start, end]) => {
      const resolved = TimeRange.resolve(TimeRange.between(start, end))
      assert.strictEqual(Either.isRight(resolved), start.getTime() < end.getTime())
    }
  )

  it("takes zoned instants and answers UTC", () => {
    const zoned = DateTime.unsafeMakeZoned("2024-01-01T00:00:00", {
      timeZone: "America/Chicago",
      adjustForTimeZone: true
    })
    assert.strictEqual(
      utc(TimeRange.between(zoned, DateTime.add(zoned, { weeks: 1 })))[0],
      "2024-01-01T06:00:00.000Z"
    )
  })

  it("names an invalid Date", () => {
    assert.match(problem(TimeRange.between(new Date(Number.NaN), new Date(0))), /an invalid Date/)
  })
})
