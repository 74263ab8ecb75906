/** The dataset that a command line names. Options take precedence over the file `DATASET.toml`. */
import { resolve } from "node:path"
import * as Granularity from "@innerspace-metrics/core/Granularity"
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Dataset from "@innerspace-metrics/export/Dataset"
import * as Effect from "effect/Effect"
import { type AnyTable, catalogueOf, columnOf, tableNamed } from "../client/catalogue.js"
import { checkedZone, zoneOf } from "../client/places.js"
import type { Input } from "../frame/command.js"
import { UsageError } from "../frame/failure.js"
import { commaList, count, flag, list, text, wholeNumber } from "../frame/read.js"
import type { World } from "../frame/world.js"
import { groupIds } from "../question/group.js"
import { isDate, readRange } from "../question/range.js"
import { knownValue, readWhere } from "../question/where.js"
import { partsOf } from "../render/text.js"
import type { Settings } from "../settings/settings.js"
import type { Contents } from "./file.js"

export interface Described extends Omit<Place, "path"> {
  readonly dataset: Dataset.Dataset
  readonly contents: Contents
  readonly settings: Settings
  /** Whether the dataset has no file yet. */
  readonly isNew: boolean
  /** Whether the options have changed the contents of the file, or the file does not exist. */
  readonly isChanged: boolean
}

/** Whether a dataset is a DuckDB database. Otherwise it is a folder. */
export const isDatabase = (name: string): boolean => /\.(duckdb|db)$/.test(name)

/** The folder or database that a command line names, and its file `DATASET.toml`. */
export const placeOf = (world: World, { args: [name = ""] }: Input): Place => {
  const path = resolve(world.workingDirectory, name)
  return { name, path, file: `${path}.toml` }
}

interface Place {
  /** The name as the person wrote it. */
  readonly name: string
  readonly path: string
  readonly file: string
}

export const describeDataset = (
  world: World,
  settings: Settings,
  input: Input,
  before: Contents | undefined
): Effect.Effect<Described, UsageError | CallError, MetricsClient> =>
  Effect.gen(function* () {
    const { file, name, path } = placeOf(world, input)
    const contents = yield* merged(world, settings, input, before ?? {}, name)
    const tables = yield* Effect.forEach(contents.tables ?? [], (table) =>
      tableOptions(world, settings, input, contents, table)
    )
    const { from = "", zone = "" } = contents
    if (!isDate(from)) {
      return yield* new UsageError(
        `${file}: from is ${JSON.stringify(from)}`,
        "Write a date, such as 2024-01-01"
      )
    }
    const names = yield* namesOf(
      tables.map(({ table }) => table),
      contents,
      flag(input, "unchecked")
    )
    const dataset = Dataset.make({
      ...(isDatabase(path) ? { database: path } : { folder: path }),
      tables,
      ...(contents.buildings === undefined ? {} : { buildings: contents.buildings }),
      granularities: (contents.granularities ?? []).filter(Granularity.isGranularity),
      ...names,
      ...(contents.groups === undefined ? {} : { groups: contents.groups }),
      from,
      zone,
      ...(contents.look_back_days === undefined
        ? {}
        : { lookBack: `${contents.look_back_days} days` }),
      ...(contents.keep_months === undefined ? {} : { keepMonths: contents.keep_months })
    })
    return {
      dataset,
      name,
      file,
      contents,
      settings,
      isNew: before === undefined,
      isChanged: JSON.stringify(before) !== JSON.stringify(contents)
    }
  })

/**
 * Reads `--from`, which is a date, a month, a week, a year or a word such as `last-month`. Returns
 * the date, or the first day of the period.
 */
