/** Rows as a table on the terminal. */
import type { Output } from "../frame/output.js"
import { cut, widthOf } from "./text.js"

export interface Column {
  readonly title: string
  readonly isNumber?: boolean
}

const gap = 2

/** The smallest width to which a column is shortened. */
const narrowestColumn = 6

/**
 * A table that fits into the width. If the columns do not fit, each row becomes lines of
 * `name value`.
 */
export const renderTable = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  { hasColor, isTerminal, width }: Pick<Output, "hasColor" | "width" | "isTerminal">
): string => {
  const widths = columns.map(({ title }, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[index] ?? "")), widthOf(title))
  )
  const spaces = gap * (columns.length - 1)
  let excess = isTerminal ? widths.reduce((sum, one) => sum + one, spaces) - width : 0
  // The widest column is shortened first.
  while (excess > 0) {
    const widest = widths.reduce(
      (best, one, index) => (one > (widths[best] ?? 0) ? index : best),
      0
    )
    const has = widths[widest] ?? 0
    if (has <= narrowestColumn) break
    const next = Math.max(...widths.filter((_, index) => index !== widest), narrowestColumn)
    const less = Math.min(excess, Math.max(has - next, 1))
    widths[widest] = Math.max(has - less, narrowestColumn)
    excess -= less
  }
  if (excess > 0) return renderRecords(columns, rows, width)
  const line = (cells: ReadonlyArray<string>) =>
    columns
      .map(({ isNumber }, index) => {
        const text = cut(cells[index] ?? "", widths[index] ?? 0)
        const padding = " ".repeat(Math.max((widths[index] ?? 0) - widthOf(text), 0))
        return isNumber === true ? padding + text : text + padding
      })
      .join(" ".repeat(gap))
      .trimEnd()
  const head = line(columns.map(({ title }) => title))
  return [hasColor ? `\u001b[1m${head}\u001b[22m` : head, ...rows.map(line), ""].join("\n")
}

/** The rows as lines of `name value`, for a terminal that is too narrow. */
const renderRecords = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  width: number
): string =>
  rows
    .map((row) =>
      columns
        .flatMap(({ title }, index) => [cut(title, width), cut(`  ${row[index] ?? ""}`, width)])
        .join("\n")
    )
    .join("\n\n")
    .concat(rows.length === 0 ? "" : "\n")
