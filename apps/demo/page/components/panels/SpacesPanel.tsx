/** Shows the twelve fullest spaces, ordered by the occupied share of their seats. */
import * as spaceBars from "../../figures/spaceBars.js"
import { type RankedSpace, rankSpaces } from "../../model/ranking.js"
import { type Measure, measureOf, measures } from "../../model/Selection.js"
import { isAllUnpublished } from "../../model/Summary.js"
import { valuesOf, valuesTable } from "../../model/valuesTable.js"
import * as words from "../../model/words.js"
import type { View } from "../../View.js"
import { Figure } from "../Figure.js"
import { noTable, notPublished, PanelFrame } from "./PanelFrame.js"

const limit = 12

export const SpacesPanel = ({ view }: { readonly view: View }) => {
  const measure = measureOf(view.choice.value)
  return (
    <PanelFrame
      title="Rooms and areas, fullest first"
      name="spaces"
      panel={view.spaces}
      onRetry={() => view.reload("spaces")}
      show={({ place, data }) => {
        const { ranked, unranked } = rankSpaces(place.zones, data.series[measure], limit)
        const [first] = ranked
        if (first === undefined) {
          return {
            headline: "",
            figure: undefined,
            empty: isAllUnpublished([...data.series[measure].values()])
              ? notPublished(place)
              : place.isEveryone
                ? {
                    title: "No room or area has a value for this time.",
                    hint: "Choose another time."
                  }
                : {
                    title: `The API has no rooms for the group ${place.groupName}.`,
                    hint: "The API may publish rooms only for everyone. Choose the group of everyone."
                  },
            ...noTable
          }
        }
        const headline = `${first.zone.name}: ${words.ofSeats(first.value, first.zone.capacity, measure)}`
        const partly = ranked.filter(({ summary }) => summary.measured < summary.published)
        return {
          headline: `${measures[measure].name} of the selected time. ${headline}`,
          figure: (
            <Figure
              label={`Bars: ${ranked.length} spaces by the share of their seats. Fullest: ${headline}. The table has every value.`}
              inputs={[data, measure]}
              draw={(width, theme) => spaceBars.draw({ spaces: ranked, measure, width, theme })}
            />
          ),
          legend:
            partly.length + unranked.length === 0 ? undefined : (
              <ul class="legend legend-notes">
                {partly.map(({ zone, summary }) => (
                  <li key={zone.id}>
                    <span class="swatch swatch-NotMeasured" aria-hidden="true" />
                    {zone.name}: measured on {summary.measured} of {summary.published} days
                  </li>
                ))}
                {unranked.map((zone) => (
                  <li key={zone.id}>
                    <span class="swatch swatch-NotMeasured" aria-hidden="true" />
                    {zone.name}: not measured
                  </li>
                ))}
              </ul>
            ),
          table: () => ({
            columns: ["Space", "Type", measures[measure].name, "Seats", "Share", "Measured days"],
            rows: ranked.map((space) => rowOf(space, measure))
          }),
          file: () =>
            valuesTable(
              ["space", "type", "seats"],
              place.building.zone,
              ranked.flatMap(({ series, zone }) =>
                valuesOf(series, [zone.name, zone.type, zone.capacity])
              )
            )
        }
      }}
    />
  )
}

const rowOf = ({ zone, value, share, summary }: RankedSpace, measure: Measure) => [
  zone.name,
  zone.type.replaceAll("_", " "),
  words.people(value, measure),
  zone.capacity,
  words.percent(share, 1),
  `${summary.measured} of ${summary.published}`
]
