import { assert, describe, it } from "@effect/vitest"
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Series from "@innerspace-metrics/core/Series"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { isRepeated, localDays } from "../../page/model/LocalHours.js"

/** Hours whose values count from 1. */
const hoursOf = (first: TimeRange.LocalDate, end: TimeRange.LocalDate, zone: string) =>
  Effect.gen(function* () {
    const range = TimeRange.dates(first, end, zone)
    const buckets = yield* TimeRange.buckets(range, "PT1H", zone)
    return yield* Series.fromRows(
      buckets.map(({ start }, index) => ({ start, people: index + 1 })),
      {
        time: "start",
        value: "people",
        metric: Metric.known.OCCUPANCY_MAX,
        range,
        granularity: "PT1H",
        zone,
        publishedUntil: DateTime.unsafeMake("2100-01-01T00:00:00Z")
      }
    )
  })

describe("localDays", () => {
  it.effect("localDays leaves out the hour that clocks skip", () =>
    Effect.gen(function* () {
      const [day, next] = localDays(yield* hoursOf("2024-03-10", "2024-03-12", "America/Chicago"))
      assert.strictEqual(day?.hours, 23)
      assert.deepStrictEqual(
        day?.cells.slice(0, 4).map(({ hour, bucket }) => [hour, bucket.value]),
        [
          [0, 1],
          [1, 2],
          [3, 3],
          [4, 4]
        ]
      )
      assert.deepStrictEqual(
        next?.cells.slice(0, 1).map(({ hour, bucket }) => [hour, bucket.value]),
        [[0, 24]]
      )
    })
  )

  it.effect("localDays keeps both hours that clocks repeat", () =>
    Effect.gen(function* () {
      const [day] = localDays(yield* hoursOf("2024-10-27", "2024-10-28", "Europe/Berlin"))
      assert.strictEqual(day?.hours, 25)
      assert.deepStrictEqual(
        day?.cells.slice(1, 5).map(({ hour, turn, bucket }) => [hour, turn, bucket.value]),
        [
          [1, 0, 2],
          [2, 0, 3],
          [2, 1, 4],
          [3, 0, 5]
        ]
      )
      assert.isTrue(day !== undefined && isRepeated(day, 2) && !isRepeated(day, 3))
    })
  )

  it.effect("localDays supports zones with an offset of half an hour", () =>
    Effect.gen(function* () {
      const days = localDays(yield* hoursOf("2024-03-01", "2024-03-03", "Asia/Kolkata"))
      assert.deepStrictEqual(
        days.map(({ date, hours }) => [date, hours]),
        [
          ["2024-03-01", 24],
          ["2024-03-02", 24]
        ]
      )
    })
  )
})