const firstDay = (given: string, zone: string): Effect.Effect<string, UsageError> => {
  if (isDate(given)) return Effect.succeed(given)
  if (given.includes("..")) {
    return Effect.fail(
      new UsageError(`--from is ${JSON.stringify(given)}`, "Pass the first day only: 2024-01-01")
    )
  }
  return readRange(given, zone).pipe(
    Effect.flatMap(TimeRange.resolve),
    Effect.mapBoth({
      onFailure: ({ hint }) =>
        new UsageError(
          `--from is ${JSON.stringify(given)}`,
          hint.startsWith("Did you mean") ? hint : "Pass a date, such as 2024-01-01, or last-month"
        ),
      onSuccess: ({ start }) => {
        const { day, month, year } = partsOf(new Date(start.epochMillis), zone)
        return `${year}-${month}-${day}`
      }
    })
  )
}

const merged = (
  world: World,
  settings: Settings,
  input: Input,
  before: Contents,
  name: string
): Effect.Effect<Contents, UsageError | CallError, MetricsClient> =>
  Effect.gen(function* () {
    const catalog = yield* catalogueOf(settings)
    if (before.api !== undefined && before.api !== settings.api.value) {
      return yield* new UsageError(
        `The dataset ${name} belongs to ${before.api}, but the API is ${settings.api.value} (${settings.api.from})`,
        `Add --api ${before.api}`
      )
    }
    const tables = yield* Effect.forEach(commaList(input, "table"), (given) =>
      Effect.map(tableNamed(catalog, given), (table) => table.name)
    )
    const allTables = tables.length > 0 ? tables : (before.tables ?? [])
    if (allTables.length === 0) {
      return yield* new UsageError(
        `The dataset ${name} is not described`,
        "The first time, pass --table, --granularity, --metric and --from"
      )
    }
    const buildings = yield* Effect.forEach(commaList(input, "building"), (id) =>
      wholeNumber(id, "--building", 0)
    )
    const granularities = commaList(input, "granularity")
    const metrics = commaList(input, "metric")
    const where = list(input, "where")
    const lookBack = yield* count(input, "lookBack", "--look-back", 0)
    const keepMonths = yield* count(input, "keepMonths", "--keep-months")
    const allBuildings = buildings.length > 0 ? buildings : before.buildings
    const given = text(input, "zone")
    const zone =
      given !== undefined
        ? yield* checkedZone(given, "--zone")
        : (before.zone ?? (yield* zoneOf(world, settings, allBuildings)))
    const known = yield* Effect.forEach(allTables, (table) => tableNamed(catalog, table))
    const hasGroups = known.some((table) => columnOf(table, "group_id") !== undefined)
    const groups = list(input, "group")
    const allGroups =
      groups.length > 0 || (before.groups === undefined && hasGroups)
        ? yield* groupIds(settings, groups.length > 0 ? groups : [settings.group.value])
        : before.groups
    yield* checkRequired(name, known, {
      buildings: allBuildings ?? [],
      granularities: granularities.length > 0 ? granularities : (before.granularities ?? []),
      metrics: metrics.length > 0 ? metrics : (before.metrics ?? [])
    })
    const first = text(input, "from")
    const from = first === undefined ? before.from : yield* firstDay(first, zone)
    if (from === undefined) {
      return yield* new UsageError(
        "The first day is not given",
        "Pass --from, such as --from 2024-01-01 or --from last-month"
      )
    }
    return {
      api: settings.api.value,
      tables: allTables,
      ...optional("buildings", allBuildings),
      ...optional("granularities", granularities.length > 0 ? granularities : before.granularities),
      ...optional("metrics", metrics.length > 0 ? metrics : before.metrics),
      ...optional("groups", allGroups),
      ...optional("where", where.length > 0 ? where : before.where),
      from,
      zone,
      ...optional("look_back_days", lookBack ?? before.look_back_days),
      ...optional("keep_months", keepMonths ?? before.keep_months)
    }
  })

const optional = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  // TypeScript does not keep the literal type of a computed key, so the cast restores it.
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }

/**
 * The errors of the export package name its own options. A person knows the options of the command,
 * so they are checked here.
 */
