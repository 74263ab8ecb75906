/** Draws tables with a frame. */
import Table from "cli-table3"
import { styled } from "../style.js"

/** A column. Long cells are wrapped if it has a width. */
export interface Column {
  readonly heading: string
  readonly align?: "left" | "right"
  /**
   * The width in characters, including a blank on each side. Default: the width of the widest cell.
   */
  readonly width?: number
}

/** Draws a framed table. A row has one line, or more lines if a cell is wrapped. */
export const table = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): string => {
  const drawn = new Table({
    head: columns.map(({ heading }) => styled("bold", heading)),
    colAligns: columns.map(({ align }) => align ?? "left"),
    colWidths: columns.map(({ width }) => width ?? null),
    wordWrap: true,
    style: { head: [], border: [], compact: true }
  })
  drawn.push(...rows.map((row) => [...row]))
  return drawn.toString()
}
