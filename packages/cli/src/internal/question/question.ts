/**
 * Turns a question into a query. A question is a table with options such as `--range`, `--where`
 * and `--metric`. Names and values are checked before a request is sent.
 */
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import type * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Effect from "effect/Effect"
import {
  type AnyTable,
  catalogueOf,
  columnOf,
  tableNamed,
  timeColumnOf
} from "../client/catalogue.js"
import { zoneOf } from "../client/places.js"
import type { Input } from "../frame/command.js"
import { UsageError } from "../frame/failure.js"
import { commaList, count, flag, list, text, wholeNumber } from "../frame/read.js"
import type { World } from "../frame/world.js"
import { didYouMean } from "../program/nearest.js"
import type { Settings } from "../settings/settings.js"
import { columnNamed } from "./column.js"
import { groupIds } from "./group.js"
import { needsZone, readRange } from "./range.js"
import { type Filter, knownValue, type Reading, readWhere } from "./where.js"

export interface Question {
  readonly table: AnyTable
  readonly query: Query.Query<{ readonly [column: string]: unknown }>
  readonly columns: ReadonlyArray<string>
  readonly time: string | undefined
  readonly range: TimeRange.TimeRange | undefined
  readonly granularity: string | undefined
  /**
   * The time zone for times in a table on the terminal: UTC, unless a setting or the query names
   * another zone.
   */
  readonly zone: string
  /** Whether the rows are read in windows and pages. */
  readonly isStream: boolean
  readonly limit: number | undefined
  /** Whether the limit is the default and not set by the person. */
  readonly hasDefaultLimit: boolean
}

/** The limit of a query that has neither a range nor `--limit`. */
const defaultLimit = 1000

type Needs = MetricsClient.MetricsClient

export const readQuestion = (
  world: World,
  settings: Settings,
  input: Input
): Effect.Effect<Question, UsageError | CallError, Needs> =>
  Effect.gen(function* () {
    const [tableName = ""] = input.args
    const table = yield* tableNamed(yield* catalogueOf(settings), tableName)
    const time = timeColumnOf(table)
    const isUnchecked = flag(input, "unchecked")
    const givenRange = text(input, "range")
    // A date in a filter needs a time zone. Another filter may name a building, and the zone is
    // then the zone of this building.
    const readings = list(input, "where")
    const buildings = buildingsIn(table, [
      ...readings,
      ...commaList(input, "building").map((id) => `building_id=${id}`)
    ])
    const zone = yield* Effect.cached(zoneOf(world, settings, buildings))
    const filters = yield* readFilters(settings, table, input, { zone, isUnchecked })

    const range = yield* rangeFilter(table, time, givenRange, zone)
    const where: { [column: string]: unknown } = {}
    const and: Array<unknown> = []
    for (const { column, operators } of filters) {
      if (Object.hasOwn(where, column)) and.push({ [column]: operators })
      else where[column] = operators
    }
    if (range !== undefined && time !== undefined) {
      if (Object.hasOwn(where, time)) and.push({ [time]: range })
      else where[time] = range
    }
    yield* checkDimensions(table, filters)

    const columns = yield* selected(table, input, filters)
    const order = yield* readOrder(table, input)
    const limit = yield* count(input, "limit", "--limit")
    const isStream = range !== undefined && order.length === 0 && limit === undefined
    const hasDefaultLimit = !isStream && limit === undefined
    const most = isStream ? undefined : (limit ?? defaultLimit)
    const [first, ...others] = columns
    if (first === undefined) return yield* new UsageError("No column is selected", "Pass --select")
    const sorted =
      order.length > 0
        ? order
        : isStream || time === undefined || !columns.includes(time)
          ? []
          : [{ [time]: "asc" }]
    const query = Query.from(table, {
      select: [first, ...others],
      // The builder checks the filter again, by the types of the columns.
      where: (and.length === 0 ? where : { ...where, _and: and }) as Query.Where<
        AnyTable["columns"]
      >,
      ...(sorted.length === 0
        ? {}
        : { orderBy: sorted as ReadonlyArray<Query.OrderBy<AnyTable["columns"]>> }),
      // One additional row shows whether there are more rows.
      ...(most === undefined ? {} : { limit: hasDefaultLimit ? most + 1 : most })
    })
    const known =
      settings.zone.value ??
      (range === undefined || (givenRange !== undefined && !needsZone(givenRange))
        ? "UTC"
        : yield* zone)
    const granularity = filters.find(({ column }) => column === columnOf(table, "granularity"))
      ?.values?.[0]
    return {
      table,
      query,
      columns,
      time,
      range,
      granularity: typeof granularity === "string" ? granularity : undefined,
      zone: known,
      isStream,
      limit: most,
      hasDefaultLimit
    }
  })

