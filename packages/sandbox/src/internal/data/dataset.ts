import type { Building, Floor, Group } from "./buildings.js"
import { buildings, capacityOf, groups } from "./buildings.js"
import type { Day } from "./calendar.js"
import { days, groupDays, weekOf } from "./calendar.js"
import type { CalendarColumns, DayRow } from "./dayRow.js"
import { calendarColumns, dayRow } from "./dayRow.js"
import type { PersonMinutes } from "./occupancy.js"
import { randomFor, simulate, sum } from "./occupancy.js"
import { weeklyFrequency } from "./weeklyFrequency.js"
import { isDown, isRoom, type Zone, type ZoneType } from "./zones.js"

/** One place, for the people of one group. */
export interface SeriesRow {
  readonly series_id: number
  readonly kind: "building" | "site" | "zone" | "zone_type"
  readonly building_id: number
  readonly site_id: number
  readonly zone_id: number | null
  readonly zone_type: ZoneType | null
  readonly v1_group: string
  readonly v2_group: string
}

interface FeatureRow {
  readonly place_id: number
  readonly feature_name: string
  readonly feature_value: Readonly<Record<string, number>>
  readonly granularity: string
  readonly group_id: string
  readonly date_time_start: string
  readonly day_start: string
  readonly published_at: string
}

export interface Dataset {
  readonly series: ReadonlyArray<SeriesRow>
  /** Made as they are asked for: all at once they fill the memory. */
  readonly days: Iterable<DayRow>
  readonly building_features: ReadonlyArray<FeatureRow>
  readonly zone_features: ReadonlyArray<FeatureRow>
}

/** What is published; it starts and ends on a Monday, so that no week is cut. */
export const published = { first: "2024-01-01", end: "2025-06-30" }

/** Quarter hours are published for these spans only: clock changes are in the first, the vendor's example in the second. */
const quarterHours = [
  { first: "2024-03-04", end: "2024-04-01" },
  { first: "2025-04-07", end: "2025-06-02" }
]

const everyone = groups[0]

/** Generates all rows from a seed. The same seed gives the same rows. */
export const generate = (seed: number): Dataset => {
  const all = buildings.map((building) => ({
    building,
    days: days(building.zone, published.first, published.end)
  }))
  return {
    series: seriesRows,
    days: {
      *[Symbol.iterator]() {
        for (const { building, days } of all) {
          for (const day of days) yield* night(seed, building, day, 0)
        }
      }
    },
    building_features: all.flatMap(({ building, days }) =>
      groups.flatMap((group, index) =>
        weekly(building, building.id, capacityOf(building), group, days, [seed, building.id, index])
      )
    ),
    zone_features: all.flatMap(({ building, days }) =>
      building.floors.flatMap((floor) =>
        floor.zones.flatMap((zone) =>
          everyone === undefined
            ? []
            : weekly(building, zone.id, zone.capacity, everyone, days, [seed, zone.id])
        )
      )
    )
  }
}

/** The rows of one local date, in every building, as they are after a number of restatements. */
export const nights = (seed: number, date: string, revision: number): ReadonlyArray<DayRow> =>
  buildings.flatMap((building) =>
    days(building.zone, published.first, published.end)
      .filter((day) => day.date === date)
      .flatMap((day) => night(seed, building, day, revision))
  )

const night = (
  seed: number,
  building: Building,
  day: Day,
  revision: number
): ReadonlyArray<DayRow> => {
  const calendar = calendarColumns(day)
  return groups.flatMap((group) => nightOf(seed, building, group, day, revision, calendar))
}

