/**
 * Exports as promises, for programs that do not use Effect.
 */
import type { PromiseMetricsClient } from "@innerspace-metrics/core/PromiseClient"
import type * as Query from "@innerspace-metrics/core/Query"
import type * as Export from "./Export.js"
import { exportRows } from "./internal/exportRows.js"
import { type PromiseOptions, rowsOf, run, streamOptions } from "./internal/promises.js"

/** Options of `toFile`. */
export interface Options extends Omit<Export.Options, "onProgress">, PromiseOptions {}

/**
 * `Export.toFile` with a promise client: writes the rows of a query to a file or a table, all of
 * them or none.
 *
 * Rejects with a `MetricsError`, with an `ExportError`, or with the signal's reason.
 *
 * @example
 * ```ts
 * import { Query, TimeRange } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import { Csv } from "@innerspace-metrics/export"
 * import { toFile } from "@innerspace-metrics/export/promise"
 * import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
 *
 * await using metrics = createMetricsClient()
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
 * const { rows } = await toFile(metrics, march, Csv.file("march.csv"))
 * ```
 */
export const toFile = (
  metrics: PromiseMetricsClient,
  query: Query.Query<unknown>,
  target: Export.Target,
  options: Options = {}
): Promise<Export.Summary> =>
  run(exportRows(rowsOf(metrics), query, target, streamOptions(options)), options.signal)
