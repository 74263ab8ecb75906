/** Draws one column of the rows as a heat map of local days and hours. */
import type { Output } from "../frame/output.js"
import type { Point } from "./plot.js"
import { cut, numberText, partsOf } from "./text.js"

const shades = ["·", "░", "▒", "▓", "█"]

/** 256 colors, from dark blue to yellow. */
const colors = [17, 19, 26, 38, 77, 148, 184, 226]

/**
 * A line for each local day and a column for each local hour. A cell with several values, such as
 * the hour that occurs twice in autumn, shows their mean. The line below the map says how many
 * cells show a mean.
 */
export const renderHeatMap = (
  points: ReadonlyArray<Point>,
  title: string,
  zone: string,
  { hasColor, width }: Pick<Output, "hasColor" | "width">
): string => {
  const days = new Map<string, Array<Array<number>>>()
  for (const { time, value } of points) {
    const { day, hour, month, year } = partsOf(time, zone)
    const date = `${year}-${month}-${day}`
    const cells = days.get(date) ?? Array.from({ length: 24 }, () => [])
    days.set(date, cells)
    if (value !== null) cells[Number(hour)]?.push(value)
  }
  const cells = [...days.values()].flat()
  const means = cells.flatMap((cell) => (cell.length === 0 ? [] : [meanOf(cell)]))
  if (means.length === 0) return `${cut(`${title}: no values`, width)}\n`
  const most = Math.max(...means)
  const least = Math.min(...means, 0)
  const span = most - least || 1
  const cellWidth = width >= 11 + 48 ? 2 : 1
  const shown = Math.min(24, Math.max(width - 11, 1))
  const shade = (cell: ReadonlyArray<number>): string => {
    if (cell.length === 0) return " ".repeat(cellWidth)
    const part = (meanOf(cell) - least) / span
    if (hasColor) {
      const color = colors[Math.min(Math.floor(part * colors.length), colors.length - 1)]
      return `\u001b[48;5;${color}m${" ".repeat(cellWidth)}\u001b[49m`
    }
    const index = part === 0 ? 0 : Math.min(1 + Math.floor(part * 4), 4)
    return (shades[index] ?? " ").repeat(cellWidth)
  }
  const hours = Array.from({ length: shown }, (_, hour) =>
    (hour % 6 === 0 ? String(hour) : "").padEnd(cellWidth)
  )
  const header = hours
    .reduce((text, label, hour) => {
      const at = hour * cellWidth
      return label.trim() === "" ? text : text.padEnd(at) + label.trim()
    }, "")
    .slice(0, shown * cellWidth)
  const several = cells.filter((cell) => cell.length > 1).length
  const lines = [...days].map(([date, cells]) =>
    `${date} ${cells.slice(0, shown).map(shade).join("")}`.trimEnd()
  )
  const notes = [
    `from ${numberText(least)} to ${numberText(most)}; hours of ${zone}; empty means no value`,
    ...(shown === 24 ? [] : [`hours from ${shown} on do not fit`]),
    ...(several === 0 ? [] : [`${several} cells show the mean of several values`])
  ]
  return [
    cut(title, width),
    `           ${header}`.slice(0, width),
    ...lines,
    ...notes.map((note) => cut(note, width)),
    ""
  ].join("\n")
}

const meanOf = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
