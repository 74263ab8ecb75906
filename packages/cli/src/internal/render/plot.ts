/** Draws one column of the rows over time as a chart of block characters. */
import type { Output } from "../frame/output.js"
import { cut, localTime, numberText } from "./text.js"

export interface Point {
  readonly time: Date
  readonly value: number | null
}

const blocks = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

const height = 8

/**
 * Draws the chart. If there are more values than columns on the terminal, each column shows the
 * largest of several values, and a note below the chart says how many. Gaps stay empty, and a zero
 * is a line at the bottom.
 */
export const renderPlot = (
  points: ReadonlyArray<Point>,
  title: string,
  zone: string,
  { width }: Pick<Output, "width">
): string => {
  const values = points.map(({ value }) => value)
  const known = values.filter((value): value is number => value !== null)
  if (known.length === 0) return `${cut(`${title}: no values`, width)}\n`
  const top = Math.max(...known, 0)
  const bottom = Math.min(...known, 0)
  const labels = [numberText(top), numberText(bottom)]
  const labelWidth = Math.max(...labels.map((label) => label.length))
  const most = Math.max(width - labelWidth - 2, 8)
  const each = Math.max(Math.ceil(points.length / most), 1)
  const columns = Array.from({ length: Math.ceil(points.length / each) }, (_, index) => {
    const part = values
      .slice(index * each, (index + 1) * each)
      .filter((value): value is number => value !== null)
    return part.length === 0 ? null : Math.max(...part)
  })
  const span = top - bottom || 1
  const lines = Array.from({ length: height }, (_, row) => {
    const from = height - 1 - row
    const label = row === 0 ? labels[0] : row === height - 1 ? labels[1] : ""
    const text = columns
      .map((value) => {
        if (value === null) return " "
        const filled = ((value - bottom) / span) * height - from
        const level = Math.min(Math.max(Math.round(filled * 8), 0), 8)
        return level === 0 && from === 0 ? "▁" : (blocks[level] ?? " ")
      })
      .join("")
    return `${(label ?? "").padStart(labelWidth)} ${text}`.trimEnd()
  })
  const [first] = points
  const last = points.at(-1)
  const caption = `${first === undefined ? "" : localTime(first.time, zone)} to ${last === undefined ? "" : localTime(last.time, zone)}, ${zone}`
  const note = each === 1 ? "" : `each column shows the largest of ${each} values`
  return [cut(title, width), ...lines, caption, note]
    .filter((line) => line !== "")
    .map((line) => cut(line, width))
    .join("\n")
    .concat("\n")
}
