/** A run: a sync, or one task of a plan. */
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Dataset from "../../Dataset.js"
import { DatasetError, SyncIncomplete, type TableFailure } from "../../DatasetError.js"
import type { Batch } from "../columns/batch.js"
import type { StreamColumns } from "../source.js"
import { duckDbStore } from "../store/duckDbStore.js"
import { folderStore } from "../store/folderStore.js"
import * as Lock from "../store/lock.js"
import { empty, type Manifest, type Part } from "../store/manifest.js"
import type { Store, StoreError } from "../store/store.js"
import * as Calendar from "./calendar.js"
import { type Definition, define, type TableDefinition } from "./definition.js"
import { expired, hasSameColumns, type PartTask, pathOf, planTable, type Refresh } from "./plan.js"
import { readPart } from "./readPart.js"
import { reportOf } from "./report.js"
import { type Done, prepareUpdate } from "./update.js"

/** Opens the store of a dataset. A database is closed when the scope closes. */
export const openStore = ({
  isDatabase,
  name,
  zone
}: Definition): Effect.Effect<Store, never, Scope.Scope> =>
  isDatabase ? duckDbStore(name, zone) : Effect.succeed(folderStore(name, zone))

type Failure = CallError | StoreError

/** A failure while rows were read. Other tables can continue. */
class ReadFailure {
  readonly _tag = "ReadFailure"
  constructor(readonly error: CallError | DatasetError) {}
}

export const sync = (
  stream: StreamColumns,
  dataset: Dataset.Dataset,
  { concurrency = 4, onProgress, refresh, ...options }: Dataset.SyncOptions
): Effect.Effect<Dataset.Report, Failure | SyncIncomplete> =>
  Effect.scoped(
    Effect.gen(function* () {
      const definition = yield* define(dataset.options)
      yield* checkRefresh(definition, refresh)
      yield* Lock.hold(definition.name)
      const store = yield* openStore(definition)
      const run: Run = {
        definition,
        store,
        now: yield* Clock.currentTimeMillis,
        manifest: yield* openMatching(definition, store),
        done: []
      }
      const old = expired(definition, run.manifest, run.now)
      if (old.length > 0) {
        run.manifest = yield* store.remove(run.manifest, old, definition.tables)
      }
      const failures: Array<TableFailure> = []
      const { manifest, now } = run
      const plans = definition.tables.map((table) => ({
        table,
        tasks: planTable(definition, table, manifest, now, refresh)
      }))
      let progress: Dataset.Progress = {
        done: 0,
        total: plans.reduce((sum, { tasks }) => sum + tasks.length, 0),
        rows: 0
      }
      const note = (rows: Batch) => {
        progress = { ...progress, done: progress.done + 1, rows: progress.rows + rows.length }
        return onProgress?.(progress) ?? Effect.void
      }
      for (const { table, tasks } of plans) {
        // The rows of several parts are requested at once. The parts are written in order.
        const read = Stream.mapEffect(
          Stream.fromIterable(tasks),
          (task) =>
            Effect.mapBoth(readPart(stream, definition.name, task, options), {
              onFailure: (error) => new ReadFailure(error),
              onSuccess: (rows) => ({ task, rows })
            }),
          { concurrency }
        )
        yield* Effect.catchTag(updateTable(run, table, read, note), "ReadFailure", ({ error }) =>
          // Without a token, no other table can be read either.
          error._tag === "AuthError"
            ? Effect.fail(error)
            : Effect.sync(() => {
                failures.push({ table: table.name, error })
              })
        )
      }
      const removed = old.map(({ path }) => path)
      const report = reportOf(run.manifest, run.done, removed)
      return failures.length === 0 ? report : yield* new SyncIncomplete({ failures, report })
    })
  )

/** A run in progress: its current manifest, and the parts that it has updated. */
interface Run {
  readonly definition: Definition
  readonly store: Store
  readonly now: number
  manifest: Manifest
  readonly done: Array<Done>
}

