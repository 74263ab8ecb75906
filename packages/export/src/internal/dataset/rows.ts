/** The rows of a part in memory: their keys, their order, and the comparison of two reads. */
import type { Batch } from "../columns/batch.js"
import type { ColumnType, FileColumn, Value } from "../columns/column.js"
import { formatInstant } from "../columns/instant.js"
import type { TableDefinition } from "./definition.js"
import type { Key, Restated, Shown } from "./reported.js"

/** Joins several batches into one batch. */
export const concat = (columns: number, batches: ReadonlyArray<Batch>): Batch => ({
  length: batches.reduce((length, batch) => length + batch.length, 0),
  values: Array.from({ length: columns }, (_, index) =>
    batches.flatMap((batch) => batch.values[index] ?? [])
  )
})

const take = ({ values }: Batch, rows: ReadonlyArray<number>): Batch => ({
  length: rows.length,
  values: values.map((list) => rows.map((row) => list[row] ?? null))
})

/** The key of a row as text. Different keys have different texts. */
export const keyText = (batch: Batch, key: ReadonlyArray<number>, row: number): string => {
  let text = ""
  for (const column of key) {
    const value = String(batch.values[column]?.[row])
    text += `${value.length}:${value}`
  }
  return text
}

/** Epoch milliseconds of a row's time, without its microseconds. */
export const timeOf = (batch: Batch, { key }: TableDefinition, row: number): number => {
  const value = batch.values[key[0] ?? 0]?.[row]
  return typeof value === "bigint" ? Number(value / 1_000n) : Number.NaN
}

/** The rows in the order of their keys, so that the same rows give the same file. */
const sorted = (batch: Batch, key: ReadonlyArray<number>): Batch => {
  const lists = key.flatMap((column) => batch.values[column] ?? [])
  const columns = key.map((_, index) =>
    lists.slice(index * batch.length, (index + 1) * batch.length)
  )
  const rows = Array.from({ length: batch.length }, (_, row) => row)
  rows.sort((one, other) => {
    for (const column of columns) {
      const difference = order(column[one] ?? null, column[other] ?? null)
      if (difference !== 0) return difference
    }
    return one - other
  })
  return rows.every((row, index) => row === index) ? batch : take(batch, rows)
}

const order = (one: Value | null, other: Value | null): number => {
  if (one === other) return 0
  if (one === null || other === null) return one === null ? 1 : -1
  return one < other ? -1 : 1
}

export interface Comparison {
  /** All rows that the part has now. */
  readonly rows: Batch
  readonly added: number
  /** New rows for periods up to the last period that was already stored. */
  readonly late: ReadonlyArray<Key>
  readonly restated: ReadonlyArray<Restated>
  readonly withdrawn: ReadonlyArray<Key>
}

/**
 * Replaces the old rows of a span with the rows that were read again, and compares rows with the
 * same key. Old rows outside the span stay.
 */
export const compare = (
  table: TableDefinition,
  before: Batch,
  after: Batch,
  span: {
    readonly from: number
    readonly until: number
    readonly publishedUntil: number
    readonly isCompared: (column: string) => boolean
  }
): Comparison => {
  const { columns, key } = table
  // Key texts take more memory than rows, so they are created only for rows that are compared.
  const oldRows = new Map<string, number>()
  const kept: Array<number> = []
  for (let row = 0; row < before.length; row++) {
    const time = timeOf(before, table, row)
    if (time >= span.from && time < span.until) oldRows.set(keyText(before, key, row), row)
    else kept.push(row)
  }
  const values = columns.flatMap((column, index) =>
    key.includes(index) || !span.isCompared(column.name) ? [] : [{ column, index }]
  )
  const late: Array<Key> = []
  const restated: Array<Restated> = []
  let added = 0
  for (let row = 0; row < after.length; row++) {
    const text = oldRows.size === 0 ? "" : keyText(after, key, row)
    const old = oldRows.get(text)
    if (old === undefined) {
      added++
      if (timeOf(after, table, row) < span.publishedUntil) late.push(keyOf(table, after, row))
      continue
    }
    oldRows.delete(text)
    for (const { column, index } of values) {
      const was = before.values[index]?.[old] ?? null
      const is = after.values[index]?.[row] ?? null
      if (isSame(column.type, was, is)) continue
      restated.push({
        key: keyOf(table, after, row),
        column: column.name,
        before: show(column.type, was),
        after: show(column.type, is)
      })
    }
  }
  return {
    rows: sorted(
      kept.length === 0 ? after : concat(columns.length, [take(before, kept), after]),
      key
    ),
    added,
    late,
    restated,
    withdrawn: [...oldRows.values()].map((row) => keyOf(table, before, row))
  }
}

export const keyOf = ({ columns, key }: TableDefinition, batch: Batch, row: number): Key =>
  Object.fromEntries(
    key.flatMap((index) => {
      const column = columns[index]
      return column === undefined
        ? []
        : [[column.name, show(column.type, batch.values[index]?.[row] ?? null)]]
    })
  )

const show = (type: ColumnType, value: Value | null): Shown =>
  typeof value === "bigint" ? (type === "instant" ? formatInstant(value) : String(value)) : value

/**
 * Whether two values are the same. Null equals null, NaN equals NaN, and 0 equals -0.
 */
const isSame = (type: ColumnType, one: Value | null, other: Value | null): boolean =>
  one === other ||
  (Number.isNaN(one) && Number.isNaN(other)) ||
  (type === "json" && one !== null && other !== null && normal(one) === normal(other))

/**
 * JSON with the keys of its objects sorted, because PostgreSQL does not keep the order of keys in
 * `jsonb`.
 */
const normal = (json: Value): string =>
  JSON.stringify(JSON.parse(String(json)), (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value
  )

/**
 * Returns the rows with the columns of a newer version of the table. A column that the old version
 * did not have is null in all rows.
 */
export const withColumns = (
  batch: Batch,
  from: ReadonlyArray<FileColumn>,
  to: ReadonlyArray<FileColumn>
): Batch => ({
  length: batch.length,
  values: to.map(({ name, type }) => {
    const index = from.findIndex((column) => column.name === name && column.type === type)
    return batch.values[index] ?? new Array<null>(batch.length).fill(null)
  })
})
