/**
 * A dataset is a folder of Parquet files, or a DuckDB database, that holds the rows of many months
 * and is kept up to date with the API.
 *
 * A dataset consists of parts. A part has the rows of one table, building, granularity, metric and
 * month. `sync` reads new rows. It also reads the rows of the last days again, because the API may
 * change (restate) them. `sync` reports what has changed. The manifest of a dataset lists its
 * parts.
 */
import type { Granularity } from "@innerspace-metrics/core/Granularity"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import type * as Table from "@innerspace-metrics/core/Table"
import type { IsoMonth, LocalDate } from "@innerspace-metrics/core/TimeRange"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { DatasetError, SyncIncomplete } from "./DatasetError.js"
import type { ExportError } from "./ExportError.js"
import { define } from "./internal/dataset/definition.js"
import type { Key, Reason, Report, Restated } from "./internal/dataset/reported.js"
import * as Run from "./internal/dataset/run.js"
import * as Verify from "./internal/dataset/verify.js"
import * as Lock from "./internal/store/lock.js"
import { DatasetTypeId as TypeId } from "./internal/typeIds.js"

export type { Gap, Of, PartReport, Report, Restated } from "./internal/dataset/reported.js"

/**
 * The description of a dataset: what it holds, and where it is kept. Creating a description reads
 * and writes nothing.
 */
export interface Dataset {
  readonly [TypeId]: typeof TypeId
  readonly options: Options
}

/** A table, with a filter for this table alone. */
export interface TableOptions {
  readonly table: Table.Any
  /**
   * A filter for all rows of the table, such as `{ zone_id: [71101, 71102] }`. It is written to the
   * manifest as JSON. If it changes, the parts of the table are read again.
   */
  readonly where?: { readonly [column: string]: unknown }
}

/** What a dataset holds, and where it is kept. */
export interface Options {
  /**
   * A folder for Parquet files. It is created by the first sync, and the folder above it must
   * exist.
   */
  readonly folder?: string
  /**
   * A DuckDB database file instead of a folder. It has one table for each table of the dataset, and
   * the manifest and the restated rows in the schema `innerspace`. It needs the package
   * `@duckdb/node-api`.
   */
  readonly database?: string
  /**
   * The tables. Each table needs key columns (`Column.key`), and one key column must be a
   * `timestamptz`. If a table has the columns `building_id`, `granularity`, `metric_name` or
   * `feature_name` (in lower or upper case), these columns divide the table into parts.
   */
  readonly tables: ReadonlyArray<Table.Any | TableOptions>
  readonly buildings?: ReadonlyArray<number>
  readonly granularities?: ReadonlyArray<Granularity>
  /**
   * Names of metrics. In a table with a column for each metric (v1.5 and v2), these are the columns
   * to keep. By default, all columns are kept.
   */
  readonly metrics?: ReadonlyArray<string>
  readonly features?: ReadonlyArray<string>
  /** Groups of people: values of the column `group_id`. */
  readonly groups?: ReadonlyArray<string>
  /** The first local day. */
  readonly from: LocalDate
  /** IANA zone of the buildings. The months of the parts begin and end at midnight in this zone. */
  readonly zone: string
  /**
   * How much time before the end of the last published period each sync reads again, because the
   * API may change published values. Default 7 days.
   */
  readonly lookBack?: Duration.DurationInput
  /** How many months are kept, including the current month. Default: all months. */
  readonly keepMonths?: number
}

/** Options of `sync`. */
export interface SyncOptions extends Pick<Streaming.Options, "window" | "pageSize" | "retry"> {
  /**
   * How many parts are requested at a time. Each of these parts is in memory as a whole. Default 4.
   */
  readonly concurrency?: number
  /**
   * Months that are read again completely, from the first to the last, both included. Lost or
   * altered files of these months are also replaced.
   */
  readonly refresh?: { readonly from: IsoMonth; readonly until: IsoMonth }
  /** Runs when the rows of a part have been read and compared. */
  readonly onProgress?: (progress: Progress) => Effect.Effect<void>
}

/** How far a sync has come. */
export interface Progress {
  /** Parts that have been read. */
  readonly done: number
  /** Parts that this sync reads. */
  readonly total: number
  /** Rows that have been read. */
  readonly rows: number
}

/**
 * A task of a plan: a run must read a span of a part, or all parts of a table. A task can be
 * written as JSON.
 */
export interface Task {
  readonly table: string
  /** The path of the part. Null if all parts of the table must be written again. */
  readonly part: string | null
  readonly from: string
  readonly until: string
  readonly reason: Reason
}

/** Options of `verify`. */
export interface VerifyOptions extends Pick<Streaming.Options, "window" | "pageSize" | "retry"> {
  /** How many parts are compared with the API. The parts are chosen at random. Default 0. */
  readonly sample?: number
}

/** A part whose rows differ from the rows of the API. */
export interface Difference {
  readonly part: string
  readonly added: number
  readonly restated: ReadonlyArray<Restated>
  readonly withdrawn: ReadonlyArray<Key>
}

/** What `verify` has found. */
export interface Verification {
  readonly generation: number
  readonly parts: number
  readonly rows: number
  /** Files that are missing or altered. */
  readonly problems: ReadonlyArray<DatasetError>
  /** The parts that were compared with the API. */
  readonly sampled: ReadonlyArray<string>
  readonly differences: ReadonlyArray<Difference>
}