/** Rows of the smaller places are published for everyone only, those of floors and buildings for each group. */
const nightOf = (
  seed: number,
  building: Building,
  group: Group,
  day: Day,
  revision: number,
  calendar: CalendarColumns
): ReadonlyArray<DayRow> => {
  const floors = building.floors.map((floor) => ({
    floor,
    zones: measuredZones(seed, building, floor, group, day, revision)
  }))
  const hasQuarters = quarterHours.some(({ first, end }) => day.date >= first && day.date < end)
  const row = (place: Place, zones: ReadonlyArray<MeasuredZone>): ReadonlyArray<DayRow> => {
    const series = seriesIds.get(keyOf(place, group))
    if (series === undefined || zones.length === 0) return []
    const rooms = zones.filter(({ zone }) => isRoom(zone.type))
    return [
      dayRow({
        seriesId: series,
        calendar,
        hasQuarters,
        minutes: sum(zones.map(({ minutes }) => minutes)),
        // Whether a zone is a room is no question of minutes, so its own rows have none.
        roomMinutes:
          place.kind === "zone" || place.kind === "zone_type"
            ? undefined
            : rooms.length === 0
              ? day.hours.flatMap(() => [0, 0, 0, 0])
              : sum(rooms.map(({ minutes }) => minutes))
      })
    ]
  }
  return [
    ...row(
      { kind: "building", id: building.id },
      floors.flatMap(({ zones }) => zones)
    ),
    ...floors.flatMap(({ floor, zones }) => [
      ...row({ kind: "site", id: floor.id }, zones),
      ...zoneTypes(floor).flatMap((type) =>
        row(
          { kind: "zone_type", id: floor.id, type },
          zones.filter(({ zone }) => zone.type === type)
        )
      ),
      ...zones.flatMap((measured) => row({ kind: "zone", id: measured.zone.id }, [measured]))
    ])
  ]
}

interface MeasuredZone {
  readonly zone: Zone
  readonly minutes: PersonMinutes
}

const measuredZones = (
  seed: number,
  building: Building,
  floor: Floor,
  group: Group,
  day: Day,
  revision: number
): ReadonlyArray<MeasuredZone> =>
  floor.zones
    .filter((zone) => !isDown(zone.id, day.date))
    .map((zone) => ({
      zone,
      minutes: simulate(
        { building, floor, zone, group },
        day,
        randomFor(seed, zone.id, groups.indexOf(group), day.start / 3_600_000, revision)
      )
    }))

interface Place {
  readonly kind: SeriesRow["kind"]
  readonly id: number
  readonly type?: ZoneType
}

const keyOf = (place: Place, group: Group): string =>
  `${place.kind} ${place.id} ${place.type ?? ""} ${group.v2Id}`

const zoneTypes = (floor: Floor): ReadonlyArray<ZoneType> => [
  ...new Set(floor.zones.map((zone) => zone.type))
]

const seriesIds = new Map<string, number>()

const seriesRows: ReadonlyArray<SeriesRow> = buildings.flatMap((building) =>
  groups.flatMap((group) => {
    const series = (
      place: Place,
      ids: Pick<SeriesRow, "site_id" | "zone_id" | "zone_type">
    ): SeriesRow => {
      const id = seriesIds.size + 1
      seriesIds.set(keyOf(place, group), id)
      return {
        series_id: id,
        kind: place.kind,
        building_id: building.id,
        ...ids,
        v1_group: group.v1Id,
        v2_group: group.v2Id
      }
    }
    const none = { zone_id: null, zone_type: null }
    return [
      series(
        { kind: "building", id: building.id },
        { site_id: building.wholeBuildingSiteId, ...none }
      ),
      ...building.floors.flatMap((floor) => [
        series({ kind: "site", id: floor.id }, { site_id: floor.id, ...none }),
        ...(group === everyone
          ? [
              ...zoneTypes(floor).map((type) =>
                series(
                  { kind: "zone_type", id: floor.id, type },
                  { site_id: floor.id, zone_id: null, zone_type: type }
                )
              ),
              ...floor.zones.map((zone) =>
                series(
                  { kind: "zone", id: zone.id },
                  { site_id: floor.id, zone_id: zone.id, zone_type: zone.type }
                )
              )
            ]
          : [])
      ])
    ]
  })
)

const weekly = (
  building: Building,
  placeId: number,
  capacity: number,
  group: Group,
  all: ReadonlyArray<Day>,
  [seed, ...names]: readonly [number, ...ReadonlyArray<number>]
): ReadonlyArray<FeatureRow> => {
  const random = randomFor(seed, ...names)
  return groupDays(all, weekOf).map((week) => {
    const start = new Date(week[0]?.start ?? 0).toISOString()
    return {
      place_id: placeId,
      feature_name: "weekly_frequency_dist",
      feature_value: weeklyFrequency(building, capacity, group, week, random),
      granularity: "P1W",
      group_id: group.v1Id,
      date_time_start: start,
      day_start: start,
      published_at: new Date(week.at(-1)?.publishedAt ?? 0).toISOString()
    }
  })
}
