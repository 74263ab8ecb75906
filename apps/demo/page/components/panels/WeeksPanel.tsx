/** How often people come, by the vendor's documented query. */
import { useState } from "preact/hooks"
import { type Counts, peopleOf } from "../../../src/WeeklyFrequency.js"
import * as frequencyBars from "../../figures/frequencyBars.js"
import type { Week } from "../../model/Week.js"
import * as words from "../../model/words.js"
import type { View } from "../../View.js"
import { Figure } from "../Figure.js"
import { PanelFrame } from "./PanelFrame.js"

type Counted = Week & { readonly counts: Counts }

const isCounted = (week: Week): week is Counted => week.counts !== undefined

export const WeeksPanel = ({ view }: { readonly view: View }) => {
  const [chosen, setChosen] = useState<string>()
  return (
    <PanelFrame
      title="Weekly frequency"
      name="weeks"
      panel={view.weeks}
      onRetry={() => view.reload("weeks")}
      show={({ place, data }) => {
        const counted = data.filter(isCounted)
        const week = counted.find(({ monday }) => monday === chosen) ?? counted.at(-1)
        // The feature exists only for buildings.
        const note = place.floor === undefined ? undefined : "whole building"
        if (week === undefined) {
          const isEarly = data.length > 0 && data.every(({ isPublished }) => !isPublished)
          return {
            headline: "",
            figure: undefined,
            empty: isEarly
              ? {
                  title: "This week has not been published yet.",
                  hint: "A week is published after its end. Choose an earlier week."
                }
              : {
                  title: "There are no weekly values for this selection.",
                  hint: "Choose another time, or the group of everyone."
                },
            table: () => ({ columns: [], rows: [] }),
            ...(note === undefined ? {} : { note })
          }
        }
        const people = peopleOf(week.counts)
        const often = week.counts.slice(2).reduce((sum, count) => sum + count, 0)
        const others = meanOf(counted.filter((other) => other !== week))
        const headline = `${words.count(often)} of ${words.count(people)} people came on three days or more`
        return {
          headline,
          figure: (
            <>
              <label class="field field-inline">
                <span>Week of</span>
                <select
                  value={week.monday}
                  onChange={(event) => setChosen(event.currentTarget.value)}
                >
                  {data.map((each) => (
                    <option key={each.monday} value={each.monday} disabled={!isCounted(each)}>
                      {words.day(each.monday)}
                      {isCounted(each) ? "" : ` (${reasonOf(each)})`}
                    </option>
                  ))}
                </select>
              </label>
              <Figure
                label={`Bars: people by the number of days of the week on which they came. ${headline}. The table has every value.`}
                inputs={[week, others?.join(" ")]}
                draw={(width, theme) =>
                  frequencyBars.draw({ counts: week.counts, others, width, theme })
                }
              />
            </>
          ),
          legend:
            others === undefined ? undefined : (
              <ul class="legend">
                <li>
                  <span class="swatch swatch-mean" aria-hidden="true" />
                  mean of the other {counted.length - 1} {counted.length === 2 ? "week" : "weeks"}
                </li>
              </ul>
            ),
          table: () => ({
            columns: ["Week of", ...[1, 2, 3, 4, 5, 6, 7].map((days) => `${days} d`), "People"],
            rows: data.map((each) =>
              isCounted(each)
                ? [words.day(each.monday), ...each.counts, peopleOf(each.counts)]
                : [words.day(each.monday), reasonOf(each)]
            )
          }),
          ...(note === undefined ? {} : { note })
        }
      }}
    />
  )
}

const reasonOf = ({ isPublished }: Week): string =>
  words.gapWords[isPublished ? "NotMeasured" : "NotPublished"]

const meanOf = (weeks: ReadonlyArray<Counted>): Counts | undefined =>
  weeks.length === 0
    ? undefined
    : [0, 1, 2, 3, 4, 5, 6].map(
        (index) => weeks.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0) / weeks.length
      )
