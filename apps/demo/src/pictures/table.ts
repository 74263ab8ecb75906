/**
 * Tables with a frame.
 */
import Table from "cli-table3"
import { styled } from "../style.js"

/**
 * A column: its heading, how its cells are aligned, and, where long cells are wrapped, its width.
 */
export interface Column {
  readonly heading: string
  readonly align?: "left" | "right"
  /** In characters, a blank on either side included. Default: as wide as the widest cell. */
  readonly width?: number
}

/** A framed table, one line for each row unless a cell is wrapped. */
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
