/**
 * Parquet files, with typed and compressed columns, for DuckDB, Spark, pandas and data warehouses.
 */
import type { Writable } from "node:stream"
import type * as Export from "./Export.js"
import { type ParquetCompression, parquet } from "./internal/formats/parquet.js"
import { makeTarget, streamName } from "./internal/makeTarget.js"

/** Options of a Parquet file. */
export interface Options {
  /** Compression of the pages: `snappy` (default), `gzip` (smaller, slower) or `none`. */
  readonly compression?: ParquetCompression
}

/**
 * A Parquet file. It replaces the file at the path when it is complete.
 *
 * | catalogue | Parquet | DuckDB |
 * | --- | --- | --- |
 * | `Boolean` | BOOLEAN | BOOLEAN |
 * | `Int`, `smallint` | INT32 | INTEGER |
 * | `bigint` | INT64 | BIGINT |
 * | `float8`, `Float` | DOUBLE | DOUBLE |
 * | `timestamptz` | TIMESTAMP, in UTC, microseconds | TIMESTAMP WITH TIME ZONE |
 * | `date` | DATE | DATE |
 * | `numeric` | text with all digits, for example for `CAST(area AS DECIMAL(18, 4))` | VARCHAR |
 * | `jsonb`, `json`, geometries, related rows | JSON text | VARCHAR |
 * | all others | text | VARCHAR |
 *
 * Rows are written in groups of 100,000, so a long export needs about the memory of one group. Each
 * group has the smallest and the largest value of each column as statistics. There are no
 * statistics of JSON, or of a column that contains NaN in the group. NaN is not between the
 * smallest and the largest value, so a reader that filters by statistics would skip the rows with
 * NaN.
 *
 * @example
 * ```ts
 * import { Parquet } from "@innerspace-metrics/export"
 *
 * const small = Parquet.file("march.parquet", { compression: "gzip" })
 * ```
 */
export const file = (path: string, options: Options = {}): Export.Target => make(path, options)

/**
 * Writes the bytes of `file` to a Node stream, such as `process.stdout`, one group of rows after
 * the other. A reader needs the whole file, because the footer comes last. After a failure, the
 * output is not a valid Parquet file. The stream is not closed. Fails with an `ExportError`
 * (`FileSystem`) if the stream cannot be written. The `code` of the error is `EPIPE` if the reader
 * of the stream has closed the stream.
 *
 * @example
 * ```ts
 * import { Parquet } from "@innerspace-metrics/export"
 *
 * const stdout = Parquet.writable(process.stdout)
 * ```
 */
export const writable = (stream: Writable, options: Options = {}): Export.Target =>
  make(streamName, options, stream)

const make = (path: string, options: Options, stream?: Writable): Export.Target =>
  makeTarget(
    path,
    options,
    { compression: ["snappy", "gzip", "none"] },
    () => parquet(path, options.compression ?? "snappy"),
    stream
  )