/**
 * Describes a dataset. The options are checked when the dataset is used.
 *
 * @example
 * ```ts
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import { Dataset } from "@innerspace-metrics/export"
 *
 * const occupancy = Dataset.make({
 *   folder: "occupancy",
 *   tables: [building_metrics],
 *   buildings: [71],
 *   granularities: ["PT1H"],
 *   metrics: ["occupancy_mean"],
 *   groups: ["all-e707b3a8-0732-49ae-9156-13ff1138540e"],
 *   from: "2024-01-01",
 *   zone: "America/Chicago"
 * })
 * ```
 */
export const make = (options: Options): Dataset => ({ [TypeId]: TypeId, options })

/**
 * Brings a dataset up to date, or creates it the first time. Reads new rows, and reads the rows of
 * the last days again (see `lookBack`). Each part is replaced as a whole. If a run is killed,
 * remove its lock with `unlock`. The next run then continues after the last complete part.
 *
 * Fails with `SyncIncomplete` if some tables could not be read, for example because the API's
 * schema has changed. The other tables are then up to date. Fails with a `DatasetError` (`Locked`)
 * if another process writes the dataset, with an `AuthError` if no token can be obtained, and with
 * an `ExportError` if a file cannot be written.
 *
 * @example
 * ```ts
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import { Dataset } from "@innerspace-metrics/export"
 * import * as Effect from "effect/Effect"
 *
 * const occupancy = Dataset.make({
 *   folder: "occupancy",
 *   tables: [building_metrics],
 *   buildings: [71],
 *   granularities: ["PT1H"],
 *   metrics: ["occupancy_mean"],
 *   groups: ["all-e707b3a8-0732-49ae-9156-13ff1138540e"],
 *   from: "2024-01-01",
 *   zone: "America/Chicago"
 * })
 * const nightly = Effect.flatMap(Dataset.sync(occupancy), ({ added, restated }) =>
 *   Effect.logInfo(`${added} rows are new, ${restated.length} values were restated`)
 * )
 * ```
 */
export const sync = (
  dataset: Dataset,
  options: SyncOptions = {}
): Effect.Effect<
  Report,
  CallError | DatasetError | ExportError | SyncIncomplete,
  MetricsClient.MetricsClient
> =>
  Effect.flatMap(MetricsClient.MetricsClient, ({ columns }) => Run.sync(columns, dataset, options))

/**
 * Lists what `sync` would read now, and why, as tasks. Nothing is sent or written.
 *
 * @example
 * ```ts
 * import { Dataset } from "@innerspace-metrics/export"
 * import * as Effect from "effect/Effect"
 *
 * const printPlan = (dataset: Dataset.Dataset) =>
 *   Effect.map(Dataset.plan(dataset), (tasks) => console.log(JSON.stringify(tasks)))
 * ```
 */
export const plan = (
  dataset: Dataset,
  options: Pick<SyncOptions, "refresh"> = {}
): Effect.Effect<ReadonlyArray<Task>, DatasetError | ExportError> =>
  Run.plan(dataset, options.refresh)

/**
 * Runs one task of a plan. Tasks can run at the same time, even in several processes on one file
 * system. Tasks for single parts read at the same time, and write one after the other. A task for
 * all parts of a table lets no other task write until it ends. You can run a task again.
 *
 * @example
 * ```ts
 * import { Dataset } from "@innerspace-metrics/export"
 *
 * const runFromJson = (dataset: Dataset.Dataset, json: string) =>
 *   Dataset.runTask(dataset, JSON.parse(json))
 * ```
 */
export const runTask = (
  dataset: Dataset,
  task: Task,
  options: Pick<Streaming.Options, "window" | "pageSize" | "retry"> = {}
): Effect.Effect<Report, CallError | DatasetError | ExportError, MetricsClient.MetricsClient> =>
  Effect.flatMap(MetricsClient.MetricsClient, ({ columns }) =>
    Run.runTask(columns, dataset, task, options)
  )

/**
 * Compares each file with its digest in the manifest. With `sample`, also compares some parts with
 * the API. Problems and differences are in the result. Fails if the manifest cannot be read.
 *
 * @example
 * ```ts
 * import { Dataset } from "@innerspace-metrics/export"
 * import * as Effect from "effect/Effect"
 *
 * const isSound = (dataset: Dataset.Dataset) =>
 *   Effect.map(Dataset.verify(dataset, { sample: 10 }), ({ differences, problems }) =>
 *     differences.length + problems.length === 0
 *   )
 * ```
 */
export const verify = (
  dataset: Dataset,
  options: VerifyOptions = {}
): Effect.Effect<
  Verification,
  CallError | DatasetError | ExportError,
  MetricsClient.MetricsClient
> =>
  Effect.flatMap(MetricsClient.MetricsClient, ({ columns }) =>
    Verify.verify(columns, dataset, options)
  )

/**
 * Removes the lock of a process that was killed, and returns its owner, or `undefined` if there
 * was no lock. Make sure that the process has ended: two processes that write a dataset damage it.
 *
 * @example
 * ```ts
 * import { Dataset } from "@innerspace-metrics/export"
 * import * as Effect from "effect/Effect"
 *
 * const afterCrash = (dataset: Dataset.Dataset) =>
 *   Effect.flatMap(Dataset.unlock(dataset), (owner) => Effect.logInfo(`It was ${owner}`))
 * ```
 */
export const unlock = (
  dataset: Dataset
): Effect.Effect<string | undefined, DatasetError | ExportError> =>
  Effect.flatMap(define(dataset.options), ({ name }) => Lock.remove(name))
