/**
 * Draws the weekly frequency distribution: a bar for each number of days, and a mark on the bar at
 * the mean of the other weeks.
 */
import * as Plot from "@observablehq/plot"
import { type Counts, peopleOf } from "../../src/WeeklyFrequency.js"
import * as words from "../model/words.js"
import type { Theme } from "./Theme.js"

export interface Options {
  readonly counts: Counts
  /** The means of the other weeks, if there are any. */
  readonly others: Counts | undefined
  readonly width: number
  readonly theme: Theme
}

interface Bar {
  readonly days: number
  readonly people: number
  readonly share: string
  readonly title: string
  /**
   * The position of the bar's label on the vertical axis. The label is above the bar, or above the
   * mark of the mean if the mark would cross the label.
   */
  readonly label: number
}

export const draw = ({ counts, others, width, theme }: Options): SVGElement => {
  const people = peopleOf(counts)
  const top = Math.max(...counts, ...(others ?? []), 1)
  const bars = counts.map((count, index): Bar => {
    const share = words.percent(count, people)
    return {
      days: index + 1,
      people: count,
      share,
      label: labelAt(count, others?.[index], top),
      title: `${index + 1} ${index === 0 ? "day" : "days"}: ${words.count(count)} of ${words.count(people)} people (${share})`
    }
  })
  const means = (others ?? []).map((mean, index) => ({ days: index + 1, mean }))
  return Plot.plot({
    width,
    height: 300,
    marginLeft: 8,
    marginRight: 8,
    marginTop: 24,
    marginBottom: 40,
    style: {
      background: "transparent",
      color: theme.muted,
      fontFamily: theme.font,
      fontSize: "12px"
    },
    x: { type: "band", domain: [1, 2, 3, 4, 5, 6, 7], padding: 0.25, label: null },
    y: { domain: [0, top], axis: null },
    marks: [
      Plot.barY(bars, { x: "days", y: "people", fill: theme.data, rx1: 2 }),
      Plot.tickY(means, {
        x: "days",
        y: "mean",
        stroke: theme.accent,
        strokeWidth: 2.5,
        inset: -3
      }),
      Plot.ruleY([0], { stroke: theme.line }),
      Plot.text(bars, {
        x: "days",
        y: "label",
        text: ({ people }: Bar) => words.count(people),
        dy: -9,
        fill: theme.text,
        fontWeight: 600
      }),
      Plot.axisX({ tickSize: 0, label: null }),
      Plot.text(["days of the week on which a person came"], { frameAnchor: "bottom", dy: 34 }),
      Plot.tip(
        bars,
        Plot.pointerX({
          x: "days",
          y: "people",
          title: "title",
          fill: theme.surface,
          stroke: theme.line,
          lineHeight: 1.35
        })
      )
    ]
  }) as SVGElement
}

/** The position of a bar's label. The height of a label is about a twelfth of the figure. */
const labelAt = (count: number, mean: number | undefined, top: number): number =>
  mean !== undefined && mean > count && mean - count < top / 12 ? mean : count
