/** The buildings, floors, zones and groups that a person can choose from. */

export interface Building {
  readonly id: number
  readonly name: string
  /** IANA name of the time zone. */
  readonly zone: string
  readonly capacity: number | null
  /** The site that represents the whole building. */
  readonly wholeSite: number
}

export interface Floor {
  readonly id: number
  readonly buildingId: number
  readonly name: string
  readonly capacity: number | null
}

/** A space on a floor. */
export interface Zone {
  readonly id: number
  readonly floorId: number
  readonly name: string
  readonly type: string
  readonly capacity: number | null
}

export interface Group {
  readonly id: string
  readonly name: string
}

export interface Directory {
  readonly buildings: ReadonlyArray<Building>
  /** The floors, from the lowest to the highest. */
  readonly floors: ReadonlyArray<Floor>
  readonly zones: ReadonlyArray<Zone>
  readonly groups: ReadonlyArray<Group>
  /** The id of the group of all people. */
  readonly everyone: string
}