/** The building ids of filters such as `building_id=71,72`. */
const buildingsIn = (
  table: AnyTable,
  filters: ReadonlyArray<string>
): ReadonlyArray<number> | undefined => {
  const column = columnOf(table, "building_id")
  if (column === undefined) return undefined
  const found = filters.flatMap((filter) => {
    const [, name = "", ids = ""] = /^\s*(\w+)\s*=\s*([\d\s,]+)$/.exec(filter) ?? []
    return name.toLowerCase() === column.toLowerCase() ? ids.split(",").map(Number) : []
  })
  return found.length === 0 ? undefined : found
}

/** Reads `--where`, and the options that are filters: `--granularity`, `--metric`, `--group`. */
const readFilters = (
  settings: Settings,
  table: AnyTable,
  input: Input,
  reading: Reading
): Effect.Effect<ReadonlyArray<Filter>, UsageError | CallError, Needs> =>
  Effect.gen(function* () {
    const filters = [
      ...(yield* Effect.forEach(list(input, "where"), (given) => readWhere(table, given, reading)))
    ]
    const isFiltered = (column: string) => filters.some((filter) => filter.column === column)
    const add = (column: string, option: string, values: ReadonlyArray<string | number>) => {
      if (isFiltered(column)) {
        return Effect.fail(
          new UsageError(`${option} and --where both filter ${column}`, "Pass one of them")
        )
      }
      filters.push({
        column,
        operators: values.length === 1 ? { _eq: values[0] } : { _in: values },
        values
      })
      return Effect.void
    }
    const buildings = yield* Effect.forEach(commaList(input, "building"), (id) =>
      wholeNumber(id, "--building", 0)
    )
    if (buildings.length > 0) {
      const column = columnOf(table, "building_id")
      if (column === undefined) return yield* noSuch(table, "--building", "buildings")
      yield* add(column, "--building", buildings)
    }
    const granularity = text(input, "granularity")
    if (granularity !== undefined) {
      const column = columnOf(table, "granularity")
      if (column === undefined) return yield* noSuch(table, "--granularity", "periods")
      yield* add(column, "--granularity", [granularity])
    }
    const metrics = commaList(input, "metric")
    const named = columnOf(table, "metric_name") ?? columnOf(table, "feature_name")
    if (metrics.length > 0 && named !== undefined) {
      const scalar = table.columns[named]?.scalar
      const values = yield* Effect.forEach(metrics, (metric) =>
        scalar === undefined
          ? Effect.succeed(metric)
          : knownValue(named, scalar, metric, reading.isUnchecked)
      )
      yield* add(named, "--metric", values)
    }
    const groups = list(input, "group")
    const group = columnOf(table, "group_id")
    if (group === undefined) {
      if (groups.length > 0) return yield* noSuch(table, "--group", "groups")
    } else if (groups.length > 0 || !isFiltered(group)) {
      yield* add(
        group,
        "--group",
        yield* groupIds(settings, groups.length > 0 ? groups : [settings.group.value])
      )
    }
    return filters
  })

const noSuch = (table: AnyTable, option: string, what: string) =>
  new UsageError(`${table.name} has no ${what} to filter by ${option}`, `Leave ${option} out`)

