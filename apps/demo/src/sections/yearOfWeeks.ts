/** Shows one feature by week, for a year: how many people came, and on how many days. */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import * as Arr from "effect/Array"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { Backend } from "../Backend.js"
import { buildingId, everybody, timeZone } from "../building.js"
import { lineChart } from "../pictures/lineChart.js"
import { table } from "../pictures/table.js"
import { atLeastOne, NothingToShow } from "../section.js"
import * as WeeklyFrequency from "../WeeklyFrequency.js"

/** The weeks W01 to W52 of 2024. */
const weeks = Query.from(building_features, {
  operationName: "year_of_weeks",
  select: ["feature_value", "date_time_start"],
  where: {
    building_id: buildingId,
    feature_name: "weekly_frequency_dist",
    granularity: "P1W",
    group_id: everybody.v1,
    date_time_start: TimeRange.dates("2024-01-01", "2024-12-30", timeZone)
  },
  orderBy: { date_time_start: "asc" }
})

interface Week {
  /** The month in which the week's Monday lies, in the building's time zone. */
  readonly month: string
  readonly counts: WeeklyFrequency.Counts
}

export const yearOfWeeks = Effect.gen(function* () {
  const { api } = yield* Backend
  if (api.version !== "v1") {
    return yield* Console.log(
      "Features are documented for v1 only: set INNERSPACE_API=v1 to see them."
    )
  }
  const metrics = yield* MetricsClient.MetricsClient
  const rows = yield* atLeastOne(metrics.query(weeks))
  const year = yield* Effect.forEach(rows, (row) =>
    Effect.map(countsOf(row.feature_value), (counts): Week => {
      const start = DateTime.unsafeSetZoneNamed(row.date_time_start, timeZone)
      return { month: DateTime.format(start, { locale: "en", month: "short" }), counts }
    })
  )
  yield* Console.log(
    `weekly_frequency_dist of building ${buildingId}, ${year.length} weeks of 2024: how many people came,\n` +
      "and which share of them came on one day of the week, on two, and so on."
  )
  yield* Console.log(byMonth(year))
  yield* Console.log(`\nPeople, week by week\n${byWeek(year)}`)
})

const countsOf = (value: unknown): Effect.Effect<WeeklyFrequency.Counts, NothingToShow> =>
  Effect.mapError(
    WeeklyFrequency.decode(value),
    () =>
      new NothingToShow({
        message: `feature_value is not an object of counts for 1 to 7 days: ${JSON.stringify(value)}`
      })
  )

const byMonth = (year: ReadonlyArray<Week>): string =>
  table(
    [
      { heading: "month" },
      { heading: "weeks", align: "right" },
      { heading: "people\na week", align: "right" },
      { heading: "days a\nperson", align: "right" },
      ...["1 day", "2 days", "3 days", "4 days", "5 to 7"].map((days) => ({
        heading: days,
        align: "right" as const
      }))
    ],
    Object.entries(Arr.groupBy(year, ({ month }) => month)).map(([month, weeks]) => {
      const total = WeeklyFrequency.sum(weeks.map(({ counts }) => counts))
      const people = WeeklyFrequency.peopleOf(total)
      const percent = (counts: ReadonlyArray<number>) =>
        `${Math.round((100 * WeeklyFrequency.peopleOf(counts)) / Math.max(people, 1))} %`
      return [
        month,
        String(weeks.length),
        String(Math.round(people / weeks.length)),
        WeeklyFrequency.meanDays(total).toFixed(2),
        ...[0, 1, 2, 3].map((index) => percent(total.slice(index, index + 1))),
        percent(total.slice(4))
      ]
    })
  )

const byWeek = (year: ReadonlyArray<Week>): string => {
  const values = year.map(({ counts }) => WeeklyFrequency.peopleOf(counts))
  const firstOfMonth = year.flatMap(
    ({ month }, index): ReadonlyArray<readonly [number, string]> =>
      month === year[index - 1]?.month ? [] : [[index, month]]
  )
  return lineChart({ values, names: new Map(firstOfMonth) })
}
