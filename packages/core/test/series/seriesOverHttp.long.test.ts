/** Tests series of rows that come over HTTP from the sandbox. */
import { assert, layer } from "@effect/vitest"
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Query from "@innerspace-metrics/core/Query"
import * as Series from "@innerspace-metrics/core/Series"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { client, TestLive } from "../support/sandboxClient.js"

const zone = "America/Chicago"

/** Four weeks. Clocks go forward in one of them, so the range is an hour shorter. */
const range = TimeRange.dates("2024-03-04", "2024-04-01", zone)

const metric = Metric.known.occupancy_mean

const query = (granularity: "PT1H" | "P1D" | "P1W") =>
  Query.from(building_metrics, {
    select: ["date_time_start", "metric_value", "group_id"],
    where: { building_id: 71, metric_name: metric.name, granularity, date_time_start: range },
    allowOpen: ["group_id"]
  })

const everyone = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

const setting = {
  time: "date_time_start",
  value: "metric_value",
  metric,
  range,
  zone,
  publishedUntil: DateTime.unsafeMake("2024-04-01T12:00:00Z")
} as const

const byGroup = <G extends "PT1H" | "P1D" | "P1W">(granularity: G) =>
  Effect.gen(function* () {
    const metrics = yield* client()
    const rows = yield* metrics.query(query(granularity))
    return yield* Series.pivot(rows, { ...setting, granularity, by: "group_id" })
  })

layer(TestLive)("Series of the sandbox's rows", (it) => {
  it.effect("the sandbox's rows form one complete hourly series per group", () =>
    Effect.gen(function* () {
      const hours = yield* byGroup("PT1H")
      assert.isAbove(hours.size, 1)
      for (const { buckets } of hours.values()) assert.lengthOf(buckets, 28 * 24 - 1)
      const tags = new Set(hours.get(everyone)?.buckets.map(({ _tag }) => _tag))
      assert.isTrue(
        tags.has("Measured") && tags.has("Zero"),
        "some hours are busy, nights are zero"
      )
    })
  )

  it.effect("hours of the sandbox roll up to the days and weeks that it publishes", () =>
    Effect.gen(function* () {
      const hours = yield* byGroup("PT1H")
      for (const granularity of ["P1D", "P1W"] as const) {
        const published = yield* byGroup(granularity)
        assert.sameMembers([...published.keys()], [...hours.keys()])
        for (const [group, series] of hours) {
          const own = yield* Series.rollUp(series, granularity)
          const theirs = published.get(group)?.buckets ?? []
          assert.lengthOf(theirs, own.buckets.length)
          own.buckets.forEach(({ value, coverage }, index) => {
            assert.strictEqual(coverage, 1)
            // The sandbox rounds the values that it publishes.
            assert.closeTo(value ?? Number.NaN, theirs[index]?.value ?? Number.NaN, 0.01)
          })
        }
      }
    })
  )

  it.effect("the rows of several groups do not form one series", () =>
    Effect.gen(function* () {
      const metrics = yield* client()
      const rows = yield* metrics.query(query("P1D"))
      const error = yield* Effect.flip(Series.fromRows(rows, { ...setting, granularity: "P1D" }))
      assert.strictEqual(error.reason, "DuplicateRow")
      assert.match(error.hint, /pivot by the column/)
    })
  )
})
