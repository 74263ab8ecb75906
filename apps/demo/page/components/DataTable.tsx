/** A table with its own scroll bar, which also works by keyboard. */
import type { Table } from "../model/Table.js"

interface Properties {
  readonly caption: string
  readonly table: Table
}

export const DataTable = ({ caption, table }: Properties) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users must be able to scroll.
  <section class="table-scroll" tabIndex={0} aria-label={caption}>
    <table>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {table.columns.map((column, index) => (
            <th
              scope="col"
              key={column}
              class={index > 0 && isNumber(table.rows[0]?.[index]) ? "number" : undefined}
            >
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row) => (
          <tr key={row.slice(0, 3).join(" ")}>
            {row.map((cell, index) =>
              index === 0 ? (
                <th scope="row" key={table.columns[index]}>
                  {cell}
                </th>
              ) : (
                <td key={table.columns[index]} class={isNumber(cell) ? "number" : undefined}>
                  {cell}
                </td>
              )
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

const isNumber = (cell: string | number | null | undefined): boolean => /^\d/.test(String(cell))
