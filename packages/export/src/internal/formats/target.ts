/** Where rows go: a file of a format, or a table of a database. */
import type { Writable } from "node:stream"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { ExportError } from "../../ExportError.js"
import type { Batch } from "../columns/batch.js"
import type { FileColumn } from "../columns/column.js"
import { type Sink, temporaryName, writeWhole } from "../files/atomicFile.js"

/** Writes batches in a format. */
export interface Encoder {
  readonly write: (batch: Batch) => Effect.Effect<void, ExportError>
  /** Writes the remaining bytes, once, after the last batch. */
  readonly end: Effect.Effect<void, ExportError>
}

/** A format with its options. */
export type Format = (
  columns: ReadonlyArray<FileColumn>,
  sink: Sink
) => Effect.Effect<Encoder, ExportError>

export interface Result {
  readonly rows: number
  /** The size of the file. `undefined` for a table of a database, because its size is not known. */
  readonly bytes: number | undefined
}

export type Write = <E, R>(
  columns: ReadonlyArray<FileColumn>,
  batches: Stream.Stream<Batch, E, R>
) => Effect.Effect<Result, E | ExportError, R>

/** Writes the whole file or nothing. */
export const toWholeFile =
  (path: string, format: Format): Write =>
  (columns, batches) =>
    Effect.map(
      writeWhole(path, temporaryName(path), (sink) =>
        Effect.flatMap(format(columns, sink), (encoder) => writeAll(encoder, batches))
      ),
      ({ bytes, value }) => ({ rows: value, bytes })
    )

/** Writes to a stream, as fast as its reader reads. The stream stays open. */
export const toStream =
  (stream: Writable, name: string, format: Format): Write =>
  (columns, batches) =>
    Effect.suspend(() => {
      let bytes = 0
      const write = (chunk: Uint8Array): Effect.Effect<void, ExportError> =>
        chunk.byteLength === 0
          ? Effect.void
          : Effect.async((resume) => {
              bytes += chunk.byteLength
              stream.write(chunk, (error) => {
                resume(error ? Effect.fail(streamError(name, error)) : Effect.void)
              })
            })
      return Effect.flatMap(format(columns, { write }), (encoder) =>
        Effect.map(writeAll(encoder, batches), (rows) => ({ rows, bytes }))
      )
    })

const streamError = (name: string, error: Error & { readonly code?: string }): ExportError =>
  new ExportError({
    reason: "FileSystem",
    problem: `Could not write to ${name}: ${error.code ?? error.message}`,
    hint: "Check what reads the stream, then run it again",
    path: name,
    code: error.code
  })

/** Writes all batches, and returns the number of rows. */
const writeAll = <E, R>(
  encoder: Encoder,
  batches: Stream.Stream<Batch, E, R>
): Effect.Effect<number, E | ExportError, R> =>
  Stream.runFoldEffect(batches, 0, (rows, batch) =>
    Effect.as(encoder.write(batch), rows + batch.length)
  ).pipe(Effect.zipLeft(encoder.end))
