/**
 * The reasons why an export failed, as values.
 */
import * as Data from "effect/Data"

/**
 * Why a file or a table could not be written.
 *
 * - `InvalidOption`: an option has an invalid value
 * - `InvalidSelection`: the query selects something that cannot be a column of a file
 * - `MissingPackage`: the format needs a package that is not installed
 * - `FileSystem`: the file system refused a step (such as `ENOSPC` for a full disk, or `EACCES` for
 *   a folder without write permission), or it did not respond
 * - `DuckDb`: DuckDB refused a step, such as opening a database that another process has open
 */
type ExportReason =
  | "InvalidOption"
  | "InvalidSelection"
  | "MissingPackage"
  | "FileSystem"
  | "DuckDb"

/** The fields of an `ExportError`. */
interface ExportErrorFields {
  readonly reason: ExportReason
  /** What is wrong: the thing, and the wrong value. */
  readonly problem: string
  /** The next step, in a sentence. */
  readonly hint: string
  /** The file or folder. */
  readonly path?: string | undefined
  /** The code of a `FileSystem` failure, such as `ENOSPC`. */
  readonly code?: string | undefined
}

type Described<Fields> = Fields & { readonly message: string }

const described = <Fields extends { readonly problem: string; readonly hint: string }>(
  fields: Fields
): Described<Fields> => ({ ...fields, message: `${fields.problem}. ${fields.hint}.` })

/**
 * A file or a table could not be written. The previous file or table is unchanged.
 *
 * Failures of the API are not `ExportError`s. They are core's `MetricsError.CallError`.
 *
 * @example
 * ```ts
 * import type { ExportError } from "@innerspace-metrics/export"
 *
 * const isDiskFull = (error: ExportError.ExportError) => error.code === "ENOSPC"
 * ```
 */
export class ExportError extends Data.TaggedError("ExportError")<Described<ExportErrorFields>> {
  constructor(fields: ExportErrorFields) {
    super(described(fields))
  }
  /** Whether the same export can succeed later without any change. */
  get isRetryable(): boolean {
    return false
  }
}
