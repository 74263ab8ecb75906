/**
 * The kind of space of a zone. The names are assumptions, because the vendor mentions zone types
 * without naming any.
 */
export type ZoneType = "open_desks" | "meeting_room" | "lounge"

/** A space on a floor with its own metrics. */
export interface Zone {
  readonly id: number
  readonly name: string
  readonly type: ZoneType
  readonly capacity: number
  /** Share of the floor's people who are in this zone at an ordinary hour. */
  readonly share: number
}

/**
 * The zones of a floor. Every floor has the same zones. A zone's id begins with the building's id
 * and the floor's number. The zone 71101, for example, is on the first floor of building 71.
 */
export const zonesOf = (
  buildingId: number,
  floorNumber: number,
  floorCapacity: number
): ReadonlyArray<Zone> => {
  const id = (place: number): number => buildingId * 1000 + floorNumber * 100 + place
  const seats = (share: number): number => Math.round(floorCapacity * share)
  const zone = (
    place: number,
    name: string,
    type: ZoneType,
    capacity: number,
    share: number
  ): Zone => ({ id: id(place), name: `${name} ${floorNumber}.${place}`, type, capacity, share })
  return [
    zone(1, "Open Desks", "open_desks", seats(0.66), 0.64),
    zone(2, "Meeting Room", "meeting_room", seats(0.14), 0.15),
    zone(3, "Meeting Room", "meeting_room", seats(0.06), 0.06),
    zone(4, "Lounge", "lounge", seats(0.14), 0.15)
  ]
}

/** The types that count as rooms in metrics ending in `_room`. */
export const isRoom = (type: ZoneType): boolean => type === "meeting_room"

/**
 * Whole local days on which a zone's sensor was down. The zone has no rows for these days, and the
 * values of its floor and building do not include the zone.
 */
export interface Outage {
  readonly zoneId: number
  readonly first: string
  /** The first day on which the sensor measured again. */
  readonly end: string
}

const outages: ReadonlyArray<Outage> = [
  { zoneId: 71202, first: "2025-05-06", end: "2025-05-09" },
  { zoneId: 71304, first: "2024-03-12", end: "2024-03-14" },
  { zoneId: 72101, first: "2025-04-22", end: "2025-04-23" },
  { zoneId: 73103, first: "2025-05-19", end: "2025-05-24" }
]

export const isDown = (zoneId: number, date: string): boolean =>
  outages.some((outage) => outage.zoneId === zoneId && date >= outage.first && date < outage.end)
