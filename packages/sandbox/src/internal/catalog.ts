import { schemas } from "./data/relations.js"
import * as ColumnType from "./graphql/ColumnType.js"
import type { Column, Table } from "./graphql/Table.js"

const required = (name: string, type: ColumnType.ColumnType): Column => ({
  name,
  type,
  nullable: false
})

const optional = (name: string, type: ColumnType.ColumnType): Column => ({
  name,
  type,
  nullable: true
})

/** Columns as the vendor's v1 example uses them; types and nullability are assumptions. */
const buildingFeatures: Table = {
  name: "building_features",
  relation: { schema: schemas.v1, name: "building_features" },
  description:
    "Features of a building: objects with several values, one row for each period and group",
  columns: [
    required("building_id", ColumnType.Int),
    required("feature_name", ColumnType.String),
    optional("feature_value", ColumnType.jsonb),
    required("granularity", ColumnType.String),
    required("group_id", ColumnType.String),
    required("date_time_start", ColumnType.timestamptz)
  ]
}

/** An assumption by symmetry with `building_features`: no page of the vendor shows these columns. */
const buildingMetrics: Table = {
  name: "building_metrics",
  relation: { schema: schemas.v1, name: "building_metrics" },
  description: "Metrics of a building: single numbers, one row for each period and group",
  columns: [
    required("building_id", ColumnType.Int),
    required("metric_name", ColumnType.String),
    optional("metric_value", ColumnType.float8),
    required("granularity", ColumnType.String),
    required("group_id", ColumnType.String),
    required("date_time_start", ColumnType.timestamptz)
  ]
}

/** Columns as the vendor's v2 example uses them; types and nullability are assumptions. */
const buildingInsights = (schema: string): Table => ({
  name: "BUILDING_INSIGHTS",
  relation: { schema, name: "building_insights" },
  description: "Insights of a building, one row for each site, period and group",
  columns: [
    required("BUILDING_ID", ColumnType.Int),
    required("SITE_ID", ColumnType.Int),
    required("GROUP_ID", ColumnType.String),
    required("GRANULARITY", ColumnType.String),
    required("DATE_PARTITION", ColumnType.Int),
    required("DATE_TIME_START", ColumnType.timestamptz),
    optional("OCCUPANCY_MEAN", ColumnType.Float)
  ]
})

/** The tables of each generation of the API. */
export const tables = {
  v1: [buildingFeatures, buildingMetrics],
  "v1.5": [buildingInsights(schemas.v1_5)],
  v2: [buildingInsights(schemas.v2)]
} as const satisfies Readonly<Record<string, ReadonlyArray<Table>>>
