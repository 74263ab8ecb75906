/**
 * The rows of a query as a file or a table.
 */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import type * as Query from "@innerspace-metrics/core/Query"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Effect from "effect/Effect"
import type { ExportError } from "./ExportError.js"
import { exportRows } from "./internal/exportRows.js"
import type { Write } from "./internal/formats/target.js"
import { TargetTypeId as TypeId } from "./internal/typeIds.js"

/**
 * The target of an export. `Csv.file`, `Ndjson.file`, `Arrow.file`, `Parquet.file` and
 * `DuckDb.table` create one.
 */
export interface Target {
  readonly [TypeId]: typeof TypeId
  /** The path of the file. */
  readonly path: string
  /** @internal */
  readonly write: Write
}

/** Options of an export: the options of `MetricsClient.stream` without `resumeFrom`. */
export interface Options extends Omit<Streaming.Options, "resumeFrom"> {}

/** What was written. */
export interface Summary {
  readonly path: string
  readonly rows: number
  /** Size of the file. `undefined` for a table of a database. */
  readonly bytes: number | undefined
}

/**
 * Writes the rows of a query to a file or a table: all rows, or none. The rows are read by
 * `MetricsClient.columns`, so the query must filter its time by a `TimeRange`. Only the pages that
 * are being requested and the rows that are being written are in memory.
 *
 * The file is first written under a temporary name (ending in `.tmp`) in the same folder, and
 * synced to the disk. It then replaces the file at the path. If the export fails or is interrupted,
 * or if the process ends, an existing file at the path stays unchanged.
 *
 * The columns have the types of the catalogue. If a cell does not fit the type of its column, the
 * export fails with a `DecodeError`.
 *
 * Fails with the `CallError`s of `stream`, and with an `ExportError` if the file or table cannot be
 * written.
 *
 * @example
 * ```ts
 * import { Query, TimeRange } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import { Export, Parquet } from "@innerspace-metrics/export"
 *
 * const march = Query.from(building_metrics, {
 *   select: ["building_id", "date_time_start", "metric_value"],
 *   where: {
 *     building_id: 71,
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
 *     date_time_start: TimeRange.month("2024-03", "America/Chicago")
 *   }
 * })
 *
 * const program = Export.toFile(march, Parquet.file("march.parquet"))
 * ```
 */
export const toFile = (
  query: Query.Query<unknown>,
  target: Target,
  options: Options = {}
): Effect.Effect<Summary, CallError | ExportError, MetricsClient.MetricsClient> =>
  Effect.flatMap(MetricsClient.MetricsClient, (metrics) =>
    exportRows(metrics.columns, query, target, options)
  )
