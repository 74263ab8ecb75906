import { type Building, buildings, type Group, groups } from "./buildings.js"
import { type Day, days, groupDays, monthOf, weekOf } from "./calendar.js"
import { average, type HourlyOccupancy, randomFor, simulate, sum } from "./occupancy.js"
import { weeklyFrequency } from "./weeklyFrequency.js"

/** The relations that rows are generated for; `relations.ts` creates them. */
export interface Dataset {
  readonly people_groups: ReadonlyArray<PeopleGroupRow>
  readonly building_features: ReadonlyArray<FeatureRow>
  readonly building_metrics: ReadonlyArray<MetricRow>
  readonly building_insights: ReadonlyArray<InsightRow>
}

interface PeopleGroupRow {
  readonly name: string
  readonly v1_id: string
  readonly v2_id: string
}

interface FeatureRow {
  readonly building_id: number
  readonly feature_name: string
  readonly feature_value: Readonly<Record<string, number>>
  readonly granularity: string
  readonly group_id: string
  readonly date_time_start: string
}

interface MetricRow {
  readonly building_id: number
  readonly metric_name: string
  readonly metric_value: number | null
  readonly granularity: string
  readonly group_id: string
  readonly date_time_start: string
}

interface InsightRow {
  readonly BUILDING_ID: number
  readonly SITE_ID: number
  readonly GROUP_ID: string
  readonly GRANULARITY: string
  readonly DATE_PARTITION: number
  readonly DATE_TIME_START: string
  readonly OCCUPANCY_MEAN: number
}

/** Days, weeks and months are published for all of this; it starts and ends on a Monday. */
const published = { first: "2024-01-01", end: "2025-06-30" }

/** Hours of v1: thirteen weeks with a clock change in each zone that has one. */
const v1Hours = { first: "2024-01-01", end: "2024-04-01" }

/** Hours of v1.5 and v2: eight weeks around the vendor's example of 2025-05-01. */
const v2Hours = { first: "2025-04-07", end: "2025-06-02" }

interface Period {
  readonly granularity: "PT1H" | "P1D" | "P1W" | "P1M"
  /** Local date of the first day. */
  readonly date: string
  readonly start: number
  readonly hours: ReadonlyArray<number>
}

const periodsOf = (
  all: ReadonlyArray<Day>,
  hourly: { readonly first: string; readonly end: string }
): ReadonlyArray<Period> => {
  const whole = (granularity: Period["granularity"], span: ReadonlyArray<Day>): Period => ({
    granularity,
    date: span[0]?.date ?? "",
    start: span[0]?.start ?? 0,
    hours: span.flatMap((day) => day.hours.map((hour) => hour.start))
  })
  return [
    ...all
      .filter((day) => day.date >= hourly.first && day.date < hourly.end)
      .flatMap((day) =>
        day.hours.map(
          (hour): Period => ({
            granularity: "PT1H",
            date: day.date,
            start: hour.start,
            hours: [hour.start]
          })
        )
      ),
    ...all.map((day) => whole("P1D", [day])),
    ...groupDays(all, weekOf).map((week) => whole("P1W", week)),
    // The last month is cut short by the end of the data.
    ...groupDays(all, monthOf).map((month) => whole("P1M", month))
  ]
}

const over = (period: Period, hours: ReadonlyMap<number, HourlyOccupancy>): HourlyOccupancy => {
  const within: Array<HourlyOccupancy> = []
  for (const start of period.hours) {
    const hour = hours.get(start)
    if (hour !== undefined) within.push(hour)
  }
  const [only] = within
  return only !== undefined && within.length === 1 ? only : average(within)
}

const metricsOf = (hour: HourlyOccupancy): ReadonlyArray<readonly [string, number | null]> => [
  ["occupancy_mean", hour.mean],
  ["occupancy_pos_mean", hour.positive],
  ["occupancy_mean_room", hour.rooms]
]

/** Generates all rows from a seed. The same seed gives the same rows. */
export const generate = (seed: number): Dataset => {
  const dataset = {
    people_groups: groups.map((group) => ({
      name: group.name,
      v1_id: group.v1Id,
      v2_id: group.v2Id
    })),
    building_features: [] as FeatureRow[],
    building_metrics: [] as MetricRow[],
    building_insights: [] as InsightRow[]
  }
  for (const building of buildings) {
    const all = days(building.zone, published.first, published.end)
    const v1Periods = periodsOf(all, v1Hours)
    const v2Periods = periodsOf(all, v2Hours)
    groups.forEach((group, index) => {
      const floors = building.floors.map((floor) => ({
        siteId: floor.id,
        hours: simulate(building, floor, group, all, randomFor(seed, building.id, floor.id, index))
      }))
      const whole = sum(floors.map((floor) => floor.hours))
      dataset.building_features.push(...featureRows(seed, building, group, index, all))
      dataset.building_metrics.push(...metricRows(building, group, v1Periods, whole))
      for (const site of [{ siteId: building.wholeBuildingSiteId, hours: whole }, ...floors]) {
        dataset.building_insights.push(
          ...insightRows(building, group, v2Periods, site.siteId, site.hours)
        )
      }
    })
  }
  return dataset
}

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()

const featureRows = (
  seed: number,
  building: Building,
  group: Group,
  groupIndex: number,
  all: ReadonlyArray<Day>
): ReadonlyArray<FeatureRow> => {
  const random = randomFor(seed, building.id, groupIndex)
  return groupDays(all, weekOf).map((week) => ({
    building_id: building.id,
    feature_name: "weekly_frequency_dist",
    feature_value: weeklyFrequency(building, group, week, random),
    granularity: "P1W",
    group_id: group.v1Id,
    date_time_start: instant(week[0]?.start ?? 0)
  }))
}

const metricRows = (
  building: Building,
  group: Group,
  periods: ReadonlyArray<Period>,
  hours: ReadonlyMap<number, HourlyOccupancy>
): ReadonlyArray<MetricRow> =>
  periods.flatMap((period) =>
    metricsOf(over(period, hours)).map(([name, value]) => ({
      building_id: building.id,
      metric_name: name,
      metric_value: value,
      granularity: period.granularity,
      group_id: group.v1Id,
      date_time_start: instant(period.start)
    }))
  )

const insightRows = (
  building: Building,
  group: Group,
  periods: ReadonlyArray<Period>,
  siteId: number,
  hours: ReadonlyMap<number, HourlyOccupancy>
): ReadonlyArray<InsightRow> =>
  periods.map((period) => ({
    BUILDING_ID: building.id,
    SITE_ID: siteId,
    GROUP_ID: group.v2Id,
    GRANULARITY: period.granularity,
    // The local day on which the period starts; that it is local is an assumption.
    DATE_PARTITION: Number(period.date.replaceAll("-", "")),
    DATE_TIME_START: instant(period.start),
    OCCUPANCY_MEAN: over(period, hours).mean
  }))