interface ReadRows {
  readonly task: PartTask
  readonly rows: Batch
}

const updateTable = <E>(
  run: Run,
  table: TableDefinition,
  read: Stream.Stream<ReadRows, E>,
  note: (rows: Batch) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<void, E | Failure> => {
  const { definition, now, store } = run
  const prepare = ({ rows, task }: ReadRows) =>
    Effect.zipLeft(prepareUpdate(definition, store, run.manifest, task, rows, now), note(rows))
  const finish = (done: ReadonlyArray<Done>) => (manifest: Manifest) => {
    run.manifest = manifest
    run.done.push(...done)
  }
  if (hasSameColumns(table, run.manifest.tables[table.name])) {
    return Stream.runForEach(read, (rows) =>
      Effect.flatMap(prepare(rows), ({ change, done }) =>
        Effect.map(store.replace(run.manifest, change), finish([done]))
      )
    )
  }
  return Effect.suspend(() => {
    const all: Array<Done> = []
    const changes = Stream.mapEffect(read, (rows) =>
      Effect.map(prepare(rows), ({ change, done }) => {
        all.push(done)
        return change
      })
    )
    return Effect.map(store.rewrite(run.manifest, table, changes), finish(all))
  })
}

/** How long a task waits for other tasks that write their parts. */
const lockLimit = "5 minutes"

/**
 * Runs one task. A task for one part holds the lock only while it writes, so several tasks can read
 * at the same time. A task for all parts of a table also holds the lock while it reads.
 */
export const runTask = (
  stream: StreamColumns,
  dataset: Dataset.Dataset,
  given: Dataset.Task,
  options: Streaming.Options
): Effect.Effect<Dataset.Report, Failure> =>
  Effect.gen(function* () {
    const definition = yield* define(dataset.options)
    const { table, tasks } = yield* tasksOf(definition, given)
    const [single] = tasks
    const rows =
      given.part === null || single === undefined
        ? undefined
        : yield* readPart(stream, definition.name, single, options)
    return yield* Effect.scoped(
      Effect.gen(function* () {
        yield* Lock.wait(definition.name, lockLimit)
        const store = yield* openStore(definition)
        const run: Run = {
          definition,
          store,
          now: yield* Clock.currentTimeMillis,
          manifest: yield* openMatching(definition, store),
          done: []
        }
        const isPart = single !== undefined && rows !== undefined
        if (isPart && !hasSameColumns(table, run.manifest.tables[table.name])) {
          return yield* stale(definition, given, "the columns of the table have changed")
        }
        yield* updateTable(
          run,
          table,
          isPart
            ? Stream.make({ task: single, rows })
            : Stream.mapEffect(
                Stream.fromIterable(planTable(definition, table, run.manifest, run.now, undefined)),
                (task) =>
                  Effect.map(readPart(stream, definition.name, task, options), (rows) => ({
                    task,
                    rows
                  }))
              )
        )
        return reportOf(run.manifest, run.done, [])
      })
    )
  })

/** Opens the store, which needs the lock. Fails if the manifest belongs to another definition. */
const openMatching = (definition: Definition, store: Store): Effect.Effect<Manifest, StoreError> =>
  Effect.tap(store.open, (manifest) => checkDefinition(definition, manifest) ?? Effect.void)

export const plan = (
  dataset: Dataset.Dataset,
  refresh: Refresh | undefined
): Effect.Effect<ReadonlyArray<Dataset.Task>, StoreError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const definition = yield* define(dataset.options)
      const store = yield* openStore(definition)
      yield* checkRefresh(definition, refresh)
      const manifest = (yield* store.load) ?? empty(definition.zone)
      yield* checkDefinition(definition, manifest) ?? Effect.void
      const now = yield* Clock.currentTimeMillis
      return definition.tables.flatMap((table): ReadonlyArray<Dataset.Task> => {
        const tasks = planTable(definition, table, manifest, now, refresh).map(
          ({ from, path, reason, until }) => ({
            table: table.name,
            part: path,
            from: new Date(from).toISOString(),
            until: new Date(until).toISOString(),
            reason
          })
        )
        const [first] = tasks
        return hasSameColumns(table, manifest.tables[table.name]) || first === undefined
          ? tasks
          : [{ ...first, part: null, until: new Date(now).toISOString() }]
      })
    })
  )

