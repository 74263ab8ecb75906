/**
 * The known metrics and features: facts from the vendor's pages, and facts that follow from the
 * names.
 */
import type { KnownMetrics, Metric } from "../../Metric.js"

/** A feature. Its values are objects of several values, which cannot be combined. */
export type Feature<Name extends string = string> = Metric<Name, "never", "never">

/** The features that are known by name: values of `feature_name` in v1. */
export interface KnownFeatures {
  /**
   * How often people come in a week, as a distribution. This meaning follows only from the name,
   * because the vendor's pages do not describe the feature.
   */
  readonly weekly_frequency_dist: Feature<"weekly_frequency_dist">
  /** Which room has the largest mean occupancy as a percentage of its capacity. */
  readonly occupancy_percent_capacity_max_room: Feature<"occupancy_percent_capacity_max_room">
  /** Which room has the smallest mean occupancy as a percentage of its capacity. */
  readonly occupancy_percent_capacity_min_room: Feature<"occupancy_percent_capacity_min_room">
  /**
   * Which room has the largest mean occupancy as a percentage of its capacity, empty minutes left
   * out.
   */
  readonly occupancy_pos_percent_capacity_max_room: Feature<"occupancy_pos_percent_capacity_max_room">
  /**
   * Which room has the smallest mean occupancy as a percentage of its capacity, empty minutes left
   * out.
   */
  readonly occupancy_pos_percent_capacity_min_room: Feature<"occupancy_pos_percent_capacity_min_room">
}

const metricsPage = "https://developers.innerspace.io/metrics-and-features"
const authenticationPage = "https://developers.innerspace.io/authentication"
const v1AuthenticationPage =
  "https://developers.innerspace.io/deprecated-api-2025-05-26/authentication-v1-deprecated"

const portal =
  "the portal shows it: https://help.innerspace.io/en/articles/10632815-innerspace-default-metrics"

const people = { kind: "metric", unit: "people" } as const

const documentedForSites = {
  scopes: ["site"],
  granularities: [],
  evidence: "documented",
  source: metricsPage
} as const

const assumed = (source: string) =>
  ({ scopes: [], granularities: [], evidence: "assumed", source }) as const

const overAllMinutes = { overTime: { weightedMean: "duration" } } as const

const overOccupiedMinutes = {
  overTime: { weightedMean: "occupiedMinutes" },
  overSpace: "never"
} as const

const peak = { overTime: "max", overSpace: "never" } as const

const distinct = { overTime: "never", overSpace: "never" } as const

export const knownMetrics: KnownMetrics = {
  occupancy_mean: {
    name: "occupancy_mean",
    ...people,
    ...overAllMinutes,
    overSpace: "sum",
    ...assumed("occupancy_mean_room without its limit to rooms")
  },
  occupancy_mean_room: {
    name: "occupancy_mean_room",
    ...people,
    ...overAllMinutes,
    overSpace: "never",
    ...documentedForSites
  },
  occupancy_pos_mean: {
    name: "occupancy_pos_mean",
    ...people,
    ...overOccupiedMinutes,
    ...assumed("occupancy_pos_mean_room without its limit to rooms")
  },
  occupancy_pos_mean_room: {
    name: "occupancy_pos_mean_room",
    ...people,
    ...overOccupiedMinutes,
    ...documentedForSites
  },
  occupancy_max: {
    name: "occupancy_max",
    ...people,
    ...peak,
    ...assumed("occupancy_mean with another statistic of the vendor's names")
  },
  people_count: {
    name: "people_count",
    ...people,
    ...distinct,
    ...assumed(portal)
  },
  OCCUPANCY_MEAN: {
    name: "OCCUPANCY_MEAN",
    ...people,
    ...overAllMinutes,
    overSpace: "sum",
    scopes: ["building"],
    granularities: ["PT1H"],
    evidence: "documented",
    source: authenticationPage
  },
  OCCUPANCY_POS_MEAN: {
    name: "OCCUPANCY_POS_MEAN",
    ...people,
    ...overOccupiedMinutes,
    ...assumed("occupancy_pos_mean_room as a column, without its limit to rooms")
  },
  OCCUPANCY_MAX: {
    name: "OCCUPANCY_MAX",
    ...people,
    ...peak,
    ...assumed("OCCUPANCY_MEAN with another statistic of the vendor's names")
  },
  PEOPLE_COUNT: {
    name: "PEOPLE_COUNT",
    ...people,
    ...distinct,
    ...assumed(portal)
  }
}

const feature = { kind: "feature", overTime: "never", overSpace: "never" } as const

const roomOfCapacity = { ...feature, unit: "percent", ...documentedForSites } as const

export const knownFeatures: KnownFeatures = {
  weekly_frequency_dist: {
    name: "weekly_frequency_dist",
    ...feature,
    unit: "unknown",
    scopes: ["building"],
    granularities: ["P1W"],
    evidence: "documented",
    source: v1AuthenticationPage
  },
  occupancy_percent_capacity_max_room: {
    name: "occupancy_percent_capacity_max_room",
    ...roomOfCapacity
  },
  occupancy_percent_capacity_min_room: {
    name: "occupancy_percent_capacity_min_room",
    ...roomOfCapacity
  },
  occupancy_pos_percent_capacity_max_room: {
    name: "occupancy_pos_percent_capacity_max_room",
    ...roomOfCapacity
  },
  occupancy_pos_percent_capacity_min_room: {
    name: "occupancy_pos_percent_capacity_min_room",
    ...roomOfCapacity
  }
}
