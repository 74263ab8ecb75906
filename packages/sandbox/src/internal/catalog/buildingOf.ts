import { schemas } from "../data/schemas.js"
import type { BuildingOf } from "../graphql/Table.js"

/** Finds the building of a row by a column that contains the building's id. */
export const ofBuilding = (column: string): BuildingOf => ({ column })

/**
 * Finds the building of a row by a column that contains the id of a site. A site is a floor or a
 * whole building.
 */
export const ofSite = (column: string): BuildingOf => ({
  column,
  in: {
    relation: { schema: schemas.v2, name: "sites" },
    key: "SITE_ID",
    buildingOf: ofBuilding("BUILDING_ID")
  }
})

/** Finds the building of a row by a column that contains the id of a zone. */
export const ofZone = (column: string): BuildingOf => ({
  column,
  in: {
    relation: { schema: schemas.v2, name: "zones" },
    key: "ZONE_ID",
    buildingOf: ofSite("SITE_ID")
  }
})
