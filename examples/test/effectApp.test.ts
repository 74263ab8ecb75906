/** Tests the app's program with fixed results instead of the API. */
import { assert, it } from "@effect/vitest"
import { MetricsError } from "@innerspace-metrics/core"
import { answer, layerTest, type TestAnswer } from "@innerspace-metrics/core/testing"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Occupancy from "../dist/effect-app/Occupancy.js"
import { report } from "../dist/effect-app/report.js"

const march = Occupancy.peaks(71, "2024-03")

const withAnswer = (given: TestAnswer) =>
  Effect.provide(report, Occupancy.layer.pipe(Layer.provide(layerTest([given]))))

it.effect("effect-app names the busiest day", () =>
  Effect.gen(function* () {
    const text = yield* withAnswer(
      answer(march, [
        { date_time_start: DateTime.unsafeMake("2024-03-04T06:00:00Z"), metric_value: 12 },
        { date_time_start: DateTime.unsafeMake("2024-03-05T06:00:00Z"), metric_value: 31 },
        { date_time_start: DateTime.unsafeMake("2024-03-06T06:00:00Z"), metric_value: null }
      ])
    )
    assert.include(text, "3 days, the busiest began at 2024-03-05T06:00:00.000Z with 31 people")
  })
)

it.effect("effect-app reports a transient failure of the API with its hint", () =>
  Effect.gen(function* () {
    const text = yield* withAnswer(
      answer(
        march,
        new MetricsError.ResponseError({
          reason: "Unavailable",
          problem: "The API responded with status 503",
          hint: "Try again later",
          status: 503,
          excerpt: ""
        })
      )
    )
    assert.strictEqual(text, "Not now: Try again later")
  })
)