const rangeFilter = (
  table: AnyTable,
  time: string | undefined,
  given: string | undefined,
  zone: Reading["zone"]
): Effect.Effect<TimeRange.TimeRange | undefined, UsageError | CallError, Needs> =>
  Effect.gen(function* () {
    if (given === undefined) return undefined
    if (time === undefined) return yield* noSuch(table, "--range", "times")
    // A wrong range is reported before the time zone is looked up, because the look-up may need a
    // request.
    yield* readRange(given, "UTC")
    return yield* readRange(given, needsZone(given) ? yield* zone : "UTC")
  })

/**
 * Fails if the rows can have several metrics, granularities or groups, because such rows are a
 * mixture of several series.
 */
const checkDimensions = (
  table: AnyTable,
  filters: ReadonlyArray<Filter>
): Effect.Effect<void, UsageError> => {
  const open = table.dimensions.find(
    (dimension) =>
      !filters.some(({ column, values }) => column === dimension && values !== undefined)
  )
  if (open === undefined) return Effect.void
  const [option, example] = /^granularity$/i.test(open)
    ? ["--granularity", "PT1H"]
    : /_name$/i.test(open)
      ? ["--metric", open === "feature_name" ? "weekly_frequency_dist" : "occupancy_mean"]
      : ["--where", `${open}=...`]
  return Effect.fail(
    new UsageError(
      `The rows would mix several values of ${open}`,
      `Add ${option}, such as ${option} ${example}`
    )
  )
}

/** The metric columns of a table that has a column for each metric. */
const metricColumns = (table: AnyTable): ReadonlyArray<string> =>
  [...table.byName].flatMap(([name, { isKey }]) =>
    isKey || /^(building_id|date_partition)$/i.test(name) ? [] : [name]
  )

const selected = (
  table: AnyTable,
  input: Input,
  filters: ReadonlyArray<Filter>
): Effect.Effect<ReadonlyArray<string>, UsageError> =>
  Effect.gen(function* () {
    const given = commaList(input, "select")
    const metrics = commaList(input, "metric")
    const isWide =
      columnOf(table, "metric_name") === undefined && columnOf(table, "feature_name") === undefined
    const wanted = isWide
      ? yield* Effect.forEach(metrics, (metric) => metricColumn(table, metric))
      : []
    if (given.length > 0) {
      const named = given.includes("*")
        ? [...table.byName.keys()]
        : yield* Effect.forEach(given, (name) => columnNamed(table, name))
      return [...new Set([...named, ...wanted])]
    }
    const isFixed = (column: string) =>
      filters.some((filter) => filter.column === column && filter.values?.length === 1)
    const metricNames = metricColumns(table)
    const open = [...table.byName.keys()].filter(
      (column) =>
        !isFixed(column) &&
        !/^date_partition$/i.test(column) &&
        (wanted.length === 0 || !metricNames.includes(column) || wanted.includes(column))
    )
    // The columns are in this order: the time, the other key columns, the values.
    const time = timeColumnOf(table)
    const rank = (column: string) =>
      column === time ? 0 : table.columns[column]?.isKey === true ? 1 : 2
    return open.sort((one, other) => rank(one) - rank(other))
  })

const metricColumn = (table: AnyTable, metric: string): Effect.Effect<string, UsageError> => {
  const names = metricColumns(table)
  const found = names.find((name) => name.toLowerCase() === metric.toLowerCase())
  return found === undefined
    ? Effect.fail(
        new UsageError(
          `${table.name} has no metric ${JSON.stringify(metric)}`,
          didYouMean(metric, names)
        )
      )
    : Effect.succeed(found)
}

const readOrder = (
  table: AnyTable,
  input: Input
): Effect.Effect<ReadonlyArray<{ readonly [column: string]: string }>, UsageError> =>
  Effect.forEach(commaList(input, "order"), (given) =>
    Effect.map(columnNamed(table, given.replace(/^-/, "")), (column) => ({
      [column]: given.startsWith("-") ? "desc" : "asc"
    }))
  )
