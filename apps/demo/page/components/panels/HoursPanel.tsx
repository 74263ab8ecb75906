/** When people are in the building: every hour of every day, in local time. */
import type * as Series from "@innerspace-metrics/core/Series"
import * as hourMap from "../../figures/hourMap.js"
import { type LocalDay, localDays } from "../../model/LocalHours.js"
import * as Place from "../../model/Place.js"
import { type Measure, measureOf, measures } from "../../model/Selection.js"
import { isAllUnpublished, isValued, summarize } from "../../model/Summary.js"
import type { Table } from "../../model/Table.js"
import { valuesOf, valuesTable } from "../../model/valuesTable.js"
import * as words from "../../model/words.js"
import type { View } from "../../View.js"
import { Figure } from "../Figure.js"
import { Legend, tagsOf } from "../Legend.js"
import { noTable, notPublished, PanelFrame } from "./PanelFrame.js"

export const HoursPanel = ({ view }: { readonly view: View }) => {
  const measure = measureOf(view.choice.value)
  return (
    <PanelFrame
      title="Occupancy by hour"
      name="hours"
      panel={view.hours}
      onRetry={() => view.reload("hours")}
      show={({ place, data }) => {
        const series = data.series[measure].get(data.site)
        if (series === undefined || !series.buckets.some(isValued)) {
          return {
            headline: "",
            figure: undefined,
            empty:
              series !== undefined && isAllUnpublished([series])
                ? notPublished(place)
                : {
                    title: "There are no hourly values for this selection.",
                    hint: "Choose another time, or the group of everyone."
                  },
            ...noTable
          }
        }
        const days = localDays(series)
        const { busiest } = summarize(series)
        const largest = Math.max(busiest?.value ?? 0, 1)
        const headline =
          busiest === undefined
            ? ""
            : `Busiest hour: ${words.period(busiest, series)}, ${words.ofSeats(busiest.value, Place.capacityOf(place), measure)}`
        const changes = days.filter(({ hours }) => hours !== 24)
        return {
          headline,
          figure: (
            <Figure
              label={`Heat map of ${days.length} days by 24 hours. ${headline}. ${gapSentence(series)}The table has every value.`}
              inputs={[series, measure]}
              draw={(width, theme) =>
                hourMap.draw({ days, measure, largest, id: "hours", width, theme })
              }
            />
          ),
          legend: (
            <Legend
              tags={tagsOf([series])}
              scale={{ unit: measures[measure].unit, largest: words.people(largest, measure) }}
            />
          ),
          table: () => matrix(days, measure),
          file: () => valuesTable([], place.building.zone, valuesOf(series)),
          ...(changes.length === 0
            ? {}
            : {
                note: `clocks change on ${changes.map(({ date, hours }) => `${words.dayOfMonth(date)} (${hours} hours)`).join(" and ")}`
              })
        }
      }}
    />
  )
}

const gapSentence = (series: Series.Series): string => {
  const count = series.buckets.filter((bucket) => !isValued(bucket)).length
  return count === 0 ? "" : `${words.count(count)} hours have no value. `
}

/**
 * The table of the figure: a row per day and a column per hour. The cell of a repeated hour shows
 * both values.
 */
const matrix = (days: ReadonlyArray<LocalDay>, measure: Measure): Table => ({
  columns: ["Day", ...Array.from({ length: 24 }, (_, hour) => words.hour(hour))],
  rows: days.map((day) => [
    words.day(day.date),
    ...Array.from({ length: 24 }, (_, hour) => {
      const cells = day.cells.filter((cell) => cell.hour === hour)
      return cells.length === 0
        ? "skipped"
        : cells
            .map(({ bucket }) =>
              isValued(bucket)
                ? words.people(bucket.value, measure)
                : words.bucketWords(bucket, measure)
            )
            .join(" / ")
    })
  ])
})
