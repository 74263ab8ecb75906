/** Parquet files by hyparquet-writer. This module sets the Parquet type of each column. */
import { gzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import type { SchemaElement } from "hyparquet"
import { ByteWriter, ParquetWriter } from "hyparquet-writer"
import { ExportError } from "../../ExportError.js"
import type { Batch } from "../columns/batch.js"
import type { ColumnType, FileColumn, Value } from "../columns/column.js"
import type { Sink } from "../files/atomicFile.js"
import type { Encoder, Format } from "./target.js"

/** How the pages of a Parquet file are compressed. */
export type ParquetCompression = "snappy" | "gzip" | "none"

/**
 * The number of rows of a row group. An export of 7 million rows took 239 MB of memory with this
 * size, and 986 MB with groups of a million rows.
 */
const rowGroupSize = 100_000

const codecs = { snappy: "SNAPPY", gzip: "GZIP", none: "UNCOMPRESSED" } as const

export const parquet =
  (path: string, compression: ParquetCompression): Format =>
  (columns, sink) =>
    Effect.sync(() => makeEncoder(path, compression, columns, sink))

const makeEncoder = (
  path: string,
  compression: ParquetCompression,
  columns: ReadonlyArray<FileColumn>,
  sink: Sink
): Encoder => {
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    codec: codecs[compression],
    compressors: { GZIP: (input) => gzipSync(input) },
    // Statistics contain whole values, because some readers use a shortened statistic as a value.
    statisticsTruncateLength: Number.POSITIVE_INFINITY,
    // This text contains no version and no time, so the same rows give the same bytes.
    createdBy: "innerspace-metrics"
  })
  let held = emptyBuffers(columns)
  let count = 0

  /** Passes the bytes on, so that a file is never in memory as a whole. */
  const flush = Effect.suspend(() => {
    const ready = bytes.getBytes().slice()
    bytes.index = 0
    return sink.write(ready)
  })
  const encode = (run: () => void): Effect.Effect<void, ExportError> =>
    Effect.zipRight(
      Effect.try({
        try: run,
        catch: (cause) =>
          new ExportError({
            reason: "InvalidSelection",
            problem: `Could not encode ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
            hint: "Report it with the query: the types of its columns do not fit its values",
            path
          })
      }),
      flush
    )
  const writeGroup = Effect.suspend(() => {
    const group = held
    const size = count
    held = emptyBuffers(columns)
    count = 0
    return size === 0
      ? Effect.void
      : encode(() => {
          writer.write({
            columnData: columns.map(({ name, type }, index) => {
              const data = encodeValues(type, group[index] ?? [])
              return { name, data, statistics: hasStatistics(type, data) }
            }),
            rowGroupSize
          })
        })
  })
  const add = (batch: Batch, from: number, to: number): void => {
    for (const [index, list] of held.entries()) {
      const values = batch.values[index] ?? []
      for (let row = from; row < to; row++) list.push(values[row] ?? null)
    }
    count += to - from
  }
  return {
    write: (batch) =>
      Effect.iterate(0, {
        while: (from) => from < batch.length,
        body: (from) =>
          Effect.suspend(() => {
            const to = Math.min(batch.length, from + rowGroupSize - count)
            add(batch, from, to)
            return Effect.as(count === rowGroupSize ? writeGroup : Effect.void, to)
          })
      }),
    end: Effect.zipRight(
      writeGroup,
      encode(() => {
        writer.finish()
      })
    )
  }
}

const emptyBuffers = (columns: ReadonlyArray<FileColumn>): ReadonlyArray<Array<Value | null>> =>
  columns.map(() => [])

const schemaOf = (columns: ReadonlyArray<FileColumn>): Array<SchemaElement> => [
  { name: "root", num_children: columns.length },
  ...columns.map(
    ({ isNullable, name, type }): SchemaElement => ({
      name,
      repetition_type: isNullable ? "OPTIONAL" : "REQUIRED",
      ...physical[type]
    })
  )
]

type Physical = Pick<SchemaElement, "type" | "converted_type" | "logical_type">

const utf8: Physical = {
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  logical_type: { type: "STRING" }
}

const physical: { readonly [Type in ColumnType]: Physical } = {
  boolean: { type: "BOOLEAN" },
  int32: { type: "INT32" },
  int64: { type: "INT64" },
  float64: { type: "DOUBLE" },
  // `isAdjustedToUTC` makes the value a point in time. Without it, readers treat the value as a
  // local time.
  instant: {
    type: "INT64",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" }
  },
  date: { type: "INT32", converted_type: "DATE", logical_type: { type: "DATE" } },
  // DECIMAL requires a precision, and the catalogue does not know it.
  decimal: utf8,
  // These values are JSON texts already. If the column had the writer's type for JSON, the writer
  // would encode them again.
  json: utf8,
  text: utf8
}

const encodeValues = (
  type: ColumnType,
  values: ReadonlyArray<Value | null>
): Array<Value | null> =>
  type === "date"
    ? values.map((value) => (typeof value === "string" ? Date.parse(value) / 86_400_000 : null))
    : // The writer does not change the array, so the cast to a mutable array is safe.
      (values as Array<Value | null>)

/**
 * Whether the values of a row group have statistics. If a row group with NaN had statistics, a
 * reader would skip it, because NaN is never within the smallest and the largest value. Statistics
 * of JSON would only make the file larger.
 */
const hasStatistics = (type: ColumnType, values: ReadonlyArray<Value | null>): boolean =>
  type === "float64" ? !values.some(Number.isNaN) : type !== "json"
