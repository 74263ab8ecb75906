import { buildings, capacityOf, groups } from "./buildings.js"
import { isRoom } from "./zones.js"

/**
 * The rows of buildings, floors, zones and similar tables. These rows are the same for every seed.
 */
export const entities = {
  people_groups: groups.map((group) => ({
    name: group.name,
    v1_id: group.v1Id,
    v2_id: group.v2Id
  })),
  buildings: buildings.map((building) => ({
    BUILDING_ID: building.id,
    NAME: building.name,
    TIME_ZONE: building.zone,
    CAPACITY: capacityOf(building)
  })),
  floors: buildings.flatMap((building) =>
    building.floors.map((floor) => ({
      FLOOR_ID: floor.id,
      BUILDING_ID: building.id,
      NAME: floor.name,
      LEVEL: floor.level
    }))
  ),
  sites: buildings.flatMap((building) => [
    ...building.floors.map((floor) => ({
      SITE_ID: floor.id,
      BUILDING_ID: building.id,
      NAME: floor.name,
      CAPACITY: floor.capacity
    })),
    {
      SITE_ID: building.wholeBuildingSiteId,
      BUILDING_ID: building.id,
      NAME: "Whole building",
      CAPACITY: capacityOf(building)
    }
  ]),
  zones: buildings.flatMap((building) =>
    building.floors.flatMap((floor) =>
      floor.zones.map((zone) => ({
        ZONE_ID: zone.id,
        SITE_ID: floor.id,
        NAME: zone.name,
        ZONE_TYPE: zone.type,
        CAPACITY: zone.capacity
      }))
    )
  ),
  /** One set of zones for each building. It contains the building's rooms. */
  zone_set: buildings.flatMap((building) =>
    building.floors
      .flatMap((floor) => floor.zones)
      .filter((zone) => isRoom(zone.type))
      .map((zone) => ({
        ZONE_SET_ID: building.id * 10 + 1,
        ZONE_ID: zone.id,
        NAME: `Rooms of ${building.name}`
      }))
  )
}
