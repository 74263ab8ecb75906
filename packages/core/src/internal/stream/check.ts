/**
 * Checks whether a query can be streamed, and finds its range, its key columns and the options of
 * the stream.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as Column from "../../Column.js"
import { isRecord, type JsonValue } from "../../JsonValue.js"
import type { QueryError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import type * as Streaming from "../../Streaming.js"
import type * as Table from "../../Table.js"
import * as TimeRange from "../../TimeRange.js"
import { isPlainObject } from "../isPlainObject.js"
import { type Kinds, misfit } from "../options/check.js"
import { isAny } from "../options/kinds.js"
import { allowedValues } from "../query/filterValues.js"
import { fail, notQuery, type Place } from "../queryError.js"
import * as decode from "../scalar/decode.js"
import { shorten } from "../shorten.js"
import { instantOf } from "../time/instant.js"
import { isTimeRange } from "../typeIds.js"

/** A query that can be streamed. */
export interface CheckedStream<Row> {
  /**
   * The query, in which each time range has been replaced by a range between two instants. A range
   * such as `TimeRange.last` depends on the current time, and must not change while the stream
   * runs.
   */
  readonly query: Query<Row>
  /**
   * The filters that must hold for every row, each with its column. A column can have several
   * filters.
   */
  readonly filters: ReadonlyArray<ColumnFilter>
  /**
   * The columns by which pages are ordered: the time, and the key columns that the filter does not
   * limit to one value.
   */
  readonly key: Key
  /**
   * The first range on the time column. The query of each window has the window in place of this
   * range.
   */
  readonly range: TimeRange.TimeRange
  /** The windows. Together they cover the part of the time range that all filters allow. */
  readonly windows: ReadonlyArray<TimeRange.Interval>
  readonly pageSize: number
  readonly concurrency: number
  readonly resumeFrom: Resume | undefined
}

export type Key = readonly [time: KeyColumn, ...rest: ReadonlyArray<KeyColumn>]

export interface KeyColumn {
  readonly name: string
  readonly column: Column.Any
}

export type ColumnFilter = readonly [column: string, filter: unknown]

/** A resume point that was checked. */
export interface Resume {
  readonly after: ReadonlyArray<JsonValue>
  /** The time of the resume point, in epoch milliseconds. */
  readonly time: number
}

const defaults = { window: Duration.days(7), pageSize: 5_000, concurrency: 4 }

/**
 * The maximum number of windows. Each window needs memory and at least one request. If there are
 * more windows, the unit of the duration is probably wrong.
 */
const maxWindows = 100_000

/**
 * The maximum of `pageSize` and `concurrency`. A page requests `pageSize` rows and one more row,
 * and this number must be an `Int` of GraphQL, which has 32 bits.
 */
const maxCount = 2 ** 31 - 2

export const check = <Row>(
  query: Query<Row>,
  options: Streaming.Options
): Effect.Effect<CheckedStream<Row>, QueryError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => checkAt(query, options, now))

const checkAt = <Row>(
  written: Query<Row>,
  options: Streaming.Options,
  now: number
): Either.Either<CheckedStream<Row>, QueryError> =>
  Either.gen(function* () {
    yield* notQuery(written) ?? Either.void
    const table = written.table
    const place = { table: table.name }
    if (
      written.root._tag !== "Rows" ||
      [written.orderBy, written.distinctOn].some((list) => list.length > 0) ||
      written.limit !== undefined ||
      written.offset !== undefined
    ) {
      return yield* fail(
        "InvalidValue",
        place,
        `The query on ${table.name} has an order or a limit of its own, or does not select rows`,
        "A stream sets order and limits: pass a query made by Query.from without them"
      )
    }
    const given: unknown = options
    if (!isRecord(given)) {
      return yield* invalidOption(
        place,
        "The options argument",
        given,
        "Pass an object, or leave it out"
      )
    }
    const unknown = misfit(kinds, given)
    if (unknown !== undefined) {
      return yield* fail("InvalidValue", place, unknown.problem, unknown.hint)
    }
    const query = {
      ...written,
      select: written.select.map((entry) => withInstants(entry, now)),
      where: written.where.map((filter) => withInstants(filter, now))
    }
    const filters = query.where.flatMap(filtersOf)
    const { range, ...time } = yield* timeColumn(table, filters)
    const key = [time, ...(yield* openKeys(table, filters, time.name))] as const
    const {
      concurrency = defaults.concurrency,
      pageSize = defaults.pageSize,
      window = defaults.window
    } = options
    yield* checkCount("pageSize", pageSize, place)
    yield* checkCount("concurrency", concurrency, place)
    if (options.onProgress !== undefined && typeof options.onProgress !== "function") {
      return yield* invalidOption(place, "onProgress", options.onProgress, "Pass a function")
    }
    return {
      query,
      filters,
      key,
      range,
      pageSize,
      concurrency,
      windows: yield* windowsOf(window, filters, time.name, place, now),
      resumeFrom: yield* checkResume(key, options.resumeFrom, place)
    }
  })

