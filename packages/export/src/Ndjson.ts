/**
 * NDJSON files: one JSON object in each line.
 */
import type { Writable } from "node:stream"
import type * as Export from "./Export.js"
import { ndjson } from "./internal/formats/ndjson.js"
import type { TextCompression } from "./internal/formats/textFile.js"
import { makeTarget, streamName } from "./internal/makeTarget.js"

/** Options of an NDJSON file. */
export interface Options {
  /** Default `none`. With `gzip`, use a file name that ends in `.ndjson.gz`. */
  readonly compression?: TextCompression
}

/**
 * An NDJSON file in UTF-8.
 *
 * `bigint` and `numeric` are strings with all of their digits, because most readers of JSON round
 * numbers. A number of `float8` has a decimal point or an exponent. `NaN` and the infinities are
 * strings, because JSON has no such numbers. Instants are strings in UTC, and JSON is embedded
 * unchanged. If DuckDB reads the file, it guesses the types of the columns and may guess wrong, so
 * pass `columns` to `read_json`.
 *
 * @example
 * ```ts
 * import { Ndjson } from "@innerspace-metrics/export"
 *
 * const march = Ndjson.file("march.ndjson.gz", { compression: "gzip" })
 * ```
 */
export const file = (path: string, options: Options = {}): Export.Target => make(path, options)

/**
 * Writes the bytes of `file` to a Node stream, such as `process.stdout`. A reader can use each line
 * as it arrives, because a line is a whole row. After a failure, the output has only the lines that
 * arrived before the failure, and nothing in the text says that lines are missing. The stream is
 * not closed. Fails with an `ExportError` (`FileSystem`) if the stream cannot be written. The
 * `code` of the error is `EPIPE` if the reader of the stream has closed the stream.
 *
 * @example
 * ```ts
 * import { Ndjson } from "@innerspace-metrics/export"
 *
 * const stdout = Ndjson.writable(process.stdout)
 * ```
 */
export const writable = (stream: Writable, options: Options = {}): Export.Target =>
  make(streamName, options, stream)

const make = (path: string, options: Options, stream?: Writable): Export.Target =>
  makeTarget(
    path,
    options,
    { compression: ["gzip", "none"] },
    () => ndjson(path, options.compression ?? "none"),
    stream
  )
