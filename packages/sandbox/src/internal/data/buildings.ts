import { isHoliday } from "./holidays.js"
import type { Zone } from "./zones.js"
import { zonesOf } from "./zones.js"

/** A floor, which the vendor calls a site. */
export interface Floor {
  readonly id: number
  readonly name: string
  readonly level: number
  /** The number of seats. */
  readonly capacity: number
  readonly zones: ReadonlyArray<Zone>
}

export interface Building {
  readonly id: number
  readonly name: string
  /** IANA name of the time zone. Days, weeks and months start at midnight in this time zone. */
  readonly zone: string
  /**
   * The site id in rows of buildings. The vendor's example filters building 71 by site 900000222,
   * which does not look like a floor's id. The assumption is that this site is the whole building.
   */
  readonly wholeBuildingSiteId: number
  readonly floors: ReadonlyArray<Floor>
  /** Whether a local date is a holiday. */
  readonly isHoliday: (date: string) => boolean
}

/**
 * A group of people, which the vendor calls a Smart Group. The names of the groups, and the form of
 * their ids in v1, are assumptions.
 */
export interface Group {
  readonly name: string
  readonly v1Id: string
  readonly v2Id: string
  /** The share of all people who belong to this group. */
  readonly share: number
  /** How many hours later than average the group's day starts. */
  readonly shift: number
}

export const groups: ReadonlyArray<Group> = [
  {
    name: "Everyone",
    v1Id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    v2Id: "00000000-0000-0000-0000-000000000000",
    share: 1,
    shift: 0
  },
  {
    name: "Early Birds",
    v1Id: "smart-2f1c7a52-7a0e-4b57-9c55-6f2f0c7d1a01",
    v2Id: "2f1c7a52-7a0e-4b57-9c55-6f2f0c7d1a01",
    share: 0.24,
    shift: -2
  },
  {
    name: "Night Owls",
    v1Id: "smart-8d94b6f0-4d0b-4c36-8f2b-1b6c5f3e7a02",
    v2Id: "8d94b6f0-4d0b-4c36-8f2b-1b6c5f3e7a02",
    share: 0.17,
    shift: 3
  }
]

/**
 * A floor. Its id is 100000000 plus a number that consists of the building's id and the floor's
 * number.
 */
const floor = (id: number, name: string, level: number, capacity: number): Floor => ({
  id,
  name,
  level,
  capacity,
  zones: zonesOf(Math.floor((id - 100_000_000) / 10), id % 10, capacity)
})

export const capacityOf = (building: Building): number =>
  building.floors.reduce((sum, { capacity }) => sum + capacity, 0)

export const buildings: ReadonlyArray<Building> = [
  {
    id: 71,
    name: "DEMO",
    zone: "America/Chicago",
    wholeBuildingSiteId: 900000222,
    floors: [
      floor(100000711, "Floor 1", 1, 90),
      floor(100000712, "Floor 2", 2, 140),
      floor(100000713, "Floor 3", 3, 120)
    ],
    isHoliday: (date) => isHoliday("chicago", date)
  },
  {
    id: 72,
    name: "Berlin Mitte",
    zone: "Europe/Berlin",
    wholeBuildingSiteId: 900000223,
    floors: [floor(100000721, "1. OG", 1, 70), floor(100000722, "2. OG", 2, 60)],
    isHoliday: (date) => isHoliday("berlin", date)
  },
  {
    id: 73,
    name: "Bengaluru Tech Park",
    zone: "Asia/Kolkata",
    wholeBuildingSiteId: 900000224,
    floors: [floor(100000731, "Level 4", 4, 180)],
    isHoliday: (date) => isHoliday("bengaluru", date)
  }
]
