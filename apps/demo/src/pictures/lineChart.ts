/** Draws a line chart of values at equal distances, such as the weeks of a year. */
import plot from "simple-ascii-chart"
import { roundStep } from "./scale.js"

/** The data of a chart. */
export interface LineChart {
  /** One value per step. No value may be missing or negative. */
  readonly values: ReadonlyArray<number>
  /** The names of some steps, by the index of the step. */
  readonly names: ReadonlyMap<number, string>
}

/**
 * Draws a chart. Each step has the width of one character. On the vertical axis, the numbers are
 * two lines apart.
 */
export const lineChart = ({ values, names }: LineChart): string => {
  const largest = Math.max(...values, 1)
  const step = roundStep(largest, 5)
  const ticks = Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => index * step)
  return plot(
    values.map((value, index): [number, number] => [index, value]),
    {
      width: values.length,
      height: 2 * ticks.length - 1,
      yRange: [0, Math.max(...ticks)],
      customXAxisTicks: [...names.keys()],
      customYAxisTicks: ticks,
      formatter: (value, { axis }) => (axis === "x" ? (names.get(value) ?? "") : String(value)),
      symbols: { axis: { n: " ", e: " " } }
    }
  )
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n")
}
