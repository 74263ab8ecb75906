/** The definition of a dataset: its tables, with the columns and the parts of each table. */
import type * as Column from "@innerspace-metrics/core/Column"
import * as Granularity from "@innerspace-metrics/core/Granularity"
import type * as Table from "@innerspace-metrics/core/Table"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Dataset from "../../Dataset.js"
import { DatasetError } from "../../DatasetError.js"
import { type FileColumn, fileColumn } from "../columns/column.js"
import * as Calendar from "./calendar.js"

/** A definition that was checked. */
export interface Definition {
  /** The path of the folder or of the database file. */
  readonly name: string
  readonly isDatabase: boolean
  readonly tables: ReadonlyArray<TableDefinition>
  readonly zone: string
  /** Epoch milliseconds of the first day. */
  readonly from: number
  /** How many milliseconds before the end of the last published period a run reads again. */
  readonly lookBack: number
  readonly keepMonths: number | undefined
}

export interface TableDefinition {
  readonly name: string
  readonly table: Table.Any
  readonly columns: ReadonlyArray<FileColumn>
  /** Positions of the key columns in `columns`, with the time first. */
  readonly key: ReadonlyArray<number>
  readonly time: string
  /** The filter that all parts share. */
  readonly where: { readonly [column: string]: unknown }
  readonly series: ReadonlyArray<SeriesDefinition>
}

/** The names of the key columns, with the time first. */
export const keyNames = ({ columns, key }: TableDefinition): ReadonlyArray<string> =>
  key.flatMap((index) => columns[index]?.name ?? [])

/** The parts of all months that share building, granularity and metric. */
export interface SeriesDefinition {
  /** The columns that have one value in all rows of the series, in the order of the path. */
  readonly fixed: ReadonlyArray<readonly [column: string, value: string | number]>
  readonly granularity: Granularity.Granularity | undefined
}

/**
 * Whether a text is a word. The path of a part contains the text. Programs that read columns from
 * paths convert other texts, such as digits, to another type.
 */
const isWord = (text: string): boolean =>
  /^[A-Za-z][A-Za-z0-9_]*$/.test(text) && !/^null$/i.test(text)

/** The columns that divide a table into parts, in the order of the path. */
const divisions: ReadonlyArray<{
  readonly column: string
  readonly option: "buildings" | "granularities" | "metrics" | "features"
  readonly isValid: (value: unknown) => boolean
  readonly form: string
}> = [
  {
    column: "building_id",
    option: "buildings",
    isValid: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
    form: "whole numbers"
  },
  {
    column: "granularity",
    option: "granularities",
    isValid: Granularity.isGranularity,
    form: `some of ${Granularity.all.join(", ")}`
  },
  {
    column: "metric_name",
    option: "metrics",
    isValid: (value) => typeof value === "string" && isWord(value),
    form: "names of metrics"
  },
  {
    column: "feature_name",
    option: "features",
    isValid: (value) => typeof value === "string" && isWord(value),
    form: "names of features"
  }
]

/** The fields of a definition without its tables. */
export type Contents = Pick<Definition, "name" | "zone" | "from" | "lookBack" | "keepMonths">

export const define = (options: Dataset.Options): Effect.Effect<Definition, DatasetError> =>
  Effect.gen(function* () {
    const { database, folder } = options
    const name = folder ?? database
    if (
      typeof name !== "string" ||
      name === "" ||
      (folder !== undefined && database !== undefined)
    ) {
      return yield* invalid(
        String(name),
        `folder is ${JSON.stringify(folder)} and database is ${JSON.stringify(database)}`,
        "Pass the path of a folder or of a DuckDB database"
      )
    }
    const contents = yield* defineContents(name, options)
    const tables = yield* Effect.forEach(options.tables, (given) =>
      defineTable(name, options, "table" in given ? given : { table: given })
    )
    const names = tables.map((table) => table.name.toLowerCase())
    if (tables.length === 0 || new Set(names).size < names.length) {
      return yield* invalid(
        name,
        tables.length === 0 ? "The dataset has no table" : "The dataset has a table twice",
        "Name each table once in tables"
      )
    }
    return { ...contents, isDatabase: folder === undefined, tables }
  })

