import { assert, describe, it } from "@effect/vitest"
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Series from "@innerspace-metrics/core/Series"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { rankSpaces } from "../../page/model/ranking.js"
import { gapsOf, summarize } from "../../page/model/Summary.js"

const zone = "America/Chicago"
const range = TimeRange.dates("2024-03-08", "2024-03-13", zone)

/**
 * A series of five days. Clocks go forward on the third day, and the last day has not been
 * published.
 */
const days = (values: ReadonlyArray<number | null>) =>
  Effect.gen(function* () {
    const buckets = yield* TimeRange.buckets(range, "P1D", zone)
    const rows = values.flatMap((people, index) => {
      const start = buckets[index]?.start
      return start === undefined ? [] : [{ start, people }]
    })
    const options = {
      time: "start",
      value: "people",
      range,
      granularity: "P1D",
      zone,
      publishedUntil: DateTime.unsafeMake("2024-03-12T05:00:00Z")
    } as const
    return {
      peak: yield* Series.fromRows(rows, { ...options, metric: Metric.known.OCCUPANCY_MAX }),
      mean: yield* Series.fromRows(rows, { ...options, metric: Metric.known.OCCUPANCY_MEAN })
    }
  })

describe("summarize", () => {
  it.effect("summarize uses the largest peak, and weights means by their durations", () =>
    Effect.gen(function* () {
      const { peak, mean } = yield* days([4, null, 8, 0])
      assert.strictEqual(summarize(peak).value, 8)
      // The third day has 23 hours.
      assert.strictEqual(summarize(mean).value, (4 * 24 + 8 * 23) / (24 + 23 + 24))
      assert.strictEqual(summarize(peak).busiest?.value, 8)
      assert.deepInclude(summarize(peak), { measured: 3, published: 4 })
    })
  )

  it.effect("summarize distinguishes no value from zero", () =>
    Effect.gen(function* () {
      assert.isUndefined(summarize((yield* days([null])).peak).value)
      assert.strictEqual(summarize((yield* days([0])).peak).value, 0)
    })
  )
})

describe("gapsOf", () => {
  it.effect("gapsOf joins only neighbours with the same reason", () =>
    Effect.gen(function* () {
      const { peak } = yield* days([null, null, 8, null])
      assert.deepStrictEqual(
        gapsOf(peak).map(({ reason, start, end }) => [reason, (end - start) / 86_400_000]),
        [
          ["NotMeasured", 2],
          ["NotMeasured", 1],
          ["NotPublished", 1]
        ]
      )
    })
  )
})

describe("rankSpaces", () => {
  it.effect(
    "rankSpaces ranks by the share of seats, and lists the spaces that it cannot rank",
    () =>
      Effect.gen(function* () {
        const space = (id: number, capacity: number | null) => ({
          id,
          floorId: 1,
          name: `Space ${id}`,
          type: "lounge",
          capacity
        })
        const series = new Map([
          [1, (yield* days([10])).peak],
          [2, (yield* days([5])).peak],
          [3, (yield* days([null])).peak],
          [4, (yield* days([9])).peak]
        ])
        const zones = [space(1, 100), space(2, 10), space(3, 10), space(4, null)]
        const { ranked, unranked } = rankSpaces(zones, series, 12)
        assert.deepStrictEqual(
          ranked.map(({ zone, value, share }) => [zone.id, value, share]),
          [
            [2, 5, 0.5],
            [1, 10, 0.1]
          ]
        )
        assert.deepStrictEqual(
          unranked.map(({ id }) => id),
          [3, 4]
        )
        assert.strictEqual(rankSpaces(zones, series, 1).ranked.length, 1)
      })
  )
})
