/** Loads the buildings, floors, zones and groups, in one request. */
import * as Query from "@innerspace-metrics/core/Query"
import { BUILDINGS, FLOORS, GROUPS, SITES, ZONES } from "@innerspace-metrics/core/v2"
import * as Effect from "effect/Effect"
import type { Directory } from "../model/Directory.js"
import { Insights } from "../Runtime.js"

/**
 * The id of the group of everyone. The vendor documents it for v1
 * (https://developers.innerspace.io/deprecated-api-2025-05-26/authentication-v1-deprecated). We
 * assume that v1.5 has the same id.
 */
const everyone = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

export const loadDirectory = Effect.gen(function* () {
  const metrics = yield* Insights
  // Queries that start at the same time are sent as one request.
  const { buildings, floors, groups, sites, zones } = yield* Effect.all(
    {
      buildings: metrics.query(
        Query.from(BUILDINGS, {
          select: ["BUILDING_ID", "NAME", "TIME_ZONE", "CAPACITY"],
          orderBy: { BUILDING_ID: "asc" }
        })
      ),
      floors: metrics.query(
        Query.from(FLOORS, {
          select: ["FLOOR_ID", "BUILDING_ID", "NAME"],
          orderBy: { LEVEL: "asc" }
        })
      ),
      sites: metrics.query(Query.from(SITES, { select: ["SITE_ID", "BUILDING_ID", "CAPACITY"] })),
      zones: metrics.query(
        Query.from(ZONES, {
          select: ["ZONE_ID", "SITE_ID", "NAME", "ZONE_TYPE", "CAPACITY"],
          orderBy: { ZONE_ID: "asc" }
        })
      ),
      groups: metrics.query(
        Query.from(GROUPS, { select: ["GROUP_ID", "NAME"], orderBy: { NAME: "asc" } })
      )
    },
    { batching: true, concurrency: "unbounded" }
  )
  // We assume that a floor has the id of its site, and that the site that is not a floor represents
  // the whole building.
  const floorIds = new Set(floors.map((floor) => floor.FLOOR_ID))
  const directory: Directory = {
    buildings: buildings.flatMap((building) => {
      const whole = sites.find(
        (site) => site.BUILDING_ID === building.BUILDING_ID && !floorIds.has(site.SITE_ID)
      )
      // Without a time zone, the local days of a building are not known.
      return whole === undefined || building.TIME_ZONE === null
        ? []
        : [
            {
              id: building.BUILDING_ID,
              name: building.NAME ?? `Building ${building.BUILDING_ID}`,
              zone: building.TIME_ZONE,
              capacity: building.CAPACITY,
              wholeSite: whole.SITE_ID
            }
          ]
    }),
    floors: floors.map((floor) => ({
      id: floor.FLOOR_ID,
      buildingId: floor.BUILDING_ID,
      name: floor.NAME ?? `Floor ${floor.FLOOR_ID}`,
      capacity: sites.find((site) => site.SITE_ID === floor.FLOOR_ID)?.CAPACITY ?? null
    })),
    zones: zones.map((zone) => ({
      id: zone.ZONE_ID,
      floorId: zone.SITE_ID,
      name: zone.NAME ?? `Zone ${zone.ZONE_ID}`,
      type: zone.ZONE_TYPE ?? "",
      capacity: zone.CAPACITY
    })),
    groups: groups.map(({ GROUP_ID, NAME }) => ({ id: GROUP_ID, name: NAME ?? GROUP_ID })),
    everyone
  }
  return directory
})