/**
 * Finds the table and the part of a task that the caller passes. Fails if the definition does not
 * have them.
 */
const tasksOf = (
  definition: Definition,
  given: Dataset.Task
): Effect.Effect<
  { readonly table: TableDefinition; readonly tasks: ReadonlyArray<PartTask> },
  DatasetError
> =>
  Effect.suspend(() => {
    const table = definition.tables.find(({ name }) => name === given.table)
    if (table === undefined) return stale(definition, given, "it has no such table")
    if (given.part === null) return Effect.succeed({ table, tasks: [] })
    const name = /\/month=([^/]+)\/part\.parquet$/.exec(String(given.part))?.[1] ?? ""
    const series = table.series.find((series) => pathOf(table, series, name) === given.part)
    if (series === undefined || !Calendar.isMonth(name)) {
      return stale(definition, given, "it has no such part")
    }
    const month = Calendar.namedMonth(name, definition.zone)
    const from = Date.parse(given.from)
    const until = Date.parse(given.until)
    if (!(from >= month.start && from < until && until <= month.end)) {
      return stale(definition, given, "the span of the task is not within its month")
    }
    return Effect.succeed({
      table,
      tasks: [
        { definition: table, series, month, path: given.part, from, until, reason: given.reason }
      ]
    })
  })

const stale = (
  { name }: Definition,
  task: Dataset.Task,
  why: string
): Effect.Effect<never, DatasetError> =>
  Effect.fail(
    new DatasetError({
      reason: "InvalidOption",
      problem: `The task of ${JSON.stringify(task.part ?? task.table)} does not fit ${name}: ${why}`,
      hint: "Make a new plan with Dataset.plan",
      dataset: name
    })
  )

const checkRefresh = (
  { name }: Definition,
  refresh: Refresh | undefined
): Effect.Effect<void, DatasetError> =>
  refresh === undefined ||
  (Calendar.isMonth(refresh.from) &&
    Calendar.isMonth(refresh.until) &&
    refresh.from <= refresh.until)
    ? Effect.void
    : Effect.fail(
        new DatasetError({
          reason: "InvalidOption",
          problem: `refresh is ${JSON.stringify(refresh)}`,
          hint: 'Pass two months, both included, such as { from: "2024-03", until: "2024-04" }',
          dataset: name
        })
      )

/** A definition can add parts to a dataset, but it must cover every part that the dataset has. */
const checkDefinition = (
  { name, tables, zone }: Definition,
  manifest: Manifest
): Effect.Effect<never, DatasetError> | undefined => {
  const other = (what: string, hint: string) =>
    Effect.fail(
      new DatasetError({
        reason: "OtherDataset",
        problem: `${name} ${what}`,
        hint,
        dataset: name
      })
    )
  if (manifest.zone !== zone) {
    return other(
      `has the months of ${manifest.zone}, not of ${zone}`,
      "Pass that zone, or another folder"
    )
  }
  const isDefined = (part: Part) =>
    tables.some(
      (table) =>
        table.name === part.table &&
        table.series.some((series) => pathOf(table, series, part.month) === part.path)
    )
  const foreign = manifest.parts.find((part) => !isDefined(part))
  return foreign === undefined
    ? undefined
    : other(
        `has the part ${foreign.path}, which the definition does not have`,
        "Add its table, building, granularity and metric to the definition, or pass another folder"
      )
}