/** Checks the options that apply to all tables. `name` is the name of the dataset in messages. */
export const defineContents = (
  name: string,
  options: Omit<Dataset.Options, "tables">
): Effect.Effect<Contents, DatasetError> =>
  Effect.gen(function* () {
    for (const { form, isValid, option } of divisions) {
      const values: ReadonlyArray<unknown> = options[option] ?? []
      if (!Array.isArray(values) || !values.every(isValid)) {
        return yield* invalid(name, `${option} is ${JSON.stringify(values)}`, `Pass ${form}`)
      }
      const names = values.map((value) => String(value).toLowerCase())
      if (new Set(names).size < names.length) {
        return yield* invalid(
          name,
          `${option} has a value twice: ${JSON.stringify(values)}`,
          "Name each once"
        )
      }
    }
    const { keepMonths } = options
    if (keepMonths !== undefined && !(Number.isSafeInteger(keepMonths) && keepMonths > 0)) {
      return yield* invalid(
        name,
        `keepMonths is ${JSON.stringify(keepMonths)}`,
        "Pass a whole number above 0"
      )
    }
    const lookBack = Option.map(
      Duration.decodeUnknown(options.lookBack ?? "7 days"),
      Duration.toMillis
    )
    if (Option.isNone(lookBack) || !Number.isFinite(lookBack.value)) {
      return yield* invalid(
        name,
        `lookBack is ${JSON.stringify(options.lookBack)}`,
        'Pass a duration, such as "7 days"'
      )
    }
    const from = yield* Effect.mapError(Calendar.startOfDate(options.from, options.zone), (error) =>
      invalid(name, error.problem, error.hint)
    )
    return { name, zone: options.zone, from, lookBack: lookBack.value, keepMonths }
  })

export const defineTable = (
  name: string,
  options: Omit<Dataset.Options, "tables">,
  { table, where = {} }: Dataset.TableOptions
): Effect.Effect<TableDefinition, DatasetError> =>
  Effect.gen(function* () {
    const found = [...table.byName]
    const named = (wanted: string) => found.find(([column]) => column.toLowerCase() === wanted)?.[0]
    const time = found.find(([, { isKey, scalar }]) => isKey && scalar.name === "timestamptz")?.[0]
    if (time === undefined) {
      return yield* invalid(
        name,
        `${table.name} has no key column of type timestamptz`,
        "Pass a table with a time, and mark its key columns with Column.key"
      )
    }
    if (named("month") !== undefined) {
      return yield* invalid(
        name,
        `${table.name} has a column month, which is the name of a folder of the dataset`,
        "Leave the table out"
      )
    }
    const selected = yield* selectColumns(name, options, table.name, found)
    let series: ReadonlyArray<SeriesDefinition> = [{ fixed: [], granularity: undefined }]
    for (const { column, option } of divisions) {
      const present = named(column)
      if (present === undefined) continue
      const values = options[option] ?? []
      if (values.length === 0) {
        return yield* invalid(
          name,
          `${table.name} is divided by ${present}, but ${option} names no value`,
          `Pass ${option}`
        )
      }
      series = series.flatMap(({ fixed, granularity }) =>
        values.map((value) => ({
          fixed: [...fixed, [present, value] as const],
          granularity: Granularity.isGranularity(value) ? value : granularity
        }))
      )
    }
    const group = named("group_id")
    const columns = selected.map(([column, definition]) => fileColumn(column, definition))
    const keys = selected.flatMap(([column, { isKey }], index) =>
      isKey && column !== time ? [index] : []
    )
    return {
      name: table.name,
      table,
      columns,
      key: [columns.findIndex((column) => column.name === time), ...keys],
      time,
      where: {
        ...where,
        ...(group === undefined || options.groups === undefined ? {} : { [group]: options.groups })
      },
      series
    }
  })

/**
 * Returns the columns of a table that the dataset keeps. A table with a column for each metric
 * keeps its key columns and the metrics of the option `metrics`. Any other table keeps all columns.
 */
const selectColumns = (
  name: string,
  { metrics }: Pick<Dataset.Options, "metrics">,
  table: string,
  columns: ReadonlyArray<readonly [string, Column.Any]>
): Effect.Effect<ReadonlyArray<readonly [string, Column.Any]>, DatasetError> => {
  const isLong = columns.some(([column]) => /^(metric|feature)_name$/i.test(column))
  if (isLong || metrics === undefined || metrics.length === 0) return Effect.succeed(columns)
  const missing = metrics.find((metric) => !columns.some(([column]) => column === metric))
  return missing === undefined
    ? Effect.succeed(columns.filter(([column, { isKey }]) => isKey || metrics.includes(column)))
    : invalid(
        name,
        `${table} has no column ${missing}`,
        `Pass some of ${columns.flatMap(([column, { isKey }]) => (isKey ? [] : [column])).join(", ")} as metrics`
      )
}

const invalid = (dataset: string, problem: string, hint: string): DatasetError =>
  new DatasetError({ reason: "InvalidOption", problem, hint, dataset })
