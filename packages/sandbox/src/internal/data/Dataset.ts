import type { Building, Floor, Group } from "./buildings.js"
import { buildings, capacityOf, groups } from "./buildings.js"
import type { Day } from "./calendar.js"
import {
  addDays,
  days,
  firstOf,
  inWeeks,
  isoDate,
  mondayFrom,
  monthOf,
  nextMonth
} from "./calendar.js"
import type { CalendarColumns, DayRow } from "./dayRow.js"
import { calendarColumns, dayRow } from "./dayRow.js"
import type { PersonMinutes } from "./occupancy.js"
import { randomFor, simulate, sum } from "./occupancy.js"
import { numbersPerWeek, weeklyFrequency } from "./weeklyFrequency.js"
import { isDown, isRoom, type Zone, type ZoneType } from "./zones.js"

/** A series, which has the rows of one place and one group of people. */
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

/** The rows of one month. */
export interface Month {
  /** The rows of the month's local dates, generated lazily. */
  readonly days: Iterable<DayRow>
  /** Rows of the weeks that start in the month. */
  readonly building_features: ReadonlyArray<FeatureRow>
  readonly zone_features: ReadonlyArray<FeatureRow>
}

/**
 * The first local date. It is a Monday and the first day of a month, so every week and month is
 * complete.
 */
export const firstDate = "2024-01-01"

const firstMonth = monthOf(firstDate)

/**
 * The last month that is generated, unless the present month is later. Each month takes a fraction
 * of a second, so without a limit a clock in the year 9999 would take too long.
 */
const lastMonth = "2030-12"

/**
 * The last month that is needed at an instant: the current month in the time zone that is furthest
 * ahead of UTC. It is at most the last month of 2030, or the present month if that is later.
 */
export const monthAt = (now: number): string => {
  const latest = max(lastMonth, monthOf(isoDate(Date.now() + day)))
  return monthOf(isoDate(Math.min(now + day, endOf(latest) - 1)))
}

const day = 86_400_000

const endOf = (month: string): number => Date.parse(firstOf(nextMonth(month)))

const max = (left: string, right: string): string => (left > right ? left : right)

/** The months after `after`, or from the first month, up to and including `last`. */
export const monthsBetween = (after: string | undefined, last: string): ReadonlyArray<string> => {
  const months: Array<string> = []
  let month = after === undefined ? firstMonth : nextMonth(after)
  for (; month <= last; month = nextMonth(month)) months.push(month)
  return months
}

/**
 * The local dates with quarter hours: four weeks in March 2024, in which clocks change, and all
 * dates from 2025-04-07 on.
 */
const quarterHours = [
  { first: "2024-03-04", end: "2024-04-01" },
  { first: "2025-04-07", end: "9999-12-31" }
]

const everyone = groups[0]

/**
 * Generates a month from a seed. The rows of a date depend only on the seed and the date. They do
 * not depend on which months are generated, or when.
 */
export const month = (seed: number, name: string): Month => {
  const first = firstOf(name)
  const end = firstOf(nextMonth(name))
  const all = buildings.map((building) => {
    const weeks = inWeeks(days(building.zone, mondayFrom(first), mondayFrom(end)))
    return { building, weeks }
  })
  return {
    days: {
      *[Symbol.iterator]() {
        for (const building of buildings) {
          for (const day of days(building.zone, first, end)) yield* night(seed, building, day, 0)
        }
      }
    },
    building_features: all.flatMap(({ building, weeks }) =>
      groups.flatMap((group, index) =>
        weekly(building, building.id, capacityOf(building), group, weeks, [
          seed,
          building.id,
          index
        ])
      )
    ),
    zone_features: all.flatMap(({ building, weeks }) =>
      building.floors.flatMap((floor) =>
        floor.zones.flatMap((zone) =>
          everyone === undefined
            ? []
            : weekly(building, zone.id, zone.capacity, everyone, weeks, [seed, zone.id])
        )
      )
    )
  }
}

/** The rows of one local date in every building, after a number of restatements. */
export const nights = (seed: number, date: string, revision: number): ReadonlyArray<DayRow> =>
  buildings.flatMap((building) =>
    days(building.zone, date, addDays(date, 1)).flatMap((day) =>
      night(seed, building, day, revision)
    )
  )

/**
 * The last local date whose rows are published in any building at an instant, or `undefined` before
 * the first date.
 */
export const lastPublished = (now: number): string | undefined => {
  const last = Math.min(now + day, endOf(monthAt(now)) - 1)
  return [0, 1, 2, 3]
    .map((days) => isoDate(last - days * day))
    .find((date) => date >= firstDate && isPublished(date, now))
}

const isPublished = (date: string, now: number): boolean =>
  buildings.some(({ zone }) =>
    days(zone, date, addDays(date, 1)).some(({ publishedAt }) => publishedAt <= now)
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

/** Zones have rows only for all people together. Floors and buildings have rows for each group. */
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
        // Minutes in rooms count for floors and buildings, not for zones.
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

export const series: ReadonlyArray<SeriesRow> = buildings.flatMap((building) =>
  groups.flatMap((group) => {
    const seriesOf = (
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
      seriesOf(
        { kind: "building", id: building.id },
        { site_id: building.wholeBuildingSiteId, ...none }
      ),
      ...building.floors.flatMap((floor) => [
        seriesOf({ kind: "site", id: floor.id }, { site_id: floor.id, ...none }),
        ...(group === everyone
          ? [
              ...zoneTypes(floor).map((type) =>
                seriesOf(
                  { kind: "zone_type", id: floor.id, type },
                  { site_id: floor.id, zone_id: null, zone_type: type }
                )
              ),
              ...floor.zones.map((zone) =>
                seriesOf(
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
  weeks: ReadonlyArray<ReadonlyArray<Day>>,
  [seed, ...names]: readonly [number, ...ReadonlyArray<number>]
): ReadonlyArray<FeatureRow> => {
  const random = randomFor(seed, ...names)
  const start = weeks[0]?.[0]?.date ?? firstDate
  const weeksBefore = (Date.parse(start) - Date.parse(firstDate)) / (7 * day)
  // All weeks of a place and group share one random source, so skip the random numbers of earlier
  // weeks.
  for (let read = 0; read < weeksBefore * numbersPerWeek; read += 1) random.number()
  return weeks.map((week) => {
    const start = new Date(week[0]?.start ?? 0).toISOString()
    return {
      place_id: placeId,
      feature_name: "weekly_frequency_dist",
      feature_value: weeklyFrequency(building, capacity, group, week, random),
      granularity: "P1W",
      group_id: group.v1Id,
      date_time_start: start,
      day_start: start,
      published_at: new Date(week[0]?.week.publishedAt ?? 0).toISOString()
    }
  })
}
