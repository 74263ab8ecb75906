/** The sandbox's tables as these tests query them, with relationships, keys and nullable cells. */
import * as Column from "@innerspace-metrics/core/Column"
import type * as Filter from "@innerspace-metrics/core/Filter"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import * as Query from "@innerspace-metrics/core/Query"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import type * as DateTime from "effect/DateTime"

type NumberColumn = Column.Column<number, Filter.NumberFilter>
type TextColumn = Column.Column<string, Filter.TextFilter>
type TimeColumn = Column.Column<DateTime.Utc, Filter.TimestampFilter>

const of = <Decoded, F>(scalar: Scalar.Scalar<Decoded, F>) => Column.assumed(scalar, "test")
const key = <Decoded, F>(scalar: Scalar.Scalar<Decoded, F>) => Column.key(of(scalar))
const maybe = <Decoded, F>(scalar: Scalar.Scalar<Decoded, F>) => Column.nullable(of(scalar))

export interface BuildingsColumns {
  readonly BUILDING_ID: NumberColumn
  readonly NAME: TextColumn
  readonly CAPACITY: NumberColumn
  readonly SITES: Relationship.ToMany<SitesColumns>
}

export const BUILDINGS: Table.Table<"BUILDINGS", BuildingsColumns> = Table.make("BUILDINGS", {
  BUILDING_ID: key(Scalar.Int),
  NAME: of(Scalar.String),
  CAPACITY: of(Scalar.Int),
  SITES: Relationship.many(() => SITES)
})

export interface SitesColumns {
  readonly SITE_ID: NumberColumn
  readonly BUILDING_ID: NumberColumn
  readonly NAME: TextColumn
  readonly BUILDING: Relationship.ToOne<BuildingsColumns>
  readonly ZONES: Relationship.ToMany<ZonesColumns>
}

export const SITES: Table.Table<"SITES", SitesColumns> = Table.make("SITES", {
  SITE_ID: key(Scalar.Int),
  BUILDING_ID: of(Scalar.Int),
  NAME: of(Scalar.String),
  BUILDING: Relationship.one(() => BUILDINGS),
  ZONES: Relationship.many(() => ZONES)
})

export interface ZonesColumns {
  readonly ZONE_ID: NumberColumn
  readonly SITE_ID: NumberColumn
  readonly NAME: TextColumn
  readonly ZONE_TYPE: TextColumn
  readonly CAPACITY: NumberColumn
  readonly SITE: Relationship.ToOne<SitesColumns>
}

export const ZONES: Table.Table<"ZONES", ZonesColumns> = Table.make("ZONES", {
  ZONE_ID: key(Scalar.Int),
  SITE_ID: of(Scalar.Int),
  NAME: of(Scalar.String),
  ZONE_TYPE: of(Scalar.String),
  CAPACITY: of(Scalar.Int),
  SITE: Relationship.one(() => SITES)
})

export const ZONE_SET = Table.make("ZONE_SET", {
  ZONE_SET_ID: key(Scalar.Int),
  ZONE_ID: key(Scalar.Int),
  NAME: of(Scalar.String)
})

export interface InsightsColumns {
  readonly ZONE_ID: NumberColumn
  readonly BUILDING_ID: NumberColumn
  readonly GRANULARITY: TextColumn
  readonly DATE_PARTITION: Column.Column<number, Filter.DatePartitionFilter>
  readonly DATE_TIME_START: TimeColumn
  readonly OCCUPANCY_MEAN: Column.Column<number | null, Filter.NumberFilter>
  readonly OCCUPANCY_POS_MEAN: Column.Column<number | null, Filter.NumberFilter>
  readonly PEOPLE_COUNT: Column.Column<bigint | null, Filter.BigintFilter>
}

