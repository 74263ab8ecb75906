/** Shows one metric by hour as a heat map: a line per day, a column per hour of local time. */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { Backend } from "../Backend.js"
import { buildingId, everybody, timeZone, wholeBuildingSiteId } from "../building.js"
import { clock, type HourlyValue, localDays } from "../LocalDay.js"
import { heatMap } from "../pictures/heatMap.js"
import { atLeastOne } from "../section.js"

/** The query of v1 for three weeks around 10 March 2024, on which clocks go forward. */
const hours = Query.from(building_metrics, {
  operationName: "hours_of_day",
  select: ["metric_value", "date_time_start"],
  where: {
    building_id: buildingId,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: everybody.v1,
    date_time_start: TimeRange.dates("2024-03-04", "2024-03-25", timeZone)
  },
  orderBy: { date_time_start: "asc" }
})

/** The query of v1.5 and v2 for the three weeks around the vendor's example. */
const insights = (version: "v1.5" | "v2") =>
  Query.from(BUILDING_INSIGHTS, {
    operationName: "hours_of_day",
    select: ["OCCUPANCY_MEAN", "DATE_TIME_START"],
    where: {
      BUILDING_ID: buildingId,
      SITE_ID: wholeBuildingSiteId,
      GROUP_ID: everybody[version],
      GRANULARITY: "PT1H",
      DATE_PARTITION: { _gte: 20250428, _lt: 20250519 }
    },
    orderBy: { DATE_TIME_START: "asc" }
  })

const zone = DateTime.zoneUnsafeMakeNamed(timeZone)

export const hoursOfDay = Effect.gen(function* () {
  const { api } = yield* Backend
  const values = yield* atLeastOne(api.version === "v1" ? metricValues : insightValues(api.version))
  const days = localDays(values, zone)
  yield* Console.log(
    `${api.version === "v1" ? "occupancy_mean" : "OCCUPANCY_MEAN"} of building ${buildingId} at PT1H: ${values.length} hours`
  )
  yield* Console.log(
    heatMap({
      columns: clock.map((hour) => (hour % 3 === 0 ? String(hour).padStart(2, "0") : "")),
      rows: days.map(({ midnight, hours }) => ({ label: dayName(midnight), cells: hours })),
      unit: `people, mean over the hour, by the clock in ${timeZone}`
    })
  )
  for (const { midnight, length } of days) {
    if (length !== 24) {
      yield* Console.log(`${DateTime.formatIsoDate(midnight)} has ${length} hours: clocks change`)
    }
  }
})

const dayName = (day: DateTime.Zoned): string =>
  `${DateTime.format(day, { locale: "en", weekday: "short" })} ${DateTime.formatIsoDate(day)}`

const metricValues = Effect.gen(function* () {
  const metrics = yield* MetricsClient.MetricsClient
  const rows = yield* metrics.query(hours)
  return rows.map(
    ({ date_time_start, metric_value }): HourlyValue => ({
      start: date_time_start,
      value: metric_value
    })
  )
})

const insightValues = (version: "v1.5" | "v2") =>
  Effect.gen(function* () {
    const metrics = yield* MetricsClient.MetricsClient
    const rows = yield* metrics.query(insights(version))
    return rows.map(
      ({ DATE_TIME_START, OCCUPANCY_MEAN }): HourlyValue => ({
        start: DATE_TIME_START,
        value: OCCUPANCY_MEAN
      })
    )
  })
