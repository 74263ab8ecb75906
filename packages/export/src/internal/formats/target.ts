/** Where rows go: a file of a format, or a table of a database. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ExportError } from "../../ExportError.js"
import type { Batch } from "../columns/batch.js"
import type { FileColumn } from "../columns/column.js"
import { type Sink, temporaryName, writeWhole } from "../files/atomicFile.js"

/** Writes batches in a format. */
export interface Encoder {
  readonly write: (batch: Batch) => Effect.Effect<void, ExportError>
  /** Writes what is left, once, after the last batch. */
  readonly end: Effect.Effect<void, ExportError>
}

/** A format with its options. */
export type Format = (
  columns: ReadonlyArray<FileColumn>,
  sink: Sink
) => Effect.Effect<Encoder, ExportError>

export interface Result {
  readonly rows: number
  /** `undefined` for a table, whose size in the database's file is not known. */
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

/** Returns the number of rows. */
const writeAll = <E, R>(
  encoder: Encoder,
  batches: Stream.Stream<Batch, E, R>
): Effect.Effect<number, E | ExportError, R> =>
  Stream.runFoldEffect(batches, 0, (rows, batch) =>
    Effect.as(encoder.write(batch), rows + batch.length)
  ).pipe(Effect.zipLeft(encoder.end))
