// Made by Catalog.toTypeScript. Make it again rather than change it.
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Column from "@innerspace-metrics/core/Column"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"

const source = "the sandbox's schema"
const int = Column.observed(Scalar.Int, source)
type IntColumn = typeof int
const intOrNull = Column.nullable(int)
type IntOrNullColumn = typeof intOrNull
const string = Column.observed(Scalar.String, source)
type StringColumn = typeof string
const float8 = Column.observed(Scalar.float8, source)
const float8OrNull = Column.nullable(float8)
type Float8OrNullColumn = typeof float8OrNull
const jsonb = Column.observed(Scalar.jsonb, source)
const jsonbOrNull = Column.nullable(jsonb)
type JsonbOrNullColumn = typeof jsonbOrNull
const timestamptz = Column.observed(Scalar.timestamptz, source)
type TimestamptzColumn = typeof timestamptz

/** Columns of `building_features`. */
export interface BuildingFeaturesColumns {
  readonly building_id: IntColumn
  readonly date_time_start: TimestamptzColumn
  readonly feature_name: StringColumn
  readonly feature_value: JsonbOrNullColumn
  readonly granularity: StringColumn
  readonly group_id: StringColumn
}

function buildingFeaturesColumns(): BuildingFeaturesColumns {
  return {
    building_id: int,
    date_time_start: timestamptz,
    feature_name: string,
    feature_value: jsonbOrNull,
    granularity: string,
    group_id: string
  }
}

export const building_features = Table.make("building_features", buildingFeaturesColumns(), {
  dimensions: ["feature_name", "granularity", "group_id"]
})

/** Columns of `building_metrics`. */
export interface BuildingMetricsColumns {
  readonly building_id: IntColumn
  readonly date_time_start: TimestamptzColumn
  readonly granularity: StringColumn
  readonly group_id: StringColumn
  readonly metric_name: StringColumn
  readonly metric_value: Float8OrNullColumn
}

function buildingMetricsColumns(): BuildingMetricsColumns {
  return {
    building_id: int,
    date_time_start: timestamptz,
    granularity: string,
    group_id: string,
    metric_name: string,
    metric_value: float8OrNull
  }
}

export const building_metrics = Table.make("building_metrics", buildingMetricsColumns(), {
  dimensions: ["metric_name", "granularity", "group_id"]
})

/** Columns of `site_features`. */
export interface SiteFeaturesColumns {
  readonly date_time_start: TimestamptzColumn
  readonly feature_name: StringColumn
  readonly feature_value: JsonbOrNullColumn
  readonly granularity: StringColumn
  readonly group_id: StringColumn
  readonly site_id: IntColumn
}

function siteFeaturesColumns(): SiteFeaturesColumns {
  return {
    date_time_start: timestamptz,
    feature_name: string,
    feature_value: jsonbOrNull,
    granularity: string,
    group_id: string,
    site_id: int
  }
}

export const site_features = Table.make("site_features", siteFeaturesColumns(), {
  dimensions: ["feature_name", "granularity", "group_id"]
})

/** Columns of `site_metrics`. */
export interface SiteMetricsColumns {
  readonly date_time_start: TimestamptzColumn
  readonly granularity: StringColumn
  readonly group_id: StringColumn
  readonly metric_name: StringColumn
  readonly metric_value: Float8OrNullColumn
  readonly site_id: IntColumn
}

function siteMetricsColumns(): SiteMetricsColumns {
  return {
    date_time_start: timestamptz,
    granularity: string,
    group_id: string,
    metric_name: string,
    metric_value: float8OrNull,
    site_id: int
  }
}

export const site_metrics = Table.make("site_metrics", siteMetricsColumns(), {
  dimensions: ["metric_name", "granularity", "group_id"]
})

/** Columns of `zone_features`. */
export interface ZoneFeaturesColumns {
  readonly date_time_start: TimestamptzColumn
  readonly feature_name: StringColumn
  readonly feature_value: JsonbOrNullColumn
  readonly granularity: StringColumn
  readonly group_id: StringColumn
  readonly zone_id: IntColumn
}

function zoneFeaturesColumns(): ZoneFeaturesColumns {
  return {
    date_time_start: timestamptz,
    feature_name: string,
    feature_value: jsonbOrNull,
    granularity: string,
    group_id: string,
    zone_id: int
  }
}

export const zone_features = Table.make("zone_features", zoneFeaturesColumns(), {
  dimensions: ["feature_name", "granularity", "group_id"]
})

/** Columns of `zone_metrics`. */
export interface ZoneMetricsColumns {
  readonly date_time_start: TimestamptzColumn
  readonly granularity: StringColumn
  readonly group_id: StringColumn
  readonly metric_name: StringColumn
  readonly metric_value: Float8OrNullColumn
  readonly zone_id: IntColumn
}

function zoneMetricsColumns(): ZoneMetricsColumns {
  return {
    date_time_start: timestamptz,
    granularity: string,
    group_id: string,
    metric_name: string,
    metric_value: float8OrNull,
    zone_id: int
  }
}

export const zone_metrics = Table.make("zone_metrics", zoneMetricsColumns(), {
  dimensions: ["metric_name", "granularity", "group_id"]
})

/** Columns of `zone_occupancy`. */
export interface ZoneOccupancyColumns {
  readonly date_time_start: TimestamptzColumn
  readonly occupancy: IntOrNullColumn
  readonly zone_id: IntColumn
}

function zoneOccupancyColumns(): ZoneOccupancyColumns {
  return {
    date_time_start: timestamptz,
    occupancy: intOrNull,
    zone_id: int
  }
}

export const zone_occupancy = Table.make("zone_occupancy", zoneOccupancyColumns())

/** All tables of this module. */
export const catalog: Catalog.Catalog = Catalog.make("sandbox", [
  building_features,
  building_metrics,
  site_features,
  site_metrics,
  zone_features,
  zone_metrics,
  zone_occupancy
])