/**
 * The names of the options, for the search for unknown options. The values are checked elsewhere.
 */
const kinds: Kinds = {
  "window?": isAny,
  "pageSize?": isAny,
  "concurrency?": isAny,
  "resumeFrom?": isAny,
  "onProgress?": isAny,
  "retry?": isAny
}

/** Replaces all time ranges in a filter by ranges between two instants. */
const withInstants = (written: unknown, now: number): unknown => {
  if (isTimeRange(written)) {
    // An invalid range is reported when the query is built.
    return Either.match(TimeRange.resolveAt(written, now), {
      onLeft: () => written,
      onRight: ({ end, start }) => TimeRange.between(start, end, written.source.zone)
    })
  }
  if (Array.isArray(written)) return written.map((part) => withInstants(part, now))
  return isPlainObject(written)
    ? Object.fromEntries(
        Object.entries(written).map(([key, part]) => [key, withInstants(part, now)])
      )
    : written
}

/**
 * Finds the time column, whose range is divided into windows. A key column is preferred, because
 * rows are in the order of the key columns.
 */
const timeColumn = (
  table: Table.Any,
  filters: ReadonlyArray<ColumnFilter>
): Either.Either<KeyColumn & { readonly range: TimeRange.TimeRange }, QueryError> => {
  const candidates = filters.flatMap(([name, filter]) => {
    const column = table.byName.get(name)
    return isTimeRange(filter) && column?.scalar.name === "timestamptz"
      ? [{ name, column, range: filter }]
      : []
  })
  const found = candidates.find(({ column }) => column.isKey) ?? candidates[0]
  return found === undefined
    ? fail(
        "InvalidRange",
        { table: table.name },
        `The query on ${table.name} has no time range to stream`,
        "Filter its timestamptz column by a TimeRange"
      )
    : Either.right(found)
}

const openKeys = (
  table: Table.Any,
  filters: ReadonlyArray<ColumnFilter>,
  time: string
): Either.Either<ReadonlyArray<KeyColumn>, QueryError> => {
  const keys = [...table.byName].filter(([, column]) => column.isKey)
  if (keys.length === 0) {
    return fail(
      "InvalidValue",
      { table: table.name },
      `${table.name} has no key columns, so its rows cannot be paged`,
      "Mark the columns that together identify a row with Column.key"
    )
  }
  // If the filter limits a column to one value, all rows have this value. The stream then neither
  // requests the column nor sorts by it.
  const open = keys.filter(([name]) => name !== time && valuesOf(filters, name)?.length !== 1)
  const unordered = open.find(([, { scalar }]) => !isOrdered(scalar.name, scalar.operators))
  return unordered === undefined
    ? Either.right(open.map(([name, column]) => ({ name, column })))
    : fail(
        "InvalidValue",
        { table: table.name, column: unordered[0] },
        `${table.name}.${unordered[0]} is a key column of type ${unordered[1].scalar.name}, which has no order to page by`,
        "Filter this column by one value, or define a Table with other key columns"
      )
}

/**
 * Whether a stream can page by columns of a type. A JSON value or a geometry can be written in
 * several ways, so a page cannot begin after such a value.
 */
const isOrdered = (type: string, operators: object): boolean =>
  "_gt" in operators && "_eq" in operators && !/^(?:jsonb?|geometry|geography)$/.test(type)

/** The filters that must hold for every row, each with its column. */
const filtersOf = (filter: unknown): ReadonlyArray<ColumnFilter> =>
  isPlainObject(filter)
    ? Object.entries(filter).flatMap(([key, value]) =>
        key === "_and" && Array.isArray(value) ? value.flatMap(filtersOf) : [[key, value] as const]
      )
    : []

/**
 * The values to which the filters limit a column. If several filters list values, this is the
 * shortest list. `undefined` if no filter lists values.
 */
export const valuesOf = (
  filters: ReadonlyArray<ColumnFilter>,
  column: string
): ReadonlyArray<unknown> | undefined =>
  filters
    .flatMap(([name, filter]) => (name === column ? [allowedValues(filter)] : []))
    .filter((values) => values !== undefined)
    .sort((a, b) => a.length - b.length)[0]

/**
 * Divides the part of the time range that all filters allow into windows. There are no windows if
 * this part is empty.
 */
