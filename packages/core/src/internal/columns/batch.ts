/** Functions that return some rows of a batch, or the strings of a column. */
import type { Column, ColumnBatch, Texts } from "../../ColumnBatch.js"

export const sliceOf = <Row>(
  batch: ColumnBatch<Row>,
  start: number,
  end = batch.length
): ColumnBatch<Row> => {
  const [from, to] = [within(start, batch.length), within(end, batch.length)]
  if (from === 0 && to === batch.length) return batch
  const columns: Array<readonly [string, Column]> = []
  for (const [name, column] of Object.entries<Column>(batch.columns)) {
    columns.push([name, sliceOfColumn(column, from, Math.max(from, to))])
  }
  // Each column keeps its kind.
  const sliced = Object.fromEntries(columns) as typeof batch.columns
  return { length: Math.max(0, to - from), columns: sliced }
}

/** A row of the batch. A negative `at` counts from the end, as in `Array.prototype.slice`. */
const within = (at: number, length: number): number =>
  at < 0 ? Math.max(0, length + at) : Math.min(length, at)

// The spread comes last. If a property followed it, V8 would make a hidden class for each column on
// Node 20.
const sliceOfColumn = (column: Column, from: number, to: number): Column => {
  const nulls = sliceOfValidity(column.validity, from, to)
  const { kind } = column
  switch (kind) {
    case "int32":
    case "date":
      return { kind, values: column.values.subarray(from, to), ...nulls }
    case "int64":
      return { kind, values: column.values.subarray(from, to), ...nulls }
    case "float64":
      return { kind, values: column.values.subarray(from, to), ...nulls }
    case "timestamp":
      return {
        kind,
        values: column.values.subarray(from, to),
        micros: column.micros?.subarray(from, to),
        ...nulls
      }
    case "boolean":
      return { kind, values: column.values.subarray(from, to), ...nulls }
    case "text":
    case "decimal":
    case "json": {
      const { bytes, codes, offsets } = column
      return {
        kind,
        bytes,
        // In a column with codes, any row can have any text, so a slice keeps all texts.
        offsets: codes === undefined ? offsets.subarray(from, to + 1) : offsets,
        codes: codes?.subarray(from, to),
        ...nulls
      }
    }
  }
}

const sliceOfValidity = (validity: Uint8Array | undefined, from: number, to: number) => {
  if (validity === undefined) return { validity, nullCount: 0 }
  const bits = new Uint8Array((to - from + 7) >> 3)
  let nullCount = to - from
  for (let row = from; row < to; row++) {
    if ((((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0) continue
    bits[(row - from) >> 3] = (bits[(row - from) >> 3] ?? 0) | (1 << ((row - from) & 7))
    nullCount--
  }
  return { validity: nullCount === 0 ? undefined : bits, nullCount }
}

export const stringsOf = (column: Texts): ReadonlyArray<string> => {
  const { bytes, offsets } = column
  const known = made.get(offsets)
  if (known !== undefined) return known
  const strings: Array<string> = new Array(Math.max(0, offsets.length - 1))
  for (let text = 0; text < strings.length; text++) {
    strings[text] = decoder.decode(bytes.subarray(offsets[text], offsets[text + 1]))
  }
  made.set(offsets, strings)
  return strings
}

/** The strings of columns. The key is `offsets`, because slices of a column with codes share it. */
const made = /* @__PURE__ */ new WeakMap<Int32Array, ReadonlyArray<string>>()

/** U+FEFF at the beginning of a text is a character of the text, and not a byte order mark. */
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true })