export const ZONE_INSIGHTS: Table.Table<"ZONE_INSIGHTS", InsightsColumns> = Table.make(
  "ZONE_INSIGHTS",
  {
    ZONE_ID: key(Scalar.Int),
    BUILDING_ID: key(Scalar.Int),
    GRANULARITY: key(Scalar.String),
    DATE_PARTITION: of(Scalar.datePartition),
    DATE_TIME_START: key(Scalar.timestamptz),
    OCCUPANCY_MEAN: maybe(Scalar.Float),
    OCCUPANCY_POS_MEAN: maybe(Scalar.Float),
    PEOPLE_COUNT: maybe(Scalar.bigint)
  }
)

export interface MetricsColumns {
  readonly building_id: NumberColumn
  readonly metric_name: TextColumn
  readonly granularity: TextColumn
  readonly group_id: TextColumn
  readonly date_time_start: TimeColumn
  readonly metric_value: Column.Column<number | null, Filter.NumberFilter>
}

export const building_metrics: Table.Table<"building_metrics", MetricsColumns> = Table.make(
  "building_metrics",
  {
    building_id: key(Scalar.Int),
    metric_name: key(Scalar.String),
    granularity: key(Scalar.String),
    group_id: key(Scalar.String),
    date_time_start: key(Scalar.timestamptz),
    metric_value: maybe(Scalar.float8)
  }
)

export interface FeaturesColumns {
  readonly building_id: NumberColumn
  readonly granularity: TextColumn
  readonly group_id: TextColumn
  readonly date_time_start: TimeColumn
  readonly feature_value: Column.Column<JsonValue, Filter.JsonbFilter>
}

export const building_features: Table.Table<"building_features", FeaturesColumns> = Table.make(
  "building_features",
  {
    building_id: key(Scalar.Int),
    granularity: key(Scalar.String),
    group_id: key(Scalar.String),
    date_time_start: key(Scalar.timestamptz),
    feature_value: of(Scalar.jsonb)
  }
)

/** All zones: 24, in three buildings, on six floors. */
export const zones = Query.from(ZONES, {
  select: ["ZONE_ID", "SITE_ID", "NAME", "ZONE_TYPE", "CAPACITY"],
  orderBy: { ZONE_ID: "asc" }
})

/** All sites: six floors, and three whole buildings, which have no zones. */
export const sites = Query.from(SITES, {
  select: ["SITE_ID", "BUILDING_ID", "NAME"],
  orderBy: { SITE_ID: "asc" }
})

/**
 * A working day of four zones in hours. At night the zones are empty, and `OCCUPANCY_POS_MEAN` is
 * null.
 */
export const hours = Query.from(ZONE_INSIGHTS, {
  select: [
    "ZONE_ID",
    "DATE_PARTITION",
    "DATE_TIME_START",
    "OCCUPANCY_MEAN",
    "OCCUPANCY_POS_MEAN",
    "PEOPLE_COUNT"
  ],
  where: { BUILDING_ID: 73, DATE_PARTITION: 20250513, GRANULARITY: "PT1H" },
  orderBy: [{ ZONE_ID: "asc" }, { DATE_TIME_START: "asc" }]
})

const everyone = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

/**
 * A working day of a building in hours, with two metrics. One of the metrics is null in the hours
 * in which nobody was in the building.
 */
export const metricHours = Query.from(building_metrics, {
  select: ["metric_name", "metric_value", "date_time_start"],
  where: {
    building_id: 71,
    metric_name: ["occupancy_mean", "occupancy_pos_mean"],
    granularity: "PT1H",
    group_id: everyone,
    date_time_start: TimeRange.dates("2024-03-05", "2024-03-06", "America/Chicago")
  },
  orderBy: [{ date_time_start: "asc" }, { metric_name: "asc" }]
})

/**
 * Ten weeks of a feature. The value of a week is an object with the keys 1 to 7. Each of the first
 * two weeks has a holiday.
 */
export const features = Query.from(building_features, {
  select: ["feature_value", "date_time_start"],
  where: {
    building_id: 71,
    granularity: "P1W",
    group_id: everyone,
    date_time_start: TimeRange.dates("2024-01-01", "2024-03-11", "America/Chicago")
  },
  orderBy: { date_time_start: "asc" }
})
