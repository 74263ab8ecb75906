/** Draws heat maps. A row is one line, a cell has two characters, and a larger value is darker. */
import { type Style, styled } from "../style.js"
import { roundStep } from "./scale.js"

/** The data of a heat map. */
export interface HeatMap {
  /**
   * The names of the columns, of two characters each. An empty name means that the column has no
   * name.
   */
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<Row>
  /** The unit of the values, for the legend. */
  readonly unit: string
}

/** A line of the map. An undefined cell has no value, which differs from 0. */
export interface Row {
  readonly label: string
  readonly cells: ReadonlyArray<number | undefined>
}

interface Shade {
  readonly text: string
  readonly style: Style
}

const noValue: Shade = { text: "  ", style: "dim" }
const zero: Shade = { text: "· ", style: "dim" }

/** The shades, from small to large values. Each shade covers an equal part of the range. */
const shades: ReadonlyArray<Shade> = [
  { text: "░ ", style: "cyan" },
  { text: "░░", style: "cyan" },
  { text: "▒▒", style: "green" },
  { text: "▓▓", style: "yellow" },
  { text: "██", style: "red" }
]

/** The column names, the map and the legend, from top to bottom. */
export const heatMap = ({ columns, rows, unit }: HeatMap): string => {
  const step = roundStep(
    Math.max(0, ...rows.flatMap(({ cells }) => cells.filter(isValue))),
    shades.length
  )
  const labelWidth = Math.max(...rows.map(({ label }) => label.length))
  return [
    `${" ".repeat(labelWidth)}  ${columns.map((name) => name.padEnd(2)).join("")}`,
    ...rows.map(
      ({ label, cells }) =>
        `${label.padEnd(labelWidth)}  ${cells.map((value) => draw(shadeOf(value, step))).join("")}`
    ),
    "",
    legend(step),
    unit
  ]
    .map((line) => line.trimEnd())
    .join("\n")
}

const isValue = (cell: number | undefined): cell is number => cell !== undefined

const draw = ({ text, style }: Shade): string => styled(style, text)

const shadeOf = (value: number | undefined, step: number): Shade => {
  if (value === undefined) return noValue
  if (value <= 0) return zero
  return shades[Math.min(Math.ceil(value / step), shades.length) - 1] ?? zero
}

const legend = (step: number): string =>
  [
    "blank no value",
    `${draw(zero)}0`,
    ...shades.map((shade, index) => `${draw(shade)} to ${step * (index + 1)}`)
  ].join("  ")
