/** The rows of a question as a table. */
import type { Output } from "../frame/output.js"
import type { Question } from "../question/question.js"
import { renderTable } from "./table.js"
import { cellText } from "./text.js"

type Row = { readonly [column: string]: unknown }

const numbers: ReadonlySet<string> = new Set([
  "Int",
  "smallint",
  "bigint",
  "numeric",
  "float8",
  "Float"
])

export const renderRows = (
  { columns, table, zone }: Pick<Question, "columns" | "table" | "zone">,
  rows: ReadonlyArray<Row>,
  output: Output
): string =>
  renderTable(
    columns.map((name) => {
      const type = table.columns[name]?.scalar.name ?? ""
      return {
        title: type === "timestamptz" ? `${name} (${zone})` : name,
        isNumber: numbers.has(type)
      }
    }),
    rows.map((row) => columns.map((name) => cellText(row[name], { zone }))),
    output
  )
