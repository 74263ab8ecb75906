/**
 * Tables of DuckDB databases. They need the package `@duckdb/node-api`, which is loaded when such a
 * table is written.
 */
import type * as Export from "./Export.js"
import { toTable } from "./internal/duckdb/toTable.js"
import { TargetTypeId } from "./internal/typeIds.js"

/**
 * A table of a database file. The table is replaced in one transaction, and other tables are not
 * changed. The database is created if it does not exist.
 *
 * The columns have the types that DuckDB reads from a Parquet file of this package; see
 * `Parquet.file`. While a process writes to a database, DuckDB lets no other process open it.
 *
 * Fails with an `ExportError`: `MissingPackage` if `@duckdb/node-api` is not installed, `DuckDb` if
 * the database cannot be opened or written.
 *
 * @example
 * ```ts
 * import { DuckDb } from "@innerspace-metrics/export"
 *
 * const march = DuckDb.table("occupancy.duckdb", "march")
 * ```
 */
export const table = (path: string, name: string): Export.Target => ({
  [TargetTypeId]: TargetTypeId,
  path,
  write: toTable(path, name)
})
