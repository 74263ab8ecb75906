/**
 * Shows the values of each floor over time as a line, and the busiest time of the floor with its
 * number of seats.
 */
import * as floorLines from "../../figures/floorLines.js"
import { type Measure, measureOf } from "../../model/Selection.js"
import { isAllUnpublished, isValued } from "../../model/Summary.js"
import type { Table } from "../../model/Table.js"
import { valuesOf, valuesTable } from "../../model/valuesTable.js"
import * as words from "../../model/words.js"
import type { View } from "../../View.js"
import { Figure } from "../Figure.js"
import { granularityNames } from "../Filters.js"
import { Legend, tagsOf } from "../Legend.js"
import { noTable, notPublished, PanelFrame } from "./PanelFrame.js"

export const FloorsPanel = ({ view }: { readonly view: View }) => {
  const measure = measureOf(view.choice.value)
  return (
    <PanelFrame
      title="Trend by floor"
      name="floors"
      panel={view.floors}
      onRetry={() => view.reload("floors")}
      show={({ place, data }) => {
        const lines = place.floors.flatMap((floor) => {
          const series = data[measure].get(floor.id)
          return series === undefined ? [] : [{ floor, series }]
        })
        const { granularity } = place.selection
        const note = `by ${granularityNames[granularity]}`
        if (!lines.some(({ series }) => series.buckets.some(isValued))) {
          return {
            headline: "",
            figure: undefined,
            empty: isAllUnpublished(lines.map(({ series }) => series))
              ? notPublished(place)
              : {
                  title: `There are no values by ${granularityNames[granularity]} for this time.`,
                  hint: "Choose another time or a longer granularity. The API may keep short ones only for some weeks."
                },
            ...noTable,
            note
          }
        }
        const sentences = lines.map(
          (line) => `${line.floor.name}: ${floorLines.busiestWords(line, measure)}`
        )
        return {
          headline: "Busiest time of each floor, marked by a dot, with its number of seats",
          figure: (
            <Figure
              label={`A line for each floor. ${sentences.join(". ")}. The table has every value.`}
              inputs={[data, measure]}
              draw={(width, theme) =>
                floorLines.draw({ lines, measure, id: "floors", width, theme })
              }
            />
          ),
          legend: <Legend tags={tagsOf(lines.map(({ series }) => series))} />,
          table: () => tableOf(lines, measure),
          file: () =>
            valuesTable(
              ["floor", "seats"],
              place.building.zone,
              lines.flatMap(({ floor, series }) => valuesOf(series, [floor.name, floor.capacity]))
            ),
          note
        }
      }}
    />
  )
}

const tableOf = (lines: ReadonlyArray<floorLines.FloorLine>, measure: Measure): Table => ({
  columns: ["Time", ...lines.map(({ floor }) => floor.name)],
  rows: (lines[0]?.series.buckets ?? []).map((bucket, index) => [
    lines[0] === undefined ? "" : words.period(bucket, lines[0].series),
    ...lines.map(({ floor, series }) => {
      const cell = series.buckets[index]
      if (cell === undefined) return ""
      return isValued(cell)
        ? words.ofSeats(cell.value, floor.capacity, measure)
        : words.bucketWords(cell, measure)
    })
  ])
})
