/**
 * The reasons why a dataset could not be used or brought up to date, as values.
 */
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Data from "effect/Data"
import type { ExportError } from "./ExportError.js"
import type { Report } from "./internal/dataset/reported.js"

/**
 * Why a dataset could not be used.
 *
 * - `InvalidOption`: the definition has an invalid value, or a table that a dataset cannot hold
 * - `Locked`: another process is writing the dataset, or a process that was killed has left its
 *   lock
 * - `NotADataset`: the folder has other files and no manifest
 * - `ForeignFile`: a file in the folder of a table is not in the manifest, and readers would read
 *   it as a part
 * - `OtherDataset`: the manifest belongs to another definition. The manifest has another time zone,
 *   or it has buildings, tables, metrics or granularities that the definition does not have
 * - `OtherVersion`: a newer version of this package wrote the dataset
 * - `Damaged`: the manifest was cut or edited
 * - `MissingPart`, `AlteredPart`: the file of a part is missing, or does not match its digest in
 *   the manifest
 * - `DuplicateKey`, `NullKey`, `OutsidePart`: the API returned rows that the dataset must not hold
 * - `SchemaDrift`: the API no longer has a table or column of the definition, or the column's type
 *   has changed
 * - `Conflict`: a process without the lock has changed the manifest
 */
type DatasetReason =
  | "InvalidOption"
  | "Locked"
  | "NotADataset"
  | "ForeignFile"
  | "OtherDataset"
  | "OtherVersion"
  | "Damaged"
  | "MissingPart"
  | "AlteredPart"
  | "DuplicateKey"
  | "NullKey"
  | "OutsidePart"
  | "SchemaDrift"
  | "Conflict"

/** The fields of a `DatasetError`. */
interface DatasetErrorFields {
  readonly reason: DatasetReason
  /** What is wrong: the thing, and the wrong value. */
  readonly problem: string
  /** The next step, in a sentence. */
  readonly hint: string
  /** The folder or the database. */
  readonly dataset: string
  readonly table?: string | undefined
  /** The file or folder. */
  readonly path?: string | undefined
  /** The failure that revealed the problem. */
  readonly cause?: unknown
}

/**
 * A dataset cannot be used, or the API returned rows that the dataset must not hold. The parts of
 * the dataset are unchanged.
 *
 * @example
 * ```ts
 * import type { DatasetError } from "@innerspace-metrics/export"
 *
 * const isBusy = (error: DatasetError.DatasetError) => error.reason === "Locked"
 * ```
 */
export class DatasetError extends Data.TaggedError("DatasetError")<
  DatasetErrorFields & { readonly message: string }
> {
  constructor(fields: DatasetErrorFields) {
    super({ ...fields, message: `${fields.problem}. ${fields.hint}.` })
  }
  /** Whether the same call can succeed later without any change. */
  get isRetryable(): boolean {
    return this.reason === "Locked" || this.reason === "Conflict"
  }
}

/** A table that could not be brought up to date. */
export interface TableFailure {
  readonly table: string
  readonly error: CallError | DatasetError | ExportError
}

/**
 * Some tables are up to date, and other tables could not be read. `failures` has the error of each
 * table that could not be read, and `report` says what was done. The next sync continues with the
 * missing parts.
 *
 * @example
 * ```ts
 * import type { DatasetError } from "@innerspace-metrics/export"
 *
 * const names = (error: DatasetError.SyncIncomplete) => error.failures.map(({ table }) => table)
 * ```
 */
export class SyncIncomplete extends Data.TaggedError("SyncIncomplete")<{
  readonly failures: ReadonlyArray<TableFailure>
  readonly report: Report
  readonly message: string
}> {
  constructor(fields: {
    readonly failures: ReadonlyArray<TableFailure>
    readonly report: Report
  }) {
    super({
      ...fields,
      message: fields.failures.map(({ error, table }) => `${table}: ${error.message}`).join(" ")
    })
  }
  /** Whether the same call can succeed later without any change. */
  get isRetryable(): boolean {
    return this.failures.every(({ error }) => error.isRetryable)
  }
}
