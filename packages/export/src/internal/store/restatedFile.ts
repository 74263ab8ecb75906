/**
 * The restated, withdrawn and late rows of a part, as a Parquet file next to the dataset. The name
 * of the file contains the generation of the manifest that has the change.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { ExportError } from "../../ExportError.js"
import type { Batch } from "../columns/batch.js"
import type { FileColumn, Value } from "../columns/column.js"
import type { Shown } from "../dataset/reported.js"
import { writeWhole } from "../files/atomicFile.js"
import { parquet } from "../formats/parquet.js"
import type { PartChange } from "./store.js"

export const restatedColumns: ReadonlyArray<FileColumn> = [
  { name: "seen_at", type: "instant", isNullable: false },
  { name: "part", type: "text", isNullable: false },
  { name: "change", type: "text", isNullable: false },
  { name: "key", type: "json", isNullable: false },
  { name: "column_name", type: "text", isNullable: true },
  { name: "before", type: "text", isNullable: true },
  { name: "after", type: "text", isNullable: true }
]

export const generationOf = (name: string): number =>
  Number(/^generation-(\d+)\.parquet$/.exec(name)?.[1] ?? 0)

/** The changed values of a part, and its withdrawn and late rows, as rows of the file. */
export const restatedRows = ({
  comparison: { late, restated, withdrawn },
  part
}: PartChange): Batch => {
  const seenAt = BigInt(Date.parse(part.readAt)) * 1_000n
  const rows: ReadonlyArray<ReadonlyArray<Value | null>> = [
    ...restated.map(({ after, before, column, key }) => [
      "restated",
      JSON.stringify(key),
      column,
      text(before),
      text(after)
    ]),
    ...late.map((key) => ["late", JSON.stringify(key), null, null, null]),
    ...withdrawn.map((key) => ["withdrawn", JSON.stringify(key), null, null, null])
  ].map((row) => [seenAt, part.path, ...row])
  return {
    length: rows.length,
    values: restatedColumns.map((_, index) => rows.map((row) => row[index] ?? null))
  }
}

export const writeRestated = (
  folder: string,
  temporary: string,
  generation: number,
  change: PartChange,
  createFolder: (path: string) => Effect.Effect<void, ExportError>
): Effect.Effect<void, ExportError> => {
  const rows = restatedRows(change)
  if (rows.length === 0) return Effect.void
  const path = join(folder, `generation-${String(generation).padStart(8, "0")}.parquet`)
  return Effect.zipRight(
    createFolder(folder),
    Effect.asVoid(
      writeWhole(path, temporary, (sink) =>
        Effect.flatMap(parquet(path, "snappy")(restatedColumns, sink), (encoder) =>
          Effect.zipRight(encoder.write(rows), encoder.end)
        )
      )
    )
  )
}

const text = (value: Shown): string | null => (value === null ? null : String(value))
