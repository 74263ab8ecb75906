/**
 * Exports and datasets with promises, for programs that do not use Effect.
 */
import type { PromiseMetricsClient } from "@innerspace-metrics/core/PromiseClient"
import type * as Query from "@innerspace-metrics/core/Query"
import * as Dataset from "./Dataset.js"
import type * as Export from "./Export.js"
import * as Run from "./internal/dataset/run.js"
import * as Verify from "./internal/dataset/verify.js"
import { exportRows } from "./internal/exportRows.js"
import {
  columnsOf,
  type PromiseOptions,
  progressOption,
  run,
  streamOptions
} from "./internal/promises.js"

/** Options of `toFile`. */
export interface Options extends Omit<Export.Options, "onProgress">, PromiseOptions {}

/**
 * `Export.toFile` with a promise client: writes the rows of a query to a file or a table, all rows
 * or none.
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
  run(exportRows(columnsOf(metrics), query, target, streamOptions(options)), options.signal)

/** Additional options of the functions for datasets. */
interface Abortable {
  /** Aborts the run and its requests; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Options of `sync`. */
export interface SyncOptions extends Omit<Dataset.SyncOptions, "onProgress">, Abortable {
  /** Runs when the rows of a part have been read and compared. It may return a promise. */
  readonly onProgress?: (progress: Dataset.Progress) => void | PromiseLike<void>
}

/**
 * `Dataset.sync` with a promise client: brings a dataset up to date.
 *
 * Rejects with a `SyncIncomplete`, a `DatasetError`, an `ExportError`, a `MetricsError`, or with
 * the signal's reason.
 *
 * @example
 * ```ts
 * import { Dataset } from "@innerspace-metrics/export"
 * import { sync } from "@innerspace-metrics/export/promise"
 * import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
 *
 * const nightly = async (dataset: Dataset.Dataset) => {
 *   await using metrics = createMetricsClient()
 *   const { added, restated } = await sync(metrics, dataset)
 *   console.log(`${added} rows are new, ${restated.length} values were restated`)
 * }
 * ```
 */
export const sync = (
  metrics: PromiseMetricsClient,
  dataset: Dataset.Dataset,
  { onProgress, signal, ...options }: SyncOptions = {}
): Promise<Dataset.Report> =>
  run(Run.sync(columnsOf(metrics), dataset, { ...options, ...progressOption(onProgress) }), signal)

/**
 * `Dataset.plan` with a promise: lists what `sync` would read now, and why. Nothing is sent or
 * written.
 *
 * @example
 * ```ts
 * import { Dataset } from "@innerspace-metrics/export"
 * import { plan } from "@innerspace-metrics/export/promise"
 *
 * const print = async (dataset: Dataset.Dataset) => console.log(JSON.stringify(await
 * plan(dataset)))
 * ```
 */
export const plan = (
  dataset: Dataset.Dataset,
  options: Pick<Dataset.SyncOptions, "refresh"> = {}
): Promise<ReadonlyArray<Dataset.Task>> => run(Dataset.plan(dataset, options), undefined)

/**
 * `Dataset.runTask` with a promise client: runs one task of a plan.
 *
 * @example
 * ```ts
 * import { Dataset } from "@innerspace-metrics/export"
 * import { runTask } from "@innerspace-metrics/export/promise"
 * import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
 *
 * const work = async (dataset: Dataset.Dataset, json: string) => {
 *   await using metrics = createMetricsClient()
 *   await runTask(metrics, dataset, JSON.parse(json))
 * }
 * ```
 */
export const runTask = (
  metrics: PromiseMetricsClient,
  dataset: Dataset.Dataset,
  task: Dataset.Task,
  {
    signal,
    ...options
  }: Pick<Dataset.SyncOptions, "window" | "pageSize" | "retry"> & Abortable = {}
): Promise<Dataset.Report> => run(Run.runTask(columnsOf(metrics), dataset, task, options), signal)

/**
 * `Dataset.verify` with a promise client: compares a dataset with its manifest, and some parts with
 * the API.
 *
 * @example
 * ```ts
 * import { Dataset } from "@innerspace-metrics/export"
 * import { verify } from "@innerspace-metrics/export/promise"
 * import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
 *
 * const check = async (dataset: Dataset.Dataset) => {
 *   await using metrics = createMetricsClient()
 *   return await verify(metrics, dataset, { sample: 10 })
 * }
 * ```
 */
export const verify = (
  metrics: PromiseMetricsClient,
  dataset: Dataset.Dataset,
  { signal, ...options }: Dataset.VerifyOptions & Abortable = {}
): Promise<Dataset.Verification> => run(Verify.verify(columnsOf(metrics), dataset, options), signal)

/**
 * `Dataset.unlock` with a promise: removes the lock of a process that was killed, and returns its
 * owner.
 *
 * @example
 * ```ts
 * import { Dataset } from "@innerspace-metrics/export"
 * import { unlock } from "@innerspace-metrics/export/promise"
 *
 * const afterCrash = async (dataset: Dataset.Dataset) => console.log(await unlock(dataset))
 * ```
 */
export const unlock = (dataset: Dataset.Dataset): Promise<string | undefined> =>
  run(Dataset.unlock(dataset), undefined)
