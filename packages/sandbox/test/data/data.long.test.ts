import { assert, describe, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { rows } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

const everyone = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

/** `[metric_value, date_time_start]` of a building's rows between two local times, in order. */
const series = (
  sandbox: Sandbox.Service,
  building: number,
  granularity: string,
  from: string,
  until: string
) =>
  Effect.map(
    rows(
      sandbox,
      `query ($building: Int!, $granularity: String!, $from: timestamptz!, $until: timestamptz!) {
        rows: building_metrics(order_by: {date_time_start: asc}, where: {
          building_id: {_eq: $building}, granularity: {_eq: $granularity}, metric_name: {_eq: "occupancy_mean"},
          group_id: {_eq: "${everyone}"}, date_time_start: {_gte: $from, _lt: $until}
        }) { metric_value date_time_start }
      }`,
      { variables: { building, granularity, from, until } }
    ),
    (found) =>
      found.map((row) => [Number(row["metric_value"]), String(row["date_time_start"])] as const)
  )

layer(Sandbox.layer({ today: "2025-06-30" }), { timeout: startTimeout })("data", (it) => {
  it.effect(
    "the data has weeks of every building for at least a year, each from a local Monday at midnight",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const starts = {
          71: ["T06:00:00", "T05:00:00"],
          72: ["T23:00:00", "T22:00:00"],
          73: ["T18:30:00"]
        }
        for (const [building, expected] of Object.entries(starts)) {
          const found = yield* rows(
            sandbox,
            `query ($building: Int!) { rows: building_features(order_by: {date_time_start: asc}, where: {
            building_id: {_eq: $building}, feature_name: {_eq: "weekly_frequency_dist"}, granularity: {_eq: "P1W"},
            group_id: {_eq: "${everyone}"}, date_time_start: {_gte: "2023-12-31T00:00:00Z"} }) { date_time_start } }`,
            { variables: { building: Number(building) } }
          )
          assert.strictEqual(found.length, 78)
          const times = new Set(found.map((row) => String(row["date_time_start"]).slice(10, 19)))
          assert.deepStrictEqual([...times].sort(), [...expected].sort())
        }
      })
  )

  it.effect(
    "the data has days of 23 and 25 hours when clocks change, and no gap between hours",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const spring = yield* series(
          sandbox,
          71,
          "PT1H",
          "2024-03-10T06:00:00Z",
          "2024-03-11T05:00:00Z"
        )
        assert.strictEqual(spring.length, 23)
        const berlin = yield* series(
          sandbox,
          72,
          "PT1H",
          "2024-03-30T23:00:00Z",
          "2024-03-31T22:00:00Z"
        )
        assert.strictEqual(berlin.length, 23)
        const kolkata = yield* series(
          sandbox,
          73,
          "PT1H",
          "2024-03-30T18:30:00Z",
          "2024-03-31T18:30:00Z"
        )
        assert.strictEqual(kolkata.length, 24)
        const all = yield* series(
          sandbox,
          71,
          "PT1H",
          "2024-01-01T06:00:00Z",
          "2024-04-01T05:00:00Z"
        )
        assert.strictEqual(all.length, 13 * 7 * 24 - 1)
        const times = all.map(([, at]) => Date.parse(at))
        assert.isTrue(
          times.every((at, index) => index === 0 || at - (times[index - 1] ?? 0) === 3_600_000)
        )
      })
  )

  it.effect(
    "the data looks like an office: full by day, a dip at noon, empty nights, weekends and holidays",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const tuesday = yield* series(
          sandbox,
          71,
          "PT1H",
          "2024-01-09T06:00:00Z",
          "2024-01-10T06:00:00Z"
        )
        const at = (hour: number) => tuesday[hour]?.[0] ?? Number.NaN
        assert.isAbove(at(10), 100)
        assert.isBelow(at(12), at(10))
        assert.isAbove(at(14), at(12))
        assert.strictEqual(at(3), 0)
        const days = yield* series(
          sandbox,
          71,
          "P1D",
          "2024-01-14T06:00:00Z",
          "2024-01-21T06:00:00Z"
        )
        const [sunday, holiday, , wednesday] = days.map(([value]) => value)
        assert.isBelow(sunday ?? Number.NaN, (wednesday ?? 0) / 10)
        assert.isBelow(holiday ?? Number.NaN, (wednesday ?? 0) / 10)
      })
  )

  it.effect("occupancy_mean counts empty minutes, and occupancy_pos_mean does not", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const found = yield* rows(
        sandbox,
        `{ rows: building_metrics(where: { granularity: {_eq: "P1D"}, building_id: {_eq: 71},
          group_id: {_eq: "${everyone}"}, date_time_start: {_eq: "2024-01-09T06:00:00Z"} }) { metric_name metric_value } }`
      )
      const values = new Map(found.map((row) => [row["metric_name"], Number(row["metric_value"])]))
      assert.isAbove(values.get("occupancy_pos_mean") ?? 0, values.get("occupancy_mean") ?? 0)
      assert.isBelow(values.get("occupancy_mean_room") ?? 0, values.get("occupancy_mean") ?? 0)
    })
  )

  it.effect(
    "the data has several groups, floors and the whole building, and every published granularity",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const distinct = (column: string) =>
          Effect.map(
            rows(
              sandbox,
              `{ rows: BUILDING_INSIGHTS(distinct_on: [${column}], where: {BUILDING_ID: {_eq: 71}}) { ${column} } }`,
              { api: "v2" }
            ),
            (found) => found.map((row) => row[column])
          )
        assert.strictEqual((yield* distinct("GROUP_ID")).length, 3)
        assert.deepStrictEqual(
          yield* distinct("SITE_ID"),
          [100000711, 100000712, 100000713, 900000222]
        )
        assert.deepStrictEqual(yield* distinct("GRANULARITY"), [
          "P1D",
          "P1M",
          "P1W",
          "PT15M",
          "PT1H"
        ])
      })
  )
})

class Again extends Context.Tag("test/Again")<Again, Sandbox.Service>() {}
class Other extends Context.Tag("test/Other")<Other, Sandbox.Service>() {}

const several = Layer.mergeAll(
  Sandbox.layer(),
  Layer.scoped(Again, Sandbox.make({ today: "2024-01-31" })),
  Layer.scoped(Other, Sandbox.make({ today: "2024-01-31", seed: 2 }))
)

describe("seed", () => {
  layer(several, { timeout: startTimeout })((it) => {
    it.effect("the seed decides the data", () =>
      Effect.gen(function* () {
        const ask = (sandbox: Sandbox.Service) =>
          series(sandbox, 71, "PT1H", "2024-01-09T06:00:00Z", "2024-01-10T06:00:00Z")
        const first = yield* ask(yield* Sandbox.Sandbox)
        assert.deepStrictEqual(yield* ask(yield* Again), first)
        assert.notDeepEqual(yield* ask(yield* Other), first)
      })
    )
  })
})
