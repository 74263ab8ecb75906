/**
 * What there is to choose from: buildings, floors, zones and groups.
 */

export interface Building {
  readonly id: number
  readonly name: string
  /** IANA name. */
  readonly zone: string
  readonly capacity: number | null
  /** The site that stands for the whole building. */
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
  /** From below. */
  readonly floors: ReadonlyArray<Floor>
  readonly zones: ReadonlyArray<Zone>
  readonly groups: ReadonlyArray<Group>
  /** The group of all people. */
  readonly everyone: string
}
