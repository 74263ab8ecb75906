/**
 * Draws a line for each floor. The lines are one below the other and share one scale. Where a floor
 * has no values, the line stops, and a pattern shows why.
 */
import type * as Series from "@innerspace-metrics/core/Series"
import * as Plot from "@observablehq/plot"
import * as DateTime from "effect/DateTime"
import type { Floor } from "../model/Directory.js"
import type { Measure } from "../model/Selection.js"
import { type GapRun, gapsOf, isValued, summarize } from "../model/Summary.js"
import * as words from "../model/words.js"
import * as gaps from "./gaps.js"
import type { Theme } from "./Theme.js"

export interface FloorLine {
  readonly floor: Floor
  readonly series: Series.Series
}

export interface Options {
  readonly lines: ReadonlyArray<FloorLine>
  readonly measure: Measure
  readonly id: string
  readonly width: number
  readonly theme: Theme
}

interface Point {
  readonly row: string
  readonly x: number
  /** The value. For a gap it is NaN, which breaks the line. */
  readonly y: number
  /** Whether both neighbours have no value, so that no line can be drawn. */
  readonly isAlone: boolean
  readonly bucket: Series.Bucket
  readonly title: string
}

interface Gap extends GapRun {
  readonly row: string
}

/**
 * The height of a row, which shows one floor. Rows share the height of the figure, but many rows
 * make the figure higher.
 */
const rowHeight = (rows: number): number => Math.max(112, Math.min(240, 432 / rows))

export const draw = ({ lines, measure, id, width, theme }: Options): SVGElement => {
  const points = lines.flatMap((line) => pointsOf(line, measure))
  const gapRuns = lines.flatMap(
    ({ floor, series }): ReadonlyArray<Gap> =>
      gapsOf(series).map((run) => ({ ...run, row: floor.name }))
  )
  const capacities = lines.flatMap(({ floor }) =>
    floor.capacity === null ? [] : [{ row: floor.name, capacity: floor.capacity }]
  )
  const start = Math.min(
    ...lines.flatMap(({ series }) => series.buckets[0]?.start.epochMillis ?? [])
  )
  const end = Math.max(
    ...lines.flatMap(({ series }) => series.buckets.at(-1)?.end.epochMillis ?? [])
  )
  const values = points.filter(({ y }) => !Number.isNaN(y))
  // The axis ends at the largest value. Averages are far below the number of seats, so their lines
  // would be flat on an axis up to the number of seats.
  const top = Math.max(...values.map(({ y }) => y), 1) * 1.05
  const seatLines = capacities.filter(({ capacity }) => capacity <= top)
  const ticks = ticksOf(lines, width)
  return Plot.plot({
    width,
    height: lines.length * rowHeight(lines.length) + 52,
    marginLeft: 40,
    marginRight: 12,
    marginTop: 28,
    marginBottom: 24,
    style: {
      background: "transparent",
      color: theme.muted,
      fontFamily: theme.font,
      fontSize: "12px"
    },
    x: { domain: [start, end], axis: null },
    y: { domain: [0, top], axis: null },
    fy: { domain: lines.map(({ floor }) => floor.name), axis: null, padding: 0.26 },
    marks: [
      gaps.definitions(id, theme),
      Plot.axisY({ ticks: 3, tickSize: 0, label: null }),
      Plot.gridY({ ticks: 3, stroke: theme.line, strokeOpacity: 1 }),
      ...(["NotMeasured", "NotPublished", "NotPermitted"] as const).map((reason) =>
        Plot.rect(
          gapRuns.filter((run) => run.reason === reason),
          {
            fy: "row",
            x1: "start",
            x2: "end",
            y1: 0,
            y2: top,
            fill: gaps.fill(id, reason)
          }
        )
      ),
      Plot.ruleY(seatLines, {
        fy: "row",
        y: "capacity",
        stroke: theme.muted,
        strokeDasharray: "3 3"
      }),
      Plot.areaY(points, {
        fy: "row",
        x: "x",
        y1: 0,
        y2: "y",
        fill: theme.data,
        fillOpacity: 0.14
      }),
      Plot.lineY(points, { fy: "row", x: "x", y: "y", stroke: theme.data, strokeWidth: 2 }),
      Plot.dot(
        points.filter(({ isAlone }) => isAlone),
        { fy: "row", x: "x", y: "y", r: 2.5, fill: theme.data }
      ),
      Plot.dot(busiest(lines, points), {
        fy: "row",
        x: "x",
        y: "y",
        r: 4,
        fill: theme.accent,
        stroke: theme.surface
      }),
      Plot.text(lines, {
        fy: ({ floor }: FloorLine) => floor.name,
        text: ({ floor }: FloorLine) => floor.name,
        frameAnchor: "top-left",
        textAnchor: "start",
        dx: -40,
        dy: -16,
        fontSize: 14,
        fontWeight: 600,
        fill: theme.text
      }),
      Plot.text(lines, {
        fy: ({ floor }: FloorLine) => floor.name,
        text: (line: FloorLine) => busiestWords(line, measure),
        frameAnchor: "top-right",
        textAnchor: "end",
        dy: -16,
        // On a telephone, a larger text with an hour would overlap the name of the floor.
        fontSize: width < 340 ? 12 : 14
      }),
      Plot.axisX(
        ticks.map(({ at }) => at),
        {
          tickFormat: (at: number) => ticks.find((tick) => tick.at === at)?.label ?? "",
          tickSize: 4,
          label: null
        }
      ),
      Plot.tip(
        points,
        Plot.pointerX({
          fy: "row",
          x: "x",
          y: ({ y }: Point) => (Number.isNaN(y) ? 0 : y),
          title: "title",
          fill: theme.surface,
          stroke: theme.line,
          lineHeight: 1.35
        })
      )
    ]
  }) as SVGElement
}

