import { schemas } from "../data/schemas.js"
import type { BuildingOf } from "../graphql/Table.js"

/** The building in a column with its id. */
export const ofBuilding = (column: string): BuildingOf => ({ column })

/**
 * The building of a site, by a column with the site's id. A site is a floor or a whole building.
 */
export const ofSite = (column: string): BuildingOf => ({
  column,
  in: {
    relation: { schema: schemas.v2, name: "sites" },
    key: "SITE_ID",
    buildingOf: ofBuilding("BUILDING_ID")
  }
})

/** The building of a zone, by a column with the zone's id. */
export const ofZone = (column: string): BuildingOf => ({
  column,
  in: {
    relation: { schema: schemas.v2, name: "zones" },
    key: "ZONE_ID",
    buildingOf: ofSite("SITE_ID")
  }
})
