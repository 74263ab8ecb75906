/** The rows of a page while they become columns. */
import type { Column } from "../../ColumnBatch.js"
import { ColumnBuilder } from "./builder.js"
import type { Field } from "./plan.js"
import { grown } from "./texts.js"

export class RowsBuilder {
  readonly columns: ReadonlyArray<ColumnBuilder>
  /** Where each row begins in the body. */
  starts: Int32Array
  /** Number of rows. */
  length = 0

  constructor(fields: ReadonlyArray<Field>, capacity: number) {
    this.columns = fields.map((field, index) => new ColumnBuilder(field, index, capacity))
    this.starts = new Int32Array(capacity)
  }

  /** Makes room for so many rows. */
  reserve(rows: number): void {
    if (rows <= this.starts.length) return
    const capacity = Math.max(rows, 2 * this.starts.length)
    this.starts = grown(this.starts, capacity)
    for (const column of this.columns) column.grow(capacity)
  }

  /** The first `count` columns, by name. */
  finish(count: number): { readonly [name: string]: Column } {
    return Object.fromEntries(
      this.columns.slice(0, count).map((column) => [column.field.name, column.finish(this.length)])
    )
  }
}

/**
 * Room for the rows of a body, so that the arrays rarely grow: as many as were requested, or as fit
 * into the body.
 */
export const capacityOf = (
  fields: ReadonlyArray<Field>,
  limit: number,
  bodySize: number
): number => {
  // `"name":0,` for each value.
  const leastRow = fields.reduce((size, { name }) => size + name.length + 5, 2)
  return Math.max(1, Math.min(limit, Math.ceil(bodySize / leastRow)))
}
