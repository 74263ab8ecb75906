/** The heat map by hour: a column per day, and a row per hour in local time. */
import type * as Series from "@innerspace-metrics/core/Series"
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

/** The smallest visible width of a cell. */
const leastCell = 2
const margin = { left: 48, right: 8, top: 8, bottom: 36 }

export const draw = ({ days, measure, largest, id, width, theme }: Options): SVGElement => {
  const cells = days.flatMap((day, index) => placeDay(day, index, measure))
  const runs = gapAreas(cells)
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
      ...(days.length > 60
        ? many(cells, days.length, theme)
        : [
            Plot.rect(cells.filter(isMeasured), { ...extent(inset), fill: value }),
            Plot.rect(cells.filter(isZero), { ...extent(inset), fill: theme.zero })
          ]),
      ...(["NotMeasured", "NotPublished", "NotPermitted"] as const).map((reason) =>
        Plot.rect(
          runs.filter((run) => run.reason === reason),
          { ...extent(0), fill: gaps.fill(id, reason) }
        )
      ),
      Plot.rect(skippedHours(days), { ...extent(0), fill: theme.surface }),
      Plot.axisY([0, 3, 6, 9, 12, 15, 18, 21, 24], {
        tickFormat: words.hour,
        tickSize: 4,
        label: null
      }),
      Plot.axisX(dayTicks(days, inner), {
        tickFormat: (index: number) => dayLabel(days, index, inner),
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
          stroke: theme.line,
          lineHeight: 1.35
        })
      )
    ]
  }) as SVGElement
}

/**
 * Draws the cells of a long span. A document with an element for each hour of a year is slow. The
 * measured cells are therefore one image, on a background of zeros. If the clock repeats an hour,
 * both hours share a pixel of the image, so both are drawn on top of the image.
 */
const many = (
  cells: ReadonlyArray<Placed>,
  days: number,
  theme: Theme
): ReadonlyArray<Plot.Markish> => [
  Plot.rect([{ day: 0, top: 0, bottom: 24 }], { ...extent(0), x2: days, fill: theme.zero }),
  Plot.raster(cells.filter(isMeasured), {
    x: ({ day }: Placed) => day + 0.5,
    y: ({ top }: Placed) => top + 0.5,
    fill: value,
    x1: 0,
    x2: days,
    y1: 0,
    y2: 24,
    width: days,
    height: 24,
    imageRendering: "pixelated"
  }),
  Plot.rect(cells.filter(isHalf).filter(isMeasured), { ...extent(0), fill: value }),
  Plot.rect(cells.filter(isHalf).filter(isZero), { ...extent(0), fill: theme.zero })
]

interface Area {
  readonly day: number
  readonly top: number
  readonly bottom: number
}

const extent = (inset: number) => ({
  x1: ({ day }: Area) => day,
  x2: ({ day }: Area) => day + 1,
  y1: ({ top }: Area) => top,
  y2: ({ bottom }: Area) => bottom,
  inset
})

const value = ({ cell }: Placed): number | null => cell.bucket.value

const isMeasured = ({ cell }: Placed): boolean => cell.bucket._tag === "Measured"

const isZero = ({ cell }: Placed): boolean => cell.bucket._tag === "Zero"

const isHalf = ({ top, bottom }: Placed): boolean => bottom - top < 1

interface GapArea extends Area {
  readonly reason: Series.GapReason
}

/** One area for consecutive hours of a day that have no value for the same reason. */
const gapAreas = (cells: ReadonlyArray<Placed>): ReadonlyArray<GapArea> => {
  const areas: Array<GapArea> = []
  for (const { day, top, bottom, cell } of cells) {
    const { _tag: reason } = cell.bucket
    if (reason === "Measured" || reason === "Zero") continue
    const last = areas.at(-1)
    if (last?.day === day && last.reason === reason && last.bottom === top) {
      areas[areas.length - 1] = { ...last, bottom }
    } else areas.push({ day, top, bottom, reason })
  }
  return areas
}

/** The hours that the clock skipped. */
const skippedHours = (days: ReadonlyArray<LocalDay>): ReadonlyArray<Area> =>
  days.flatMap(({ cells, hours }, day) => {
    if (hours >= 24) return []
    const shown = new Set(cells.map(({ hour }) => hour))
    return Array.from({ length: 24 }, (_, hour) => hour)
      .filter((hour) => !shown.has(hour))
      .map((hour) => ({ day, top: hour, bottom: hour + 1 }))
  })

/** Places the hours of a day. If the clock repeats an hour, both hours share one row. */
const placeDay = (day: LocalDay, index: number, measure: Measure): ReadonlyArray<Placed> => {
  const name = words.day(day.date)
  return day.cells.map((cell) => {
    const half = isRepeated(day, cell.hour) ? 0.5 : 1
    const top = cell.hour + cell.turn * half
    const again = half === 1 ? "" : cell.turn === 0 ? " (first time)" : " (second time)"
    return {
      day: index,
      top,
      bottom: top + half,
      cell,
      title: `${name}, ${words.hour(cell.hour)}${again}\n${words.bucketWords(cell.bucket, measure)}`
    }
  })
}

const dayTicks = (days: ReadonlyArray<LocalDay>, width: number): ReadonlyArray<number> => {
  const indices = days.map((_, index) => index)
  if (days.length <= 7) return indices
  if (days.length > 60) return indices.filter((index) => days[index]?.date.endsWith("-01"))
  const step = Math.max(1, Math.ceil(22 / (width / days.length)))
  return indices.filter((index) => index % step === 0)
}

const dayLabel = (days: ReadonlyArray<LocalDay>, index: number, width: number): string => {
  const date = days[index]?.date ?? ""
  if (days.length <= 7) return width < 400 ? words.weekday(date) : words.weekdayOfMonth(date)
  if (days.length > 60) return words.month(date)
  return String(Number(date.slice(8)))
}
