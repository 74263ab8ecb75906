/**
 * Tests the warning about an unknown metric, feature or granularity. Such a name matches no rows
 * and causes no error, so the warning suggests the nearest known name.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import type * as Granularity from "@innerspace-metrics/core/Granularity"
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import { building_features, building_metrics } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"

const pinned = { granularity: "PT1H", group_id: "all" } as const

const metric = (...metric_name: ReadonlyArray<string>) =>
  Query.from(building_metrics, { select: ["metric_value"], where: { ...pinned, metric_name } })

const feature = (feature_name: string) =>
  Query.from(building_features, { select: ["feature_value"], where: { ...pinned, feature_name } })

/** JavaScript can pass any name. */
const untyped = (name: string) => name as Granularity.Granularity

/** The messages that are logged when a query is built. */
const warningsOf = (...queries: ReadonlyArray<Query.Query<unknown>>) =>
  Effect.gen(function* () {
    const logged: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      logged.push(`${logLevel.label} ${String(message)}`)
    })
    yield* Effect.forEach(queries, (query) => QueryBuilder.build(query)).pipe(
      Effect.provide(Logger.replace(Logger.defaultLogger, logger))
    )
    return logged
  })

describe("filters by names", () => {
  it.effect("a filter by a known name logs no warning", () =>
    Effect.gen(function* () {
      const names = Object.values(Metric.known)
      const ofV1 = (kind: string) =>
        names.flatMap((one) =>
          one.kind === kind && one.name === one.name.toLowerCase() ? [one.name] : []
        )
      assert.isAbove(ofV1("metric").length, 0)
      assert.deepStrictEqual(
        yield* warningsOf(metric(...ofV1("metric")), ...ofV1("feature").map(feature)),
        []
      )
    })
  )

  for (const [name, query, wrong, nearest] of [
    ["metric", metric("ocupancy_mean"), "ocupancy_mean", "occupancy_mean"],
    ["metric in a list", metric("occupancy_max", "PEOPLE_CNT"), "PEOPLE_CNT", "people_count"],
    ["feature", feature("weekly_freq_dist"), "weekly_freq_dist", "weekly_frequency_dist"],
    [
      "granularity",
      Query.from(building_metrics, {
        select: ["metric_value"],
        where: { ...pinned, metric_name: "occupancy_mean", granularity: untyped("P1H") }
      }),
      "P1H",
      "PT1H"
    ],
    [
      "granularity of v2",
      Query.from(BUILDING_INSIGHTS, {
        select: ["OCCUPANCY_MEAN"],
        where: { _or: [{ GRANULARITY: untyped("P1DAY"), GROUP_ID: "g" }] }
      }),
      "P1DAY",
      "P1D"
    ]
  ] as const) {
    it.effect(
      `a filter by an unknown ${name} is sent with one warning that names the nearest one`,
      () =>
        Effect.gen(function* () {
          const [warning = "", ...others] = yield* warningsOf(query, { ...query })
          assert.deepStrictEqual(others, [])
          assert.include(warning, "WARN")
          assert.include(warning, JSON.stringify(wrong))
          assert.include(warning, `the nearest one is "${nearest}"`)
        })
    )
  }

  it("the warning of an unknown name goes to the standard error by default", async () => {
    const written = { log: 0, warn: 0 }
    const spies = (["log", "warn"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {
        written[name] += 1
      })
    )
    await Effect.runPromise(QueryBuilder.build(metric("of_no_other_test")))
    for (const spy of spies) spy.mockRestore()
    assert.deepStrictEqual(written, { log: 0, warn: 1 })
  })
})
