/**
 * A place is a selection together with its entries in the directory, which lists the buildings,
 * floors, zones and groups. Panels load the data of a place.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import type { Building, Directory, Floor, Zone } from "./Directory.js"
import type { Selection } from "./Selection.js"

/** The time up to which the API has published values. */
export interface Freshness {
  /** The last local date with values. */
  readonly latest: string
  /** The end of that date. Later values are not published yet. */
  readonly until: DateTime.Zoned
}

export interface Place {
  readonly selection: Selection
  readonly building: Building
  /** The chosen floor; undefined for the whole building. */
  readonly floor: Floor | undefined
  /** The floors to show: the chosen floor, or all floors. */
  readonly floors: ReadonlyArray<Floor>
  /** The spaces on these floors. */
  readonly zones: ReadonlyArray<Zone>
  readonly groupName: string
  readonly isEveryone: boolean
  readonly freshness: Freshness
}

export const make = (
  selection: Selection,
  building: Building,
  directory: Directory,
  freshness: Freshness
): Place => {
  const ofBuilding = directory.floors.filter(({ buildingId }) => buildingId === building.id)
  const floor = ofBuilding.find(({ id }) => id === Option.getOrUndefined(selection.floor))
  const floors = floor === undefined ? ofBuilding : [floor]
  return {
    selection,
    building,
    floor,
    floors,
    zones: directory.zones.filter(({ floorId }) => floors.some(({ id }) => id === floorId)),
    groupName: directory.groups.find(({ id }) => id === selection.group)?.name ?? "Everyone",
    isEveryone: selection.group === directory.everyone,
    freshness
  }
}

/** The name of the place, such as `DEMO, Floor 2`. */
export const nameOf = ({ building, floor }: Place): string =>
  floor === undefined ? building.name : `${building.name}, ${floor.name}`

/** The number of seats of the place. */
export const capacityOf = ({ building, floor }: Place): number | null =>
  floor === undefined ? building.capacity : floor.capacity

/** Computes the freshness from the start of the last period with values. */
export const freshnessFrom = (latestStart: DateTime.DateTime, zone: string): Freshness => {
  const start = DateTime.unsafeSetZoneNamed(latestStart, zone)
  return { latest: DateTime.formatIsoDate(start), until: DateTime.add(start, { days: 1 }) }
}
