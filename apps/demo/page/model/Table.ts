/** The data of a figure as a table, for screen readers and for export. */
export interface Table {
  readonly columns: ReadonlyArray<string>
  /** The first cell names the row. */
  readonly rows: ReadonlyArray<ReadonlyArray<string | number | null>>
}

/**
 * Formats a table as CSV (RFC 4180). An apostrophe is put before a cell that looks like a formula.
 */
export const toCsv = ({ columns, rows }: Table): string =>
  [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")

const cell = (value: string | number | null): string => {
  if (value === null) return ""
  if (typeof value === "number") return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