const checkRequired = (
  name: string,
  tables: ReadonlyArray<AnyTable>,
  given: {
    readonly buildings: ReadonlyArray<unknown>
    readonly granularities: ReadonlyArray<unknown>
    readonly metrics: ReadonlyArray<unknown>
  }
): Effect.Effect<void, UsageError> => {
  for (const table of tables) {
    const has = (meaning: string) => columnOf(table, meaning) !== undefined
    const missing =
      has("building_id") && given.buildings.length === 0
        ? "--building 71"
        : has("granularity") && given.granularities.length === 0
          ? "--granularity PT1H"
          : (has("metric_name") || has("feature_name")) && given.metrics.length === 0
            ? `--metric ${has("metric_name") ? "occupancy_mean" : "weekly_frequency_dist"}`
            : undefined
    if (missing !== undefined) {
      const [option] = missing.split(" ")
      return Effect.fail(
        new UsageError(
          `${name}: ${table.name} needs ${option}`,
          `Pass ${option}, such as ${missing}`
        )
      )
    }
  }
  return Effect.void
}

const tableOptions = (
  world: World,
  settings: Settings,
  input: Input,
  contents: Contents,
  name: string
): Effect.Effect<
  Dataset.TableOptions & { readonly table: AnyTable },
  UsageError | CallError,
  MetricsClient
> =>
  Effect.gen(function* () {
    const table = yield* tableNamed(yield* catalogueOf(settings), name)
    const zone = Effect.suspend(() =>
      contents.zone === undefined
        ? zoneOf(world, settings, contents.buildings)
        : Effect.succeed(contents.zone)
    )
    const where: { [column: string]: unknown } = {}
    for (const given of contents.where ?? []) {
      const [, column = ""] = /^\s*(\w+)/.exec(given) ?? []
      // A filter applies only to tables that have the filter's column.
      if (columnOf(table, column) === undefined && (contents.tables?.length ?? 0) > 1) continue
      const filter = yield* readWhere(table, given, { zone, isUnchecked: flag(input, "unchecked") })
      if (
        Object.values(filter.operators).some(
          (value) => value instanceof Date || typeof value === "bigint"
        )
      ) {
        return yield* new UsageError(
          `The filter ${given} of a dataset is a time or a wide number`,
          "Use --from for times, and filter by other columns"
        )
      }
      where[filter.column] = {
        ...(where[filter.column] as object | undefined),
        ...filter.operators
      }
    }
    return Object.keys(where).length === 0 ? { table } : { table, where }
  })

/** Finds out whether the given names are metrics, features or columns of these tables. */
const namesOf = (
  tables: ReadonlyArray<AnyTable>,
  { metrics = [] }: Contents,
  isUnchecked: boolean
): Effect.Effect<
  { readonly metrics?: ReadonlyArray<string>; readonly features?: ReadonlyArray<string> },
  UsageError
> =>
  Effect.gen(function* () {
    if (metrics.length === 0) return {}
    const hasMetrics = tables.some((table) => columnOf(table, "metric_name") !== undefined)
    const hasFeatures = tables.some((table) => columnOf(table, "feature_name") !== undefined)
    if (!hasMetrics && !hasFeatures) {
      // These tables have a column for each metric.
      const columns = [...new Set(tables.flatMap(({ byName }) => [...byName.keys()]))]
      const scalar = { names: columns }
      return {
        metrics: yield* Effect.forEach(metrics, (metric) =>
          knownValue(
            "--metric",
            scalar,
            columns.find((column) => column.toLowerCase() === metric.toLowerCase()) ?? metric,
            false
          )
        )
      }
    }
    const namesIn = (meaning: string) =>
      tables.flatMap((table) => table.columns[columnOf(table, meaning) ?? ""]?.scalar.names ?? [])
    const features = new Set(namesIn("feature_name"))
    const known = [...namesIn("metric_name"), ...features]
    const scalar = { names: known }
    const checked = yield* Effect.forEach(metrics, (metric) =>
      knownValue("--metric", scalar, metric, isUnchecked)
    )
    return {
      ...(hasMetrics ? { metrics: checked.filter((name) => !features.has(name)) } : {}),
      ...(hasFeatures
        ? { features: checked.filter((name) => !hasMetrics || features.has(name)) }
        : {})
    }
  })
