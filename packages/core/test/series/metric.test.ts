import { assert, describe, it } from "@effect/vitest"
import * as Granularity from "@innerspace-metrics/core/Granularity"
import * as Metric from "@innerspace-metrics/core/Metric"
import type * as Table from "@innerspace-metrics/core/Table"
import * as v1 from "@innerspace-metrics/core/v1"
import * as v2 from "@innerspace-metrics/core/v2"
import * as Option from "effect/Option"

const all: ReadonlyArray<readonly [string, Metric.Metric]> = Object.entries({ ...Metric.known })

describe("Metric.known", () => {
  it("Metric.known marks the eight names of the vendor's pages as documented", () => {
    assert.sameMembers(
      all.filter(([, { evidence }]) => evidence === "documented").map(([name]) => name),
      [
        "occupancy_mean_room",
        "occupancy_pos_mean_room",
        "occupancy_percent_capacity_max_room",
        "occupancy_percent_capacity_min_room",
        "occupancy_pos_percent_capacity_max_room",
        "occupancy_pos_percent_capacity_min_room",
        "weekly_frequency_dist",
        "OCCUPANCY_MEAN"
      ]
    )
  })

  it("every metric of Metric.known has its key as name, a source and existing granularities", () => {
    for (const [name, metric] of all) {
      assert.strictEqual(metric.name, name)
      assert.isNotEmpty(metric.source)
      assert.isTrue(metric.granularities.every(Granularity.isGranularity))
      if (metric.evidence === "documented") assert.match(metric.source, /^https:/)
    }
  })

  it("Metric.known describes a column of v2 as it does the same metric of v1", () => {
    for (const [name, metric] of all) {
      const column: Metric.Metric | undefined = Option.getOrUndefined(
        Metric.find(name.toUpperCase())
      )
      if (column === undefined || column === metric) continue
      assert.deepStrictEqual(
        [column.kind, column.unit, column.overTime, column.overSpace],
        [metric.kind, metric.unit, metric.overTime, metric.overSpace]
      )
    }
  })

  it("features cannot be combined, and metrics of occupied minutes not by duration", () => {
    for (const [name, metric] of all) {
      if (metric.kind === "feature") {
        assert.deepStrictEqual([metric.overTime, metric.overSpace], ["never", "never"])
      }
      if (metric.kind === "metric" && /pos/i.test(name)) {
        assert.deepStrictEqual(metric.overTime, { weightedMean: "occupiedMinutes" })
        assert.strictEqual(metric.overSpace, "never")
      }
    }
  })
})

describe("Metric.find", () => {
  it("Metric.find finds exact known names only", () => {
    assert.strictEqual(
      Option.getOrThrow(Metric.find("occupancy_mean")),
      Metric.known.occupancy_mean
    )
    assert.isTrue(Option.isNone(Metric.find("Occupancy_Mean")))
    assert.isTrue(Option.isNone(Metric.find("constructor")))
  })
})

describe("the catalogues", () => {
  const tables = [
    ...Object.values<unknown>({ ...v1 }),
    ...Object.values<unknown>({ ...v2 })
  ].filter(
    (value): value is Table.Any => typeof value === "object" && value !== null && "columns" in value
  )

  it("the catalogues have the tables of the vendor's list of pages", () => {
    assert.sameMembers(
      tables.map(({ name }) => name),
      [
        "building_features",
        "building_metrics",
        "site_features",
        "site_metrics",
        "zone_features",
        "zone_metrics",
        "zone_occupancy",
        "BUILDING_INSIGHTS",
        "ZONE_INSIGHTS",
        "ZONE_TYPE_INSIGHTS",
        "BUILDINGS",
        "FLOORS",
        "SITES",
        "GROUPS",
        "ZONES",
        "ZONE_SET"
      ]
    )
  })

  it("the catalogues call only the columns of the vendor's two examples documented", () => {
    const documented = tables.flatMap(({ name, byName }) =>
      [...byName].flatMap(([column, { evidence, source }]) => {
        assert.isNotEmpty(source, `${name}.${column} has no source`)
        return evidence === "documented" ? [`${name}.${column}`] : []
      })
    )
    assert.sameMembers(documented, [
      "building_features.building_id",
      "building_features.feature_name",
      "building_features.feature_value",
      "building_features.granularity",
      "building_features.group_id",
      "building_features.date_time_start",
      "BUILDING_INSIGHTS.BUILDING_ID",
      "BUILDING_INSIGHTS.SITE_ID",
      "BUILDING_INSIGHTS.GROUP_ID",
      "BUILDING_INSIGHTS.GRANULARITY",
      "BUILDING_INSIGHTS.DATE_PARTITION"
    ])
  })

  it("each numeric column of insights has a known metric", () => {
    const keys = /^(.*_ID|GRANULARITY|DATE_.*|ZONE_TYPE)$/
    for (const { name, byName } of tables.filter(({ name }) => name.endsWith("_INSIGHTS"))) {
      for (const column of byName.keys()) {
        assert.isTrue(
          keys.test(column) || Option.isSome(Metric.find(column)),
          `${name}.${column} is in no catalogue of metrics`
        )
      }
    }
  })
})
