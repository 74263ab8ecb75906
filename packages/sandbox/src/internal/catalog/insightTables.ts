import { schemas } from "../data/schemas.js"
import type { BuildingOf, Column, Relationship, Table } from "../graphql/Table.js"
import * as ColumnType from "../graphql/values/ColumnType.js"
import { ofBuilding, ofSite, ofZone } from "./buildingOf.js"
import { optional, required } from "./columns.js"

const buildingId = required("BUILDING_ID", ColumnType.Int)
const floorId = required("FLOOR_ID", ColumnType.Int)
const siteId = required("SITE_ID", ColumnType.Int)
const zoneId = required("ZONE_ID", ColumnType.Int)
const zoneType = required("ZONE_TYPE", ColumnType.String)
const groupId = required("GROUP_ID", ColumnType.String)
const zoneSetId = required("ZONE_SET_ID", ColumnType.Int)
const name = optional("NAME", ColumnType.String)
const capacity = optional("CAPACITY", ColumnType.Int)

const measured: ReadonlyArray<Column> = [
  groupId,
  required("GRANULARITY", ColumnType.String),
  required("DATE_PARTITION", ColumnType.Int),
  required("DATE_TIME_START", ColumnType.timestamptz),
  optional("OCCUPANCY_MEAN", ColumnType.Float),
  optional("OCCUPANCY_POS_MEAN", ColumnType.Float),
  optional("OCCUPANCY_MAX", ColumnType.Float),
  optional("PEOPLE_COUNT", ColumnType.bigint)
]

const one = (relationship: string, column: Column, table: () => Table): Relationship => ({
  name: relationship,
  kind: "object",
  table,
  columns: { here: column.name, there: column.name }
})

const many = (relationship: string, column: Column, table: () => Table): Relationship => ({
  name: relationship,
  kind: "array",
  table,
  columns: { here: column.name, there: column.name }
})

/**
 * The tables of v1.5 and v2. The two generations differ only in their group ids. The vendor's
 * example shows some columns of `BUILDING_INSIGHTS`. The other columns, the relationships and the
 * keys are assumptions.
 */
export const insightTables = (schema: string, aggregations: boolean): ReadonlyArray<Table> => {
  const entity = (
    table: string,
    description: string,
    key: ReadonlyArray<Column>,
    columns: ReadonlyArray<Column>,
    relationships: ReadonlyArray<Relationship>,
    permission: { readonly buildingOf?: BuildingOf }
  ): Table => ({
    ...permission,
    name: table,
    // The groups have other ids in each generation. The rows of the other tables are the same.
    relation: { schema: table === "GROUPS" ? schema : schemas.v2, name: table.toLowerCase() },
    description,
    columns,
    relationships,
    key,
    aggregations
  })
  const insights = (
    table: string,
    description: string,
    place: ReadonlyArray<Column>,
    relationships: ReadonlyArray<Relationship>
  ): Table => ({
    name: table,
    relation: { schema, name: table.toLowerCase() },
    description,
    columns: [buildingId, siteId, ...place, ...measured],
    relationships,
    key: [],
    aggregations,
    buildingOf: ofBuilding("BUILDING_ID"),
    periodStart: "DATE_TIME_START"
  })

  const buildings: Table = entity(
    "BUILDINGS",
    "Buildings",
    [buildingId],
    [buildingId, name, optional("TIME_ZONE", ColumnType.String), capacity],
    [many("FLOORS", buildingId, () => floors), many("SITES", buildingId, () => sites)],
    { buildingOf: ofBuilding("BUILDING_ID") }
  )
  const floors: Table = entity(
    "FLOORS",
    "Floors of buildings",
    [floorId],
    [floorId, buildingId, name, optional("LEVEL", ColumnType.Int)],
    [one("BUILDING", buildingId, () => buildings)],
    { buildingOf: ofBuilding("BUILDING_ID") }
  )
  const sites: Table = entity(
    "SITES",
    "Sites: floors, and whole buildings",
    [siteId],
    [siteId, buildingId, name, capacity],
    [one("BUILDING", buildingId, () => buildings), many("ZONES", siteId, () => zones)],
    { buildingOf: ofBuilding("BUILDING_ID") }
  )
  const zones: Table = entity(
    "ZONES",
    "Zones of sites",
    [zoneId],
    [zoneId, siteId, name, optional("ZONE_TYPE", ColumnType.String), capacity],
    [one("SITE", siteId, () => sites)],
    { buildingOf: ofSite("SITE_ID") }
  )
  const building = one("BUILDING", buildingId, () => buildings)
  const site = one("SITE", siteId, () => sites)
  const zone = one("ZONE", zoneId, () => zones)
  return [
    insights(
      "BUILDING_INSIGHTS",
      "Insights of a building, one row for each site, period and group",
      [],
      [building, site]
    ),
    insights(
      "ZONE_INSIGHTS",
      "Insights of a zone, one row for each period and group",
      [zoneId],
      [building, site, zone]
    ),
    insights(
      "ZONE_TYPE_INSIGHTS",
      "Insights of the zones of one type on a site, one row for each period and group",
      [zoneType],
      [building, site]
    ),
    buildings,
    floors,
    sites,
    entity("GROUPS", "Groups of people", [groupId], [groupId, name], [], {}),
    zones,
    entity(
      "ZONE_SET",
      "Zones that belong together",
      [zoneSetId, zoneId],
      [zoneSetId, zoneId, name],
      [zone],
      { buildingOf: ofZone("ZONE_ID") }
    )
  ]
}
