/** Where a dataset is kept: a folder or a database. */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { DatasetError } from "../../DatasetError.js"
import type { ExportError } from "../../ExportError.js"
import type { Batch } from "../columns/batch.js"
import type { TableDefinition } from "../dataset/definition.js"
import type { Comparison } from "../dataset/rows.js"
import type { Manifest, Part } from "./manifest.js"

export type StoreError = DatasetError | ExportError

/** A change of a part: the new rows, and how they differ from the old rows. */
export interface PartChange {
  readonly table: TableDefinition
  /** The part without the number of its rows, and without the size and the digest of its file. */
  readonly part: Omit<Part, "bytes" | "sha256" | "rows">
  readonly comparison: Comparison
  /** Whether the file of the part is missing or altered, so that it must be written in any case. */
  readonly isDamaged: boolean
}

/**
 * The storage of a dataset. `open`, `replace`, `rewrite` and `remove` change it, so they need the
 * lock.
 */
export interface Store {
  /** The current manifest, or `undefined` for a new dataset. */
  readonly load: Effect.Effect<Manifest | undefined, StoreError>
  /**
   * Completes or undoes the change of a process that was killed. Fails if the folder of a table has
   * a Parquet file that is not in the manifest.
   */
  readonly open: Effect.Effect<Manifest, StoreError>
  /** The rows of a part, after a check of its digest. */
  readonly read: (table: TableDefinition, part: Part) => Effect.Effect<Batch, StoreError>
  /** Changes a part and the manifest. If it fails, nothing is changed. */
  readonly replace: (manifest: Manifest, change: PartChange) => Effect.Effect<Manifest, StoreError>
  /** Replaces all parts of a table and its columns. If it fails, nothing is changed. */
  readonly rewrite: <E>(
    manifest: Manifest,
    table: TableDefinition,
    changes: Stream.Stream<PartChange, E>
  ) => Effect.Effect<Manifest, StoreError | E>
  readonly remove: (
    manifest: Manifest,
    parts: ReadonlyArray<Part>,
    tables: ReadonlyArray<TableDefinition>
  ) => Effect.Effect<Manifest, StoreError>
  /**
   * Returns the error of a part whose file or rows are missing or altered, and otherwise
   * `undefined`.
   */
  readonly check: (
    part: Part,
    table: TableDefinition | undefined
  ) => Effect.Effect<DatasetError | undefined, ExportError>
}
