/** Whether a query can be pulled, and by what: its range, its key columns, the options of the pull. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import type { QueryError } from "../MetricsError.js"
import type * as Pull from "../Pull.js"
import type { Query } from "../Query.js"
import type * as Table from "../Table.js"
import * as TimeRange from "../TimeRange.js"
import { fail, isPlainObject } from "./checks.js"
import * as decode from "./decodeCell.js"
import { shorten } from "./shorten.js"

/** A query that can be pulled. */
export interface Pullable<Row> {
  readonly query: Query<Row>
  readonly range: TimeRange.TimeRange
  /** What each column has to be, where the filter says it for every row. */
  readonly filters: ReadonlyMap<string, unknown>
  /** The time and the key columns that the filter leaves open, by which pages are ordered. */
  readonly key: readonly [time: string, ...rest: ReadonlyArray<string>]
  readonly pageSize: number
  readonly concurrency: number
  readonly window: Duration.Duration
}

const defaults = { window: Duration.days(7), pageSize: 5_000, concurrency: 4 }

export const check = <Row>(
  query: Query<Row>,
  options: Pull.Options
): Either.Either<Pullable<Row>, QueryError> => {
  const table = query.table
  const place = { table: table.name }
  if (
    query.root._tag !== "Rows" ||
    [query.orderBy, query.distinctOn].some((list) => list.length > 0) ||
    query.limit !== undefined ||
    query.offset !== undefined
  ) {
    return fail(
      "InvalidValue",
      place,
      `The query on ${table.name} has an order or a limit of its own, or is not about rows`,
      "A pull sets order and limits: give a query made by Query.from without them"
    )
  }
  const filters = new Map(query.where.flatMap(filtersOf))
  const ranges = [...filters].filter(([, filter]) => TimeRange.isTimeRange(filter))
  const time = ranges.find(([name]) => table.byName.get(name)?.scalar.name === "timestamptz")
  const [, range] = time ?? []
  if (time === undefined || !TimeRange.isTimeRange(range)) {
    return fail(
      "InvalidRange",
      place,
      `The query on ${table.name} has no range of time to pull`,
      "Filter its column of type timestamptz by a TimeRange"
    )
  }
  const key = keyColumns(table)
  if (key.length === 0) {
    return fail(
      "InvalidValue",
      place,
      `${table.name} has no key columns, so its rows cannot be paged`,
      "Mark the columns that together tell a row from every other with Column.key"
    )
  }
  const [name] = time
  // Equal in all rows, a column tells none from another: neither the server nor the network need be bothered with it.
  const isOpen = (column: string) => allowedValues(filters.get(column))?.length !== 1
  return Either.map(
    Either.all({
      pageSize: checkCount("pageSize", options.pageSize ?? defaults.pageSize, table.name),
      concurrency: checkCount(
        "concurrency",
        options.concurrency ?? defaults.concurrency,
        table.name
      )
    }),
    (counts) => ({
      query,
      range,
      filters,
      key: [name, ...key.filter((column) => column !== name && isOpen(column))] as const,
      window: Duration.decode(options.window ?? defaults.window),
      ...counts
    })
  )
}

export const keyColumns = (table: Table.Any): ReadonlyArray<string> =>
  [...table.byName].filter(([, column]) => column.isKey).map(([name]) => name)

/** Each column with its filter, where it must hold for every row. */
const filtersOf = (filter: unknown): ReadonlyArray<readonly [column: string, filter: unknown]> =>
  isPlainObject(filter)
    ? Object.entries(filter).flatMap(([key, value]) =>
        key === "_and" && Array.isArray(value) ? value.flatMap(filtersOf) : [[key, value]]
      )
    : []

const checkCount = (
  what: string,
  value: number,
  table: string
): Either.Either<number, QueryError> =>
  Number.isSafeInteger(value) && value > 0
    ? Either.right(value)
    : fail(
        "InvalidValue",
        { table },
        `${what} of the pull of ${table} is ${shorten(value)}`,
        "Give a whole number above 0"
      )

export const checkResume = <Row>(
  { key, query }: Pullable<Row>,
  resumeFrom: Pull.ResumePoint | undefined
): Either.Either<{ readonly time: number } | undefined, QueryError> => {
  if (resumeFrom === undefined) return Either.right(undefined)
  const { after } = resumeFrom
  const time = decode.timestamp(after[0] ?? null)
  return Either.isRight(time) && after.length === key.length
    ? Either.right({ time: DateTime.toEpochMillis(time.right) })
    : fail(
        "InvalidValue",
        { table: query.table.name },
        `resumeFrom of the pull of ${query.table.name} is ${shorten(after)}`,
        `Give the resume point of a pull of the same query: the values of ${key.join(", ")}`
      )
}

/** The values that a filter leaves a column; undefined where it leaves any. */
export const allowedValues = (filter: unknown): ReadonlyArray<unknown> | undefined => {
  if (Array.isArray(filter)) return filter
  if (!isPlainObject(filter)) return filter === undefined ? undefined : [filter]
  if ("_eq" in filter) return [filter["_eq"]]
  return Array.isArray(filter["_in"]) ? filter["_in"] : undefined
}
