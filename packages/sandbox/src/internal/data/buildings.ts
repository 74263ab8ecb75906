/** A place that metrics are published for: a floor, or the synthetic site that stands for a whole building. */
export interface Site {
  readonly id: number
  readonly name: string
  /** Seats. */
  readonly capacity: number
}

export interface Building {
  readonly id: number
  readonly name: string
  /** IANA name: periods start at local midnight of this zone. */
  readonly zone: string
  /**
   * The site that building rows carry. The vendor's example asks for building 71 with site 900000222, a number unlike a
   * floor's; that it stands for the whole building is an assumption.
   */
  readonly wholeBuildingSiteId: number
  readonly floors: ReadonlyArray<Site>
  /** Local dates on which hardly anybody comes. */
  readonly holidays: ReadonlySet<string>
}

/** A cohort of people. The names of Smart Groups and the form of their ids in v1 are assumptions. */
export interface Group {
  readonly name: string
  readonly v1Id: string
  readonly v2Id: string
  /** Share of all people. */
  readonly share: number
  /** Hours by which the group's day is later than everybody's. */
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

export const buildings: ReadonlyArray<Building> = [
  {
    id: 71,
    name: "DEMO",
    zone: "America/Chicago",
    wholeBuildingSiteId: 900000222,
    floors: [
      { id: 100000711, name: "Floor 1", capacity: 90 },
      { id: 100000712, name: "Floor 2", capacity: 140 },
      { id: 100000713, name: "Floor 3", capacity: 120 }
    ],
    holidays: new Set([
      "2024-01-01",
      "2024-01-15",
      "2024-05-27",
      "2024-06-19",
      "2024-07-04",
      "2024-09-02",
      "2024-11-28",
      "2024-11-29",
      "2024-12-24",
      "2024-12-25",
      "2025-01-01",
      "2025-01-20",
      "2025-05-26",
      "2025-06-19"
    ])
  },
  {
    id: 72,
    name: "Berlin Mitte",
    zone: "Europe/Berlin",
    wholeBuildingSiteId: 900000223,
    floors: [
      { id: 100000721, name: "1. OG", capacity: 70 },
      { id: 100000722, name: "2. OG", capacity: 60 }
    ],
    holidays: new Set([
      "2024-01-01",
      "2024-03-08",
      "2024-03-29",
      "2024-04-01",
      "2024-05-01",
      "2024-05-09",
      "2024-05-20",
      "2024-10-03",
      "2024-12-24",
      "2024-12-25",
      "2024-12-26",
      "2024-12-31",
      "2025-01-01",
      "2025-03-08",
      "2025-04-18",
      "2025-04-21",
      "2025-05-01",
      "2025-05-08",
      "2025-05-29",
      "2025-06-09"
    ])
  },
  {
    id: 73,
    name: "Bengaluru Tech Park",
    zone: "Asia/Kolkata",
    wholeBuildingSiteId: 900000224,
    floors: [{ id: 100000731, name: "Level 4", capacity: 180 }],
    holidays: new Set([
      "2024-01-01",
      "2024-01-15",
      "2024-01-26",
      "2024-03-25",
      "2024-08-15",
      "2024-10-02",
      "2024-10-31",
      "2024-11-01",
      "2024-12-25",
      "2025-01-01",
      "2025-01-14",
      "2025-03-14",
      "2025-05-01"
    ])
  }
]
