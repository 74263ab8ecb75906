/**
 * The day-by-hour heat map: a column for each day, a row for each hour of the building's clock.
 */
import * as Plot from "@observablehq/plot"
import type { Cell, LocalDay } from "../model/LocalHours.js"
import { isRepeated } from "../model/LocalHours.js"
import type { Measure } from "../model/Selection.js"
import * as words from "../model/words.js"
import * as gaps from "./gaps.js"
import type { Theme } from "./Theme.js"

export interface Options {
  readonly days: ReadonlyArray<LocalDay>
  readonly measure: Measure
  /** The upper end of the colour scale. */
  readonly largest: number
  readonly id: string
  readonly width: number
  readonly theme: Theme
}

interface Placed {
  readonly day: number
  readonly top: number
  readonly bottom: number
  readonly cell: Cell
  readonly title: string
}

/** A narrow cell still has to be one that can be seen. */
const leastCell = 3
const margin = { left: 48, right: 8, top: 8, bottom: 36 }

export const draw = ({ days, measure, largest, id, width, theme }: Options): SVGElement => {
  const cells = days.flatMap((day, index) =>
    day.cells.map((cell) => place(day, index, cell, measure))
  )
  const inner = Math.max(width - margin.left - margin.right, days.length * leastCell)
  const inset = inner / days.length > 8 ? 0.75 : 0.25
  const changes = days.flatMap((day, index) =>
    day.hours === 24 ? [] : [{ day: index, hours: day.hours }]
  )
  return Plot.plot({
    width: inner + margin.left + margin.right,
    height: 360,
    marginLeft: margin.left,
    marginRight: margin.right,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    style: {
      background: "transparent",
      color: theme.muted,
      fontFamily: theme.font,
      fontSize: "12px"
    },
    x: { domain: [0, days.length], axis: null },
    y: { domain: [0, 24], reverse: true, axis: null },
    color: {
      type: "linear",
      domain: [0, largest],
      range: [...theme.scale],
      interpolate: "lab",
      clamp: true
    },
    marks: [
      gaps.definitions(id, theme),
      Plot.rect(cells.filter(isMeasured), {
        ...extent(inset),
        fill: ({ cell }: Placed) => cell.bucket.value
      }),
      Plot.rect(
        cells.filter(({ cell }) => cell.bucket._tag === "Zero"),
        { ...extent(inset), fill: theme.zero }
      ),
      ...(["NotMeasured", "NotPublished", "NotPermitted"] as const).map((reason) =>
        Plot.rect(
          cells.filter(({ cell }) => cell.bucket._tag === reason),
          {
            ...extent(0),
            fill: gaps.fill(id, reason)
          }
        )
      ),
      Plot.axisY([0, 3, 6, 9, 12, 15, 18, 21, 24], {
        tickFormat: words.hour,
        tickSize: 4,
        label: null
      }),
      Plot.axisX(dayTicks(days, inner), {
        tickFormat: (index: number) => dayLabel(days, index),
        tickSize: 0,
        label: null,
        dx: inner / days.length / 2
      }),
      Plot.text(changes, {
        x: ({ day }: { day: number }) => day + 0.5,
        frameAnchor: "bottom",
        dy: 32,
        text: ({ hours }: { hours: number }) => `${hours} h`,
        fill: theme.accent,
        fontWeight: 600
      }),
      Plot.tip(
        cells,
        Plot.pointer({
          x: ({ day }: Placed) => day + 0.5,
          y: ({ top, bottom }: Placed) => (top + bottom) / 2,
          title: ({ title }: Placed) => title,
          fill: theme.surface,
          stroke: theme.line
        })
      )
    ]
  }) as SVGElement
}

const extent = (inset: number) => ({
  x1: ({ day }: Placed) => day,
  x2: ({ day }: Placed) => day + 1,
  y1: ({ top }: Placed) => top,
  y2: ({ bottom }: Placed) => bottom,
  inset
})

/** Where clocks repeat an hour, its row is shared by both. */
const place = (day: LocalDay, index: number, cell: Cell, measure: Measure): Placed => {
  const half = isRepeated(day, cell.hour) ? 0.5 : 1
  const top = cell.hour + cell.turn * half
  const again = half === 1 ? "" : cell.turn === 0 ? " (first time)" : " (second time)"
  return {
    day: index,
    top,
    bottom: top + half,
    cell,
    title: `${words.day(day.date)}, ${words.hour(cell.hour)}${again}\n${words.bucketWords(cell.bucket, measure)}`
  }
}

const isMeasured = ({ cell }: Placed): boolean => cell.bucket._tag === "Measured"

const dayTicks = (days: ReadonlyArray<LocalDay>, width: number): ReadonlyArray<number> => {
  const indices = days.map((_, index) => index)
  if (days.length <= 7) return indices
  if (days.length > 60) return indices.filter((index) => days[index]?.date.endsWith("-01"))
  const step = Math.max(1, Math.ceil(22 / (width / days.length)))
  return indices.filter((index) => index % step === 0)
}

const dayLabel = (days: ReadonlyArray<LocalDay>, index: number): string => {
  const date = days[index]?.date ?? ""
  if (days.length <= 7) return words.weekday(date)
  if (days.length > 60) return words.month(date)
  return String(Number(date.slice(8)))
}
