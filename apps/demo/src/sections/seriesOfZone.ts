/**
 * Shows the hours of one zone as a series: a value or a named gap for every hour of a week, and the
 * value of the week.
 */
import * as Metric from "@innerspace-metrics/core/Metric"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as Series from "@innerspace-metrics/core/Series"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { zone_metrics } from "@innerspace-metrics/core/v1"
import { ZONE_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Arr from "effect/Array"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { Backend } from "../Backend.js"
import { everybody, timeZone, zoneOfOutage } from "../building.js"
import { table } from "../pictures/table.js"

const hoursOf = (range: TimeRange.TimeRange) =>
  Effect.gen(function* () {
    const metrics = yield* MetricsClient.MetricsClient
    const rows = yield* metrics.query(
      Query.from(zone_metrics, {
        operationName: "series_of_zone",
        select: ["date_time_start", "metric_value"],
        where: {
          zone_id: zoneOfOutage.id,
          metric_name: "occupancy_mean",
          granularity: "PT1H",
          group_id: everybody.v1,
          date_time_start: range
        }
      })
    )
    return rows.map((row) => ({ start: row.date_time_start, value: row.metric_value }))
  })

const insightsOf = (version: "v1.5" | "v2", range: TimeRange.TimeRange) =>
  Effect.gen(function* () {
    const metrics = yield* MetricsClient.MetricsClient
    const rows = yield* metrics.query(
      Query.from(ZONE_INSIGHTS, {
        operationName: "series_of_zone",
        select: ["DATE_TIME_START", "OCCUPANCY_MEAN"],
        where: {
          ZONE_ID: zoneOfOutage.id,
          GROUP_ID: everybody[version],
          GRANULARITY: "PT1H",
          DATE_TIME_START: range
        }
      })
    )
    return rows.map((row) => ({ start: row.DATE_TIME_START, value: row.OCCUPANCY_MEAN }))
  })

export const seriesOfZone = Effect.gen(function* () {
  // The range is resolved only once, so that the rows and the periods are of the same week, even if
  // the program runs at midnight.
  const { end, start } = yield* TimeRange.resolve(TimeRange.thisWeek(timeZone))
  for (const [title, range] of [
    ["A week in 2024", TimeRange.week(zoneOfOutage.week, timeZone)],
    ["This week", TimeRange.between(start, end, timeZone)]
  ] as const) {
    const series = yield* readSeries(range)
    yield* Console.log(`${title}: zone ${zoneOfOutage.id}, by the clock in ${timeZone}`)
    yield* Console.log(runsOf(series))
    const [week] = (yield* Series.rollUp(series, "P1W")).buckets
    yield* Console.log(
      week === undefined || week.value === null
        ? "The week has no mean."
        : `The week: ${week.value.toFixed(2)} people on average; ${Math.round(100 * week.coverage)} % of the week was measured`
    )
  }
})

const readSeries = (range: TimeRange.TimeRange) =>
  Effect.gen(function* () {
    const { api } = yield* Backend
    const rows = yield* api.version === "v1" ? hoursOf(range) : insightsOf(api.version, range)
    return yield* Series.fromRows(rows, {
      time: "start",
      value: "value",
      metric: Metric.known.occupancy_mean,
      range,
      granularity: "PT1H",
      zone: timeZone
    })
  })

const names = {
  Zero: "nobody there",
  NotMeasured: "not measured",
  NotPublished: "not published yet",
  NotPermitted: "not permitted"
}

/** Prints one line for each run of consecutive hours with the same kind of value or gap. */
const runsOf = ({ buckets }: Series.Series): string =>
  table(
    [{ heading: "from" }, { heading: "hours", align: "right" }, { heading: "values" }],
    Arr.match(buckets, {
      onEmpty: () => [],
      onNonEmpty: (buckets) =>
        Arr.groupWith(buckets, (one, other) => one._tag === other._tag).map((run) => [
          formatStart(run[0].start),
          String(run.length),
          run[0]._tag === "Measured"
            ? `measured, at most ${Math.max(...run.map(({ value }) => value ?? 0)).toFixed(1)} people`
            : names[run[0]._tag]
        ])
    })
  )

const formatStart = (start: DateTime.Utc): string => {
  const local = DateTime.unsafeSetZoneNamed(start, timeZone)
  const weekday = DateTime.format(local, { locale: "en", weekday: "short" })
  const hour = String(DateTime.getPart(local, "hours")).padStart(2, "0")
  return `${weekday} ${DateTime.formatIsoDate(local)} ${hour}:00`
}
