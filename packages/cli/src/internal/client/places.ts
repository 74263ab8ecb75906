/**
 * Buildings. They are read from the API, and remembered for the time zones of dates and for
 * completions.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as Effect from "effect/Effect"
import { UsageError } from "../frame/failure.js"
import type { World } from "../frame/world.js"
import { nearest } from "../program/nearest.js"
import { cacheFolder, pathOf } from "../settings/paths.js"
import type { Settings } from "../settings/settings.js"

export interface Building {
  readonly id: number
  readonly name: string | null
  readonly zone: string | null
  readonly capacity: number | null
}

/** The buildings of v1.5 and v2. */
export const readBuildings: Effect.Effect<
  ReadonlyArray<Building>,
  CallError,
  MetricsClient.MetricsClient
> = Effect.gen(function* () {
  const { BUILDINGS } = yield* Effect.promise(() => import("@innerspace-metrics/core/v2"))
  const metrics = yield* MetricsClient.MetricsClient
  const rows = yield* metrics.query(
    Query.from(BUILDINGS, {
      select: ["BUILDING_ID", "NAME", "TIME_ZONE", "CAPACITY"],
      orderBy: { BUILDING_ID: "asc" }
    })
  )
  return rows.map((row) => ({
    id: row.BUILDING_ID,
    name: row.NAME,
    zone: row.TIME_ZONE,
    capacity: row.CAPACITY
  }))
})

const placesFile = (world: World): string => pathOf(world).join(cacheFolder(world), "places.json")

const keyOf = ({ api, baseUrl }: Settings): string => `${api.value} ${baseUrl.value}`

/**
 * Writes the buildings to a file for later commands. A failure is ignored, because later commands
 * can read the buildings again.
 */
export const rememberBuildings = (
  world: World,
  settings: Settings,
  buildings: ReadonlyArray<Building>
): Effect.Effect<void> =>
  Effect.ignore(
    Effect.tryPromise(async () => {
      const all = { ...(await readAll(world)), [keyOf(settings)]: buildings }
      await mkdir(cacheFolder(world), { recursive: true, mode: 0o700 })
      await writeFile(placesFile(world), JSON.stringify(all), { mode: 0o600 })
    })
  )

/** The buildings that an earlier command has read. */
const rememberedBuildings = (
  world: World,
  settings: Settings
): Effect.Effect<ReadonlyArray<Building>> =>
  Effect.map(
    Effect.promise(() => readAll(world)),
    (all) => all[keyOf(settings)] ?? []
  )

/** All remembered buildings, of every API. */
export const allRemembered = (world: World): Promise<ReadonlyArray<Building>> =>
  readAll(world).then((all) => Object.values(all).flat())

const readAll = async (
  world: World
): Promise<{ readonly [key: string]: ReadonlyArray<Building> }> => {
  try {
    const parsed: unknown = JSON.parse(await readFile(placesFile(world), "utf8"))
    return typeof parsed === "object" && parsed !== null
      ? Object.fromEntries(
          Object.entries(parsed).map(([key, list]) => [
            key,
            Array.isArray(list) ? list.filter(isBuilding) : []
          ])
        )
      : {}
  } catch {
    return {}
  }
}

const isBuilding = (value: unknown): value is Building =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "number"

/**
 * The time zone of the dates in a query. If no setting names a zone, it is the zone that all
 * buildings of the query share.
 */
export const zoneOf = (
  world: World,
  settings: Settings,
  ids: ReadonlyArray<unknown> | undefined
): Effect.Effect<string, UsageError | CallError, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    const { api, zone } = settings
    if (zone.value !== undefined) return yield* checkedZone(zone.value, zone.from)
    if (api.value === "v1") {
      return yield* new UsageError(
        "The time zone of the dates is not known, because v1 has no table of buildings",
        "Pass the building's zone, such as --zone America/Chicago, or keep it with innerspace login --zone"
      )
    }
    const remembered = yield* rememberedBuildings(world, settings)
    const isWanted = ({ id }: Building) => ids === undefined || ids.includes(id)
    const isKnown = ids?.every((id) => remembered.some((building) => building.id === id)) ?? false
    const buildings = isKnown ? remembered : yield* readBuildings
    if (!isKnown) yield* rememberBuildings(world, settings, buildings)
    const wanted = buildings.filter(isWanted)
    const zones = [...new Set(wanted.map((building) => building.zone))]
    const [only] = zones
    if (zones.length === 1 && only !== undefined && only !== null) return only
    const without = wanted.filter((building) => building.zone === null)
    if (without.length > 0) {
      return yield* new UsageError(
        `The API names no time zone for building ${without.map(({ id }) => id).join(", ")}`,
        "Pass the building's zone, such as --zone America/Chicago"
      )
    }
    return yield* new UsageError(
      wanted.length === 0
        ? `There is no building ${(ids ?? []).join(", ")}`
        : `The buildings have several time zones: ${wanted.map(({ id, zone }) => `${id} ${zone}`).join(", ")}`,
      wanted.length === 0
        ? `The buildings are ${buildings.map(({ id }) => id).join(", ")}`
        : "Filter by one building, or pass --zone"
    )
  })

/** Returns the time zone, if it is an IANA name that the runtime knows. */
export const checkedZone = (zone: string, from: string): Effect.Effect<string, UsageError> => {
  if (zone === "UTC" || isZone(zone)) return Effect.succeed(zone)
  const near = nearest(zone, Intl.supportedValuesOf("timeZone"))
  return Effect.fail(
    new UsageError(
      `There is no time zone ${JSON.stringify(zone)} (${from})`,
      near === undefined ? "Pass an IANA name, such as America/Chicago" : `Did you mean ${near}?`
    )
  )
}

/** The runtime also accepts abbreviations such as CST, which have several meanings. */
const isZone = (zone: string): boolean => {
  if (!zone.includes("/")) return false
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone })
    return true
  } catch {
    return false
  }
}
