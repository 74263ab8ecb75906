/**
 * Draws the fullest spaces. Each space has a bar, on a track that represents all seats of the
 * space.
 */
import * as Plot from "@observablehq/plot"
import type { RankedSpace } from "../model/ranking.js"
import type { Measure } from "../model/Selection.js"
import * as words from "../model/words.js"
import type { Theme } from "./Theme.js"

export interface Options {
  readonly spaces: ReadonlyArray<RankedSpace>
  readonly measure: Measure
  readonly width: number
  readonly theme: Theme
}

const rowHeight = 40

export const draw = ({ spaces, measure, width, theme }: Options): SVGElement => {
  const top = Math.max(1, ...spaces.map(({ share }) => share))
  const row = ({ zone }: RankedSpace) => zone.id
  return Plot.plot({
    width,
    height: spaces.length * rowHeight + 8,
    marginLeft: 0,
    marginRight: 0,
    marginTop: 0,
    marginBottom: 8,
    style: {
      background: "transparent",
      color: theme.text,
      fontFamily: theme.font,
      fontSize: "13px"
    },
    x: { domain: [0, top], axis: null },
    y: { type: "band", domain: spaces.map(row), axis: null, padding: 0 },
    marks: [
      Plot.barX(spaces, {
        y: row,
        x1: 0,
        x2: 1,
        insetTop: 22,
        insetBottom: 8,
        fill: theme.zero,
        rx: 2
      }),
      Plot.barX(spaces, {
        y: row,
        x1: 0,
        x2: "share",
        insetTop: 22,
        insetBottom: 8,
        fill: theme.data,
        rx: 2
      }),
      // If a bar is longer than its track, a mark shows the number of seats.
      Plot.tickX(
        spaces.filter(({ share }) => share > 1),
        { y: row, x: 1, insetTop: 19, insetBottom: 5, stroke: theme.text }
      ),
      Plot.text(spaces, {
        y: row,
        frameAnchor: "left",
        textAnchor: "start",
        dy: -8,
        text: ({ zone }: RankedSpace) => zone.name,
        fontWeight: 500
      }),
      Plot.text(spaces, {
        y: row,
        frameAnchor: "right",
        textAnchor: "end",
        dy: -8,
        text: ({ value, zone, share }: RankedSpace) =>
          `${words.ofSeats(value, zone.capacity, measure)} · ${words.percent(share, 1)}`,
        fill: theme.muted
      })
    ]
  }) as SVGElement
}
