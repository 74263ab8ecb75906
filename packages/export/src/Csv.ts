/**
 * CSV files by RFC 4180.
 */
import type { Writable } from "node:stream"
import type * as Export from "./Export.js"
import { csv } from "./internal/formats/csv.js"
import type { TextCompression } from "./internal/formats/textFile.js"
import { makeTarget, streamName } from "./internal/makeTarget.js"

/** Options of a CSV file. */
export interface Options {
  /** Default `none`. With `gzip`, use a file name that ends in `.csv.gz`. */
  readonly compression?: TextCompression
  /**
   * Whether to put an apostrophe before text that a spreadsheet would read as a formula, as OWASP
   * advises (https://owasp.org/www-community/attacks/CSV_Injection). Default false, because all
   * readers except spreadsheets see the apostrophe.
   */
  readonly guardFormulas?: boolean
  /**
   * IANA zone of the building. If it is given, a second column `x_local` follows each column `x` of
   * instants. It has the local time with the offset, such as `2024-03-10T03:00:00.000-05:00`.
   * Default: no second columns.
   */
  readonly localTime?: string
}

/**
 * A CSV file in UTF-8, with a header line. Fields are in quotes only if necessary, and lines end in
 * CRLF.
 *
 * Null is an empty field, and empty text is `""`. Instants are in UTC, such as
 * `2024-03-01T06:00:00.000Z`. Values of `bigint` and `numeric` have all of their digits. Numbers of
 * `float8` have a decimal point or an exponent. Booleans are `true` and `false`, and JSON is text.
 *
 * @example
 * ```ts
 * import { Csv } from "@innerspace-metrics/export"
 *
 * const forExcel = Csv.file("march.csv", { guardFormulas: true, localTime: "America/Chicago" })
 * ```
 */
export const file = (path: string, options: Options = {}): Export.Target => make(path, options)

/**
 * Writes the bytes of `file` to a Node stream, such as `process.stdout`: the header, and the rows
 * while they arrive. After a failure, the output has only the rows that arrived before the failure,
 * and nothing in the text says that rows are missing. The stream is not closed. Fails with an
 * `ExportError` (`FileSystem`) if the stream cannot be written. The `code` of the error is `EPIPE`
 * if the reader of the stream has closed the stream.
 *
 * @example
 * ```ts
 * import { Csv } from "@innerspace-metrics/export"
 *
 * const stdout = Csv.writable(process.stdout)
 * ```
 */
export const writable = (stream: Writable, options: Options = {}): Export.Target =>
  make(streamName, options, stream)

const make = (path: string, options: Options, stream?: Writable): Export.Target =>
  makeTarget(
    path,
    options,
    { compression: ["gzip", "none"], guardFormulas: [true, false], localTime: "text" },
    () =>
      csv(path, {
        compression: options.compression ?? "none",
        guardsFormulas: options.guardFormulas ?? false,
        localTime: options.localTime
      }),
    stream
  )
