import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { post, rows } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

const everyone = "00000000-0000-0000-0000-000000000000"

/** Returns the rows of the whole building 71 that start in May 2025, ordered by time. */
const may = (sandbox: Sandbox.Service, granularity: string) =>
  rows(
    sandbox,
    `{ rows: BUILDING_INSIGHTS(order_by: {DATE_TIME_START: asc}, where: {BUILDING_ID: {_eq: 71},
      SITE_ID: {_eq: 900000222}, GROUP_ID: {_eq: "${everyone}"}, GRANULARITY: {_eq: "${granularity}"},
      DATE_PARTITION: {_gte: 20250501, _lt: 20250601}}) { DATE_PARTITION OCCUPANCY_MEAN OCCUPANCY_MAX PEOPLE_COUNT } }`,
    { api: "v2" }
  )

const mean = (found: ReadonlyArray<Readonly<Record<string, unknown>>>): number =>
  found.reduce((sum, row) => sum + Number(row["OCCUPANCY_MEAN"]), 0) / found.length

layer(Sandbox.layer(), { timeout: startTimeout })("nights", (it) => {
  it.effect("nights are published at 02:00 of the building's next day", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const lastAt = (instant: string) =>
        Effect.gen(function* () {
          yield* sandbox.control.setTime(instant)
          return (yield* may(sandbox, "P1D")).at(-1)?.["DATE_PARTITION"]
        })
      assert.strictEqual(yield* lastAt("2025-05-09T06:59:00Z"), 20250507)
      assert.strictEqual(yield* lastAt("2025-05-09T07:00:00Z"), 20250508)
      // A week and its features are published together with the last day of the week.
      const weeks = yield* may(sandbox, "P1W")
      assert.deepStrictEqual(weeks, [])
      yield* sandbox.control.setTime("2025-05-12T07:00:00Z")
      assert.strictEqual((yield* may(sandbox, "P1W"))[0]?.["DATE_PARTITION"], 20250505)
      const features = yield* rows(
        sandbox,
        `{ rows: building_features(limit: 1, order_by: {date_time_start: desc}, where: {building_id: {_eq: 71}}) { date_time_start } }`
      )
      assert.strictEqual(features[0]?.["date_time_start"], "2025-05-05T05:00:00+00:00")
      yield* sandbox.control.reset
      assert.strictEqual((yield* may(sandbox, "P1D")).length, 31)
    })
  )

  it.effect(
    "the numbers of a night agree in every granularity, in zones, floors and the building",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const quarters = yield* may(sandbox, "PT15M")
        const hours = yield* may(sandbox, "PT1H")
        const days = yield* may(sandbox, "P1D")
        const [month] = yield* may(sandbox, "P1M")
        assert.deepStrictEqual([quarters.length, hours.length, days.length], [31 * 96, 31 * 24, 31])
        for (const finer of [quarters, hours, days]) {
          assert.closeTo(mean(finer), Number(month?.["OCCUPANCY_MEAN"]), 0.01)
          const highest = Math.max(...finer.map((row) => Number(row["OCCUPANCY_MAX"])))
          assert.strictEqual(highest, month?.["OCCUPANCY_MAX"])
        }
        const of = (table: string, extra: string) =>
          Effect.map(
            rows(
              sandbox,
              `{ rows: ${table}(where: {BUILDING_ID: {_eq: 71}, DATE_PARTITION: {_eq: 20250513}, GRANULARITY: {_eq: "PT1H"},
              GROUP_ID: {_eq: "${everyone}"}, DATE_TIME_START: {_eq: "2025-05-13T15:00:00Z"}${extra}}) { OCCUPANCY_MEAN } }`,
              { api: "v2" }
            ),
            (found) => found.reduce((sum, row) => sum + Number(row["OCCUPANCY_MEAN"]), 0)
          )
        const whole = yield* of("BUILDING_INSIGHTS", ", SITE_ID: {_eq: 900000222}")
        assert.closeTo(yield* of("BUILDING_INSIGHTS", ", SITE_ID: {_neq: 900000222}"), whole, 0.01)
        assert.closeTo(yield* of("ZONE_INSIGHTS", ""), whole, 0.01)
        assert.closeTo(yield* of("ZONE_TYPE_INSIGHTS", ""), whole, 0.01)
      })
  )

  it.effect("a restated night has other values, also in its week and month, until a reset", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const all = Effect.all({
        hours: may(sandbox, "PT1H"),
        days: may(sandbox, "P1D"),
        weeks: may(sandbox, "P1W")
      })
      const before = yield* all
      yield* sandbox.control.restate({ date: "2025-05-13" })
      const after = yield* all
      const changed = (name: "hours" | "days" | "weeks") =>
        new Set(
          after[name]
            .filter((row, index) => JSON.stringify(row) !== JSON.stringify(before[name][index]))
            .map((row) => row["DATE_PARTITION"])
        )
      assert.deepStrictEqual([...changed("hours")], [20250513])
      assert.deepStrictEqual([...changed("days")], [20250513])
      assert.deepStrictEqual([...changed("weeks")], [20250512])
      yield* post(`${sandbox.urls.v1}/_sandbox/restate`, { date: "2025-05-13" })
      const twice = yield* may(sandbox, "P1D")
      assert.notDeepEqual(twice, after.days)
      yield* sandbox.control.reset
      assert.deepStrictEqual(yield* all, before)
      yield* sandbox.control.restate({ date: "2025-05-13" })
      assert.deepStrictEqual(yield* all, after)
      yield* sandbox.control.reset
    })
  )

  it.effect(
    "a night that is not in the data cannot be restated, and the error says which can",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const failed = yield* Effect.flip(sandbox.control.restate({ date: "2099-01-01" }))
        assert.strictEqual(failed._tag, "UnknownNight")
        assert.include(failed.message, "2099-01-01")
        const answer = yield* post(`${sandbox.urls.v1}/_sandbox/restate`, { date: "never" })
        assert.strictEqual(answer.status, 400)
        assert.include(answer.text, "2024-01-01")
      })
  )

  it.effect("a zone has no rows while its sensor is down, and zeros if nobody came", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const found = yield* rows(
        sandbox,
        `{ rows: ZONE_INSIGHTS(order_by: {DATE_TIME_START: asc}, where: {ZONE_ID: {_eq: 71202}, GRANULARITY: {_eq: "P1D"},
          DATE_PARTITION: {_gte: 20250504, _lte: 20250511}}) { DATE_PARTITION } }`,
        { api: "v2" }
      )
      assert.deepStrictEqual(
        found.map((row) => row["DATE_PARTITION"]),
        [20250504, 20250505, 20250509, 20250510, 20250511]
      )
      const [night] = yield* rows(
        sandbox,
        `{ rows: ZONE_INSIGHTS(where: {ZONE_ID: {_eq: 71202}, GRANULARITY: {_eq: "PT1H"},
          DATE_TIME_START: {_eq: "2025-05-05T08:00:00Z"}}) { OCCUPANCY_MEAN OCCUPANCY_POS_MEAN PEOPLE_COUNT } }`,
        { api: "v2" }
      )
      assert.deepStrictEqual(night, {
        OCCUPANCY_MEAN: 0,
        OCCUPANCY_POS_MEAN: null,
        PEOPLE_COUNT: 0
      })
    })
  )
})
