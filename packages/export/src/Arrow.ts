/**
 * Arrow files in the IPC streaming format. They need the package `apache-arrow`, which is loaded
 * when such a file is written.
 */
import type { Writable } from "node:stream"
import type * as Export from "./Export.js"
import { arrow } from "./internal/formats/arrow.js"
import { makeTarget, streamName } from "./internal/makeTarget.js"

/**
 * An Arrow IPC stream (`application/vnd.apache.arrow.stream`). Each page of the query's rows is a
 * record batch.
 *
 * Instants are timestamps in microseconds with the zone UTC, and text is `Utf8`, never a
 * dictionary. `numeric` and JSON are `Utf8` too. The file is not compressed, because the library
 * cannot compress it.
 *
 * Fails with an `ExportError` (`MissingPackage`) if `apache-arrow` is not installed.
 *
 * @example
 * ```ts
 * import { Arrow } from "@innerspace-metrics/export"
 *
 * const march = Arrow.file("march.arrows")
 * ```
 */
export const file = (path: string): Export.Target => makeTarget(path, {}, {}, () => arrow)

/**
 * Writes the bytes of `file` to a Node stream, such as `process.stdout`. A reader can use each
 * record batch as it arrives. After a failure, the output has no end-of-stream mark, and a reader
 * may not notice that the mark is missing. The stream is not closed. Fails with an `ExportError`
 * (`FileSystem`) if the stream cannot be written. The `code` of the error is `EPIPE` if the reader
 * of the stream has closed the stream.
 *
 * @example
 * ```ts
 * import { Arrow } from "@innerspace-metrics/export"
 *
 * const stdout = Arrow.writable(process.stdout)
 * ```
 */
export const writable = (stream: Writable): Export.Target =>
  makeTarget(streamName, {}, {}, () => arrow, stream)