const windowsOf = (
  window: Duration.DurationInput,
  filters: ReadonlyArray<ColumnFilter>,
  time: string,
  place: Place,
  now: number
): Either.Either<ReadonlyArray<TimeRange.Interval>, QueryError> =>
  Either.gen(function* () {
    const step = Option.match(Duration.decodeUnknown(window), {
      onNone: () => Number.NaN,
      onSome: Duration.toMillis
    })
    if (!(step >= 1)) {
      return yield* invalidOption(place, "window", window, 'Pass a duration, such as "7 days"')
    }
    let start = Number.NEGATIVE_INFINITY
    let end = Number.POSITIVE_INFINITY
    for (const [name, filter] of filters) {
      if (name !== time) continue
      const [from, until] = isTimeRange(filter)
        ? yield* Either.map(TimeRange.resolveAt(filter, now), (range) => [
            range.start.epochMillis,
            range.end.epochMillis
          ])
        : boundsOf(filter)
      start = Math.max(start, from ?? start)
      end = Math.min(end, until ?? end)
    }
    // At least one filter is a range, so `start` and `end` are finite.
    if (!(start < end)) return []
    const size = Math.min(Math.floor(step), end - start)
    const count = Math.ceil((end - start) / size)
    if (count > maxWindows) {
      return yield* fail(
        "InvalidValue",
        place,
        `The window of the stream of ${place.table} is ${Duration.format(Duration.millis(size))}, which divides its range into ${count} windows`,
        `Pass a duration that gives at most ${maxWindows}, such as "7 days"; a number is in milliseconds`
      )
    }
    return Array.from({ length: count }, (_, index) => ({
      start: DateTime.unsafeMake(start + index * size),
      end: DateTime.unsafeMake(Math.min(end, start + (index + 1) * size))
    }))
  })

/**
 * The start and the end that the operators of a filter set for the time, in epoch milliseconds.
 * The time between them may be longer than the filter allows. The server still applies the filter,
 * because the query keeps these operators.
 */
const boundsOf = (
  filter: unknown
): readonly [from: number | undefined, until: number | undefined] => {
  if (!isPlainObject(filter)) return [undefined, undefined]
  const instant = (operator: string) => Option.getOrUndefined(instantOf(filter[operator]))
  const until = instant("_lte") ?? instant("_eq")
  return [
    instant("_gte") ?? instant("_gt") ?? instant("_eq"),
    // A time of the server can have digits after the milliseconds. The end after `_lte` or `_eq` is
    // therefore one millisecond later, so that such a time is before the end.
    instant("_lt") ?? (until === undefined ? undefined : until + 1)
  ]
}

const checkCount = (what: string, value: number, place: Place): Either.Either<void, QueryError> =>
  Number.isSafeInteger(value) && value > 0 && value <= maxCount
    ? Either.void
    : invalidOption(place, what, value, `Pass a whole number from 1 to ${maxCount}`)

const invalidOption = (
  place: Place,
  what: string,
  value: unknown,
  hint: string
): Either.Either<never, QueryError> =>
  fail("InvalidValue", place, `${what} of the stream of ${place.table} is ${shorten(value)}`, hint)

const checkResume = (
  key: Key,
  resumeFrom: unknown,
  place: Place
): Either.Either<Resume | undefined, QueryError> => {
  if (resumeFrom === undefined) return Either.right(undefined)
  const after: unknown = isRecord(resumeFrom) ? resumeFrom["after"] : undefined
  if (Array.isArray(after) && after.length === key.length) {
    const values: ReadonlyArray<unknown> = after
    const cells = key.flatMap((column, index) => {
      const cell = values[index]
      return isKeyCell(column, cell) ? [cell] : []
    })
    const time = Either.flatMap(
      Either.fromNullable(cells[0], () => ""),
      decode.timestamp
    )
    if (cells.length === key.length && Either.isRight(time)) {
      return Either.right({ after: cells, time: DateTime.toEpochMillis(time.right) })
    }
  }
  return invalidOption(
    place,
    "resumeFrom",
    resumeFrom,
    `Pass the resume point of a stream of the same query: { after: [...] } with the values of ${key.map(({ name }) => name).join(", ")}`
  )
}

/** Whether a value can be a cell of a key column, as JSON from the server. */
export const isKeyCell = ({ column }: KeyColumn, cell: unknown): cell is JsonValue => {
  if (cell === null) return column.isNullable
  switch (typeof cell) {
    case "string":
    case "number":
    case "boolean":
      return Either.isRight(column.scalar.decode(cell))
    default:
      // A cell of an array column is an array. The decoder of the scalar checks the elements.
      return Array.isArray(cell) && Either.isRight(column.scalar.decode(cell))
  }
}
