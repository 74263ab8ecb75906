/** Shows on how many days of a week people come, with the query that the vendor documents. */
import type * as Series from "@innerspace-metrics/core/Series"
import * as DateTime from "effect/DateTime"
import { useState } from "preact/hooks"
import { type Counts, peopleOf } from "../../../src/WeeklyFrequency.js"
import * as frequencyBars from "../../figures/frequencyBars.js"
import type { Place } from "../../model/Place.js"
import { type Value, valuesTable } from "../../model/valuesTable.js"
import type { Week } from "../../model/Week.js"
import * as words from "../../model/words.js"
import type { View } from "../../View.js"
import { Figure } from "../Figure.js"
import { noTable, PanelFrame } from "./PanelFrame.js"

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
        // The feature is shown for the whole building, even if a floor is chosen.
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
            ...noTable,
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
          file: () => valuesTable(["days"], place.building.zone, data.flatMap(valuesOfWeek(place))),
          ...(note === undefined ? {} : { note })
        }
      }}
    />
  )
}

/** The numbers of people who came on one day, on two days, and so on. */
const valuesOfWeek =
  (place: Place) =>
  (week: Week): ReadonlyArray<Value> => {
    const start = DateTime.toUtc(
      DateTime.unsafeMakeZoned(`${week.monday}T00:00:00`, {
        timeZone: place.building.zone,
        adjustForTimeZone: true
      })
    )
    return [0, 1, 2, 3, 4, 5, 6].map((index) => {
      const people = week.counts?.[index] ?? null
      return {
        of: [index + 1],
        start,
        people,
        state: people === null ? gapOf(week) : people === 0 ? "Zero" : "Measured"
      }
    })
  }

const gapOf = ({ isPublished }: Week): Series.GapReason =>
  isPublished ? "NotMeasured" : "NotPublished"

const reasonOf = (week: Week): string => words.gapWords[gapOf(week)]

const meanOf = (weeks: ReadonlyArray<Counted>): Counts | undefined =>
  weeks.length === 0
    ? undefined
    : [0, 1, 2, 3, 4, 5, 6].map(
        (index) => weeks.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0) / weeks.length
      )
