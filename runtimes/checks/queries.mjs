// The queries of the checks. The sandbox has their data, no matter on which day the checks run.

import { Query, TimeRange } from "@innerspace-metrics/core"
import { building_features, building_metrics } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"

export const everyone = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

/** March 2024 has 743 hours in Chicago, because clocks go forward by one hour. */
export const march = TimeRange.month("2024-03", "America/Chicago")

const series = (building_id, granularity) => ({
  building_id,
  metric_name: "occupancy_mean",
  granularity,
  group_id: everyone
})

/** The query has no order, because a stream sets the order. */
export const hours = (range = march) =>
  Query.from(building_metrics, {
    select: ["date_time_start", "metric_value"],
    where: { ...series(71, "PT1H"), date_time_start: range }
  })

export const days = Query.from(building_metrics, {
  select: ["date_time_start", "metric_value"],
  where: { ...series(71, "P1D"), date_time_start: march },
  orderBy: { date_time_start: "asc" }
})

export const oneDay = Query.from(building_metrics, {
  select: ["date_time_start", "metric_value"],
  where: series(71, "P1D"),
  orderBy: { date_time_start: "desc" },
  limit: 1
})

export const noRows = Query.from(building_metrics, {
  select: ["metric_value"],
  where: { ...series(71, "P1D"), group_id: 'no such group: \u00e9\u4e2d\ud83d\ude00"\\' }
})

export const feature = Query.from(building_features, {
  select: ["feature_value"],
  where: {
    building_id: 71,
    feature_name: "weekly_frequency_dist",
    granularity: "P1W",
    group_id: everyone
  },
  orderBy: { date_time_start: "desc" },
  limit: 1
})

export const counted = Query.aggregate(building_metrics, {
  select: { count: true, max: ["metric_value"] },
  where: { ...series(71, "P1D"), date_time_start: march }
})

export const misspelled = Query.from(building_metrics, {
  select: ["metric_valu"],
  where: series(71, "P1D"),
  limit: 1
})

/**
 * A query for v1.5 and v2, which have the same table. The id of the group of all people is
 * different in v1.5 and v2.
 */
export const insights = (GROUP_ID) =>
  Query.from(BUILDING_INSIGHTS, {
    select: ["DATE_TIME_START", "OCCUPANCY_MEAN"],
    where: { SITE_ID: 100000711, GRANULARITY: "P1D", GROUP_ID },
    orderBy: { DATE_TIME_START: "desc" },
    limit: 3
  })