const pointsOf = ({ floor, series }: FloorLine, measure: Measure): ReadonlyArray<Point> =>
  series.buckets.map((bucket, index) => {
    const valued = (at: number) => {
      const neighbour = series.buckets[at]
      return neighbour !== undefined && isValued(neighbour)
    }
    return {
      row: floor.name,
      // A point is at the middle of its period, because the value describes the whole period.
      x: (bucket.start.epochMillis + bucket.end.epochMillis) / 2,
      y: bucket.value ?? Number.NaN,
      isAlone: isValued(bucket) && !valued(index - 1) && !valued(index + 1),
      bucket,
      title: `${floor.name}, ${words.period(bucket, series)}\n${
        isValued(bucket) && bucket.value > 0
          ? words.ofSeats(bucket.value, floor.capacity, measure)
          : words.bucketWords(bucket, measure)
      }`
    }
  })

/** The busiest time of a floor, such as `78 of 90 seats, Wed 4 Jun`. */
export const busiestWords = ({ floor, series }: FloorLine, measure: Measure): string => {
  const { busiest } = summarize(series)
  return busiest === undefined
    ? "no values"
    : `${words.ofSeats(busiest.value, floor.capacity, measure)}, ${words.period(busiest, series)}`
}

const busiest = (
  lines: ReadonlyArray<FloorLine>,
  points: ReadonlyArray<Point>
): ReadonlyArray<Point> =>
  lines.flatMap(({ floor, series }) => {
    const { busiest } = summarize(series)
    return points.filter(({ row, bucket }) => row === floor.name && bucket === busiest)
  })

interface Tick {
  readonly at: number
  readonly label: string
}

/**
 * The ticks of the time axis: local midnights, or the first days of months in a long span. There
 * are only as many ticks as labels fit.
 */
const ticksOf = (lines: ReadonlyArray<FloorLine>, width: number): ReadonlyArray<Tick> => {
  const series = lines[0]?.series
  const first = series?.buckets[0]
  const last = series?.buckets.at(-1)
  if (series === undefined || first === undefined || last === undefined) return []
  const end = last.end.epochMillis
  const isLong = end - first.start.epochMillis > 60 * 86_400_000
  const step = isLong ? { months: 1 } : { days: 1 }
  const candidates: Array<Tick> = []
  let at = DateTime.startOf(DateTime.setZone(first.start, series.zone), isLong ? "month" : "day")
  while (at.epochMillis < end) {
    const date = DateTime.formatIsoDate(at)
    if (at.epochMillis >= first.start.epochMillis) {
      candidates.push({
        at: at.epochMillis,
        label: isLong ? words.month(date) : words.dayOfMonth(date)
      })
    }
    at = DateTime.add(at, step)
  }
  // A tick near the right edge is left out, because its label would be cut.
  const fits = ({ at }: Tick) => ((end - at) / (end - first.start.epochMillis)) * width > 20
  const every = Math.max(1, Math.ceil((candidates.length * (isLong ? 32 : 56)) / width))
  return candidates.filter((tick, index) => index % every === 0 && fits(tick))
}
