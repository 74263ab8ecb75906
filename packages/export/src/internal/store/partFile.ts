/** The Parquet file of a part: how its rows are written and read. */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { parquetReadObjects } from "hyparquet"
import { DatasetError } from "../../DatasetError.js"
import type { ExportError } from "../../ExportError.js"
import type { Batch } from "../columns/batch.js"
import type { FileColumn, Value } from "../columns/column.js"
import type { Sink } from "../files/atomicFile.js"
import { step, unless } from "../files/system.js"
import { parquet } from "../formats/parquet.js"
import type { Part } from "./manifest.js"

/**
 * The column of the month. The month is also in the path, but only some readers read columns from
 * the path.
 */
const month: FileColumn = { name: "month", type: "text", isNullable: false }

/**
 * Writes the rows of a part. The same rows give the same bytes, because the file does not contain
 * the time at which the rows were read.
 */
export const writeRows = (
  path: string,
  columns: ReadonlyArray<FileColumn>,
  rows: Batch,
  monthName: string,
  sink: Sink
): Effect.Effect<void, ExportError> =>
  Effect.flatMap(parquet(path, "snappy")([...columns, month], sink), (encoder) =>
    Effect.zipRight(
      encoder.write({
        length: rows.length,
        values: [...rows.values, new Array<Value>(rows.length).fill(monthName)]
      }),
      encoder.end
    )
  )

/** Reads the bytes of a part's file. Returns an error if the file is missing or altered. */
export const readBytes = (
  dataset: string,
  path: string,
  part: Part
): Effect.Effect<Either.Either<Buffer, DatasetError>, ExportError> =>
  Effect.map(
    step("read", path, () => readFile(path)).pipe(unless("ENOENT")),
    (bytes): Either.Either<Buffer, DatasetError> => {
      const problem =
        bytes === undefined
          ? "is missing"
          : digestOf(bytes) === part.sha256
            ? undefined
            : "does not match its digest in the manifest"
      return bytes !== undefined && problem === undefined
        ? Either.right(bytes)
        : Either.left(
            new DatasetError({
              reason: bytes === undefined ? "MissingPart" : "AlteredPart",
              problem: `${path} ${problem}`,
              hint: `Restore the file from a backup, or read its month again: refresh { from: "${part.month}", until: "${part.month}" }`,
              dataset,
              table: part.table,
              path
            })
          )
    }
  )

export const digestOf = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex")

/** The digest that the file of the rows would have. */
export const digestOfRows = (
  columns: ReadonlyArray<FileColumn>,
  rows: Batch,
  month: string
): Effect.Effect<string, ExportError> =>
  Effect.suspend(() => {
    const digest = createHash("sha256")
    return Effect.map(
      writeRows("rows", columns, rows, month, {
        write: (bytes) =>
          Effect.sync(() => {
            digest.update(bytes)
          })
      }),
      () => digest.digest("hex")
    )
  })

/** The rows of a file whose digest was checked. */
export const readRows = (
  path: string,
  bytes: Buffer,
  columns: ReadonlyArray<FileColumn>
): Effect.Effect<Batch, ExportError> =>
  Effect.map(
    step("decode", path, () =>
      parquetReadObjects({
        file: new Uint8Array(bytes).buffer,
        columns: columns.map(({ name }) => name),
        parsers: {
          timestampFromMicroseconds: (micros) => micros,
          dateFromDays: (days) => new Date(days * 86_400_000).toISOString().slice(0, 10)
        }
      })
    ),
    (rows) => ({
      length: rows.length,
      values: columns.map(({ name }) =>
        // The file was written with these columns.
        rows.map((row) => (row[name] ?? null) as Value | null)
      )
    })
  )
