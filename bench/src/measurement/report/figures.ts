/** Computes the figures of the tables, and formats them for the documents. */
import type { Bar, Row, Table } from "../results.js"

export const median = (runs: ReadonlyArray<number>): number => {
  const sorted = [...runs].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

export const findRow = ({ rows }: Table, name: string): Row | undefined =>
  rows.find((row) => row.name === name)

export const medianOf = (table: Table, name: string): number => {
  const row = findRow(table, name)
  if (row === undefined) throw new Error(`The table "${table.title}" has no row "${name}"`)
  return median(row.runs)
}

export const ratioOf = (table: Table, row: string, against: string): number =>
  medianOf(table, row) / medianOf(table, against)

export const isMet = (table: Table, { against, atLeast, atMost, row }: Bar): boolean => {
  const ratio = ratioOf(table, row, against)
  return ratio <= (atMost ?? Number.POSITIVE_INFINITY) && ratio >= (atLeast ?? 0)
}

export const limitOf = ({ atLeast, atMost }: Bar): string =>
  atMost === undefined ? `at least ${atLeast}` : `at most ${format(atMost, 2)}`

export const format = (value: number, decimals: number): string =>
  value.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals
  })

/** Breaks text into lines that end by column 140. */
export const wrap = (text: string, indent = ""): string => {
  const lines: Array<string> = []
  let line = ""
  // Text between code marks stays on one line.
  for (const word of text.match(/(?:`[^`]*`|[^\s`])+/g) ?? []) {
    if (line !== "" && line.length + word.length + 1 > 140) {
      lines.push(line)
      line = indent + word
    } else {
      line += line === "" ? word : ` ${word}`
    }
  }
  return [...lines, line].join("\n")
}
