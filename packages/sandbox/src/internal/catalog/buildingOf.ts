import { schemas } from "../data/schemas.js"
import type { BuildingOf } from "../graphql/Table.js"

/** By a column with the id of a building. */
export const ofBuilding = (column: string): BuildingOf => ({ column })

/** By a column with the id of a site, which is a floor or a whole building. */
export const ofSite = (column: string): BuildingOf => ({
  column,
  in: {
    relation: { schema: schemas.v2, name: "sites" },
    key: "SITE_ID",
    buildingOf: ofBuilding("BUILDING_ID")
  }
})

/** By a column with the id of a zone. */
export const ofZone = (column: string): BuildingOf => ({
  column,
  in: {
    relation: { schema: schemas.v2, name: "zones" },
    key: "ZONE_ID",
    buildingOf: ofSite("SITE_ID")
  }
})
