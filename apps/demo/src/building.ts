/**
 * The building that the demo queries: building 71, which the vendor calls DEMO
 * (https://developers.innerspace.io/api-reference-v2).
 */

export const buildingId = 71

/**
 * The site in the vendor's example of v1.5 and v2. We assume that it represents the whole building.
 */
export const wholeBuildingSiteId = 900000222

/**
 * The time zone of the building. We assume it, because the documented week starts at 06:00 UTC on a
 * Monday in January, which is midnight in Chicago.
 */
export const timeZone = "America/Chicago"

/** The id of the group of everyone in the vendor's example of each generation. */
export const everybody = {
  v1: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
  "v1.5": "all-e707b3a8-0732-49ae-9156-13ff1138540e",
  v2: "00000000-0000-0000-0000-000000000000"
}

/**
 * The zones of the building in the sandbox: four on each of three floors. The vendor does not
 * document the zones of the real building 71.
 */
export const zoneIds = [1, 2, 3].flatMap((floor) =>
  [1, 2, 3, 4].map((place) => buildingId * 1_000 + floor * 100 + place)
)

/** A zone of the sandbox whose sensor failed for two days, and the week of that failure. */
export const zoneOfOutage = { id: 71304, week: "2024-W11" } as const
