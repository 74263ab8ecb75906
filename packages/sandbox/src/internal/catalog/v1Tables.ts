import { schemas } from "../data/schemas.js"
import type { BuildingOf, Column, Table } from "../graphql/Table.js"
import * as ColumnType from "../graphql/values/ColumnType.js"
import { ofBuilding, ofSite, ofZone } from "./buildingOf.js"
import { optional, required } from "./columns.js"

/**
 * The tables of v1. The vendor's example shows the columns of `building_features`, and the other
 * tables are modelled on `building_features`. No relationships and no keys are known.
 */
export const v1Tables = (aggregations: boolean): ReadonlyArray<Table> => {
  const table = (
    name: string,
    description: string,
    buildingOf: BuildingOf,
    columns: ReadonlyArray<Column>
  ): Table => ({
    name,
    relation: { schema: schemas.v1, name },
    description,
    columns,
    relationships: [],
    key: [],
    aggregations,
    buildingOf,
    periodStart: "date_time_start"
  })
  return [
    ...(["building", "site", "zone"] as const).flatMap((place) => [
      table(
        `${place}_features`,
        `Features of a ${place}: objects with several values, one row for each period and group`,
        buildingOf[place](`${place}_id`),
        [
          required(`${place}_id`, ColumnType.Int),
          required("feature_name", ColumnType.String),
          optional("feature_value", ColumnType.jsonb),
          ...period
        ]
      ),
      table(
        `${place}_metrics`,
        `Metrics of a ${place}: single numbers, one row for each period and group`,
        buildingOf[place](`${place}_id`),
        [
          required(`${place}_id`, ColumnType.Int),
          required("metric_name", ColumnType.String),
          optional("metric_value", ColumnType.float8),
          ...period
        ]
      )
    ]),
    table("zone_occupancy", "People in a zone, one row for each quarter hour", ofZone("zone_id"), [
      required("zone_id", ColumnType.Int),
      required("date_time_start", ColumnType.timestamptz),
      optional("occupancy", ColumnType.Int)
    ])
  ]
}

const buildingOf = { building: ofBuilding, site: ofSite, zone: ofZone }

const period: ReadonlyArray<Column> = [
  required("granularity", ColumnType.String),
  required("group_id", ColumnType.String),
  required("date_time_start", ColumnType.timestamptz)
]
