/**
 * Requests one page of a stream, and checks the keys of its rows. A page has the rows of a window
 * that come after the last row of the page before.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { ReceivedAnswer } from "../../HttpExchange.js"
import { isJsonArray, isJsonObject, type JsonValue } from "../../JsonValue.js"
import { type CallError, DecodeError } from "../../MetricsError.js"
import type * as Operation from "../../Operation.js"
import type { Query } from "../../Query.js"
import type { QueryBuilder } from "../../QueryBuilder.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import type * as Streaming from "../../Streaming.js"
import * as TimeRange from "../../TimeRange.js"
import { isPlainObject } from "../isPlainObject.js"
import { Verbatim } from "../query/operand.js"
import { keyOf } from "../query/spec.js"
import { showing } from "../redact/shownValues.js"
import * as decode from "../scalar/decode.js"
import { shorten } from "../shorten.js"
import { formatInstant } from "../time/instant.js"
import { isTimeRange } from "../typeIds.js"
import { type CheckedStream, isKeyCell, type KeyColumn } from "./check.js"

/** The values of a row's key columns, as JSON from the server. */
export type KeyValues = ReadonlyArray<JsonValue>

export interface Page<Rows> {
  readonly rows: Rows
  readonly end: EndOfPage
}

/** The end of a page, after which the next page begins. */
export interface EndOfPage {
  /** The number of rows of the page. */
  readonly rowCount: number
  /** The key of the last row; `undefined` if the page has no rows. */
  readonly lastKey: KeyValues | undefined
  /** The first row of the page that has the last key. */
  readonly lastKeyStart: number
  /** The key of the row before `lastKeyStart`, if there is one. */
  readonly keyBefore: KeyValues | undefined
}

/** The keys of the rows of a page. */
export interface Keys {
  readonly length: number
  /** The key of a row. A negative number counts rows from the end. */
  readonly at: (row: number) => KeyValues | undefined
}

/** Decodes the data of a response to rows, and checks the keys of the rows. */
export type DecodePage<Rows> = (
  data: JsonValue,
  options?: { readonly inPlace?: boolean }
) => Either.Either<Page<Rows>, DecodeError>

/**
 * The functions that read the responses of pages. A stream of rows and a stream of columns have
 * different functions.
 */
export interface PageReader<Row, Rows, Item> {
  /**
   * Returns the functions that read the response of one page. The query of the page also selects
   * the key columns.
   */
  readonly read: (
    decode: DecodePage<ReadonlyArray<Row>>,
    query: Query<Row>,
    checked: CheckedStream<Row>,
    request: PageRequest
  ) => {
    /**
     * Reads the bytes of a response. If this function is set, the call does not share its response
     * with equal calls.
     */
    readonly scan?: Scan
    readonly decode: DecodePage<Rows>
  }
  /**
   * Returns the items of the stream for the rows from `start` up to `end`, without the row `end`.
   */
  readonly items: (rows: Rows, start: number, end?: number) => ReadonlyArray<Item>
}

/**
 * Reads the bytes of a response. Returns the data for `decode`, or `undefined` if this function
 * cannot read the response, which is then read like any other response.
 */
export type Scan = (received: ReceivedAnswer) => Either.Either<() => JsonValue, never> | undefined

/** Reads pages into lists of rows. */
export const rowsReaderOf = <Row>(): Effect.Effect<PageReader<Row, ReadonlyArray<Row>, Row>> =>
  Effect.succeed({
    read: (decode) => ({ decode }),
    items: (rows, start, end) => rows.slice(start, end)
  })

/** The parts of a client that a stream needs. */
export interface PageSource {
  readonly builder: QueryBuilder
  readonly call: <A>(
    operation: Operation.Operation<A> & { readonly scan?: Scan },
    retry: RetryPolicy | undefined,
    /**
     * Whether a failure that is retryable is retried. If the result is false, the call fails at
     * once.
     */
    mayRetry: (error: CallError) => boolean
  ) => Effect.Effect<A, CallError>
}

export interface PageRequest {
  readonly window: TimeRange.Interval
  /** The key of the last row before the page. */
  readonly after: KeyValues | undefined
  readonly limit: number
  readonly retry: Streaming.Options["retry"]
  readonly mayRetry: (error: CallError) => boolean
}

export const page = <Row, Rows, Item>(
  source: PageSource,
  checked: CheckedStream<Row>,
  reader: PageReader<Row, Rows, Item>,
  request: PageRequest
): Effect.Effect<Page<Rows>, CallError> => {
  const query = pageQuery(checked, request)
  return Effect.flatMap(source.builder.build(query), (operation) => {
    const decodeRows: DecodePage<ReadonlyArray<Row>> = (data, options) => {
      // The keys are read before the rows are decoded, because decoding may change the rows in
      // place.
      const keys = keysIn(data, query, checked)
      return Either.flatMap(operation.decode(data, options), (rows) =>
        Either.map(checkKeys(keys, checked, request), (keys) => ({ rows, end: endOf(keys) }))
      )
    }
    return source.call(
      // Not a spread: on Node 20, V8 makes a hidden class for each page if more follows a spread.
      Object.assign({}, operation, reader.read(decodeRows, query, checked, request)),
      request.retry,
      request.mayRetry
    )
  })
}

/**
 * The name of a key column's value in the rows of the response. If the query selects the column
 * itself, the column is not requested twice.
 */
const fieldOf = <Row>(query: Query<Row>, column: string): string => {
  if (query.select.includes(column)) return column
  let name = `page_key_${column}`
  while (query.select.some((entry) => isPlainObject(entry) && entry["as"] === name)) name += "_"
  return name
}

export const pageQuery = <Row>(
  { key, query }: CheckedStream<Row>,
  { after, limit, window }: Pick<PageRequest, "window" | "after" | "limit">
): Query<Row> =>
  // `page` explains why this is not a spread.
  Object.assign({}, query, {
    besides: key
      .filter(({ name }) => !query.select.includes(name))
      .map(({ name }) => ({ column: name, as: fieldOf(query, name) })),
    where: [
      ...inWindow(query.where, key[0].name, window),
      ...(after === undefined ? [] : laterThan(key, after))
    ],
    orderBy: key.map(({ name }) => ({ [name]: "asc" })),
    limit
  })

/**
 * Replaces one range of the time column by the window. The other ranges stay unchanged, because the
 * window lies within each of them.
 */
const inWindow = (
  filters: ReadonlyArray<unknown>,
  time: string,
  window: TimeRange.Interval
): ReadonlyArray<unknown> => {
  let isIn = false
  const narrowed = (filter: unknown): unknown =>
    isPlainObject(filter)
      ? Object.fromEntries(
          Object.entries(filter).map(([key, value]) => {
            if (key === "_and" && Array.isArray(value)) return [key, value.map(narrowed)]
            if (isIn || key !== time || !isTimeRange(value)) return [key, value]
            isIn = true
            return [key, TimeRange.between(window.start, window.end, value.source.zone)]
          })
        )
      : filter
  return filters.map(narrowed)
}

/**
 * The filter for the rows that come after a key. Rows are sorted by the key columns, and null is
 * the last value. Only nullable columns are tested for null, because this test could keep the
 * database from using the column's index.
 */
const laterThan = (key: ReadonlyArray<KeyColumn>, after: KeyValues): ReadonlyArray<unknown> => {
  const isSame = (index: number) =>
    after[index] === null
      ? { _is_null: true }
      : // `checkKeys` has checked each value of a key, so no value is undefined.
        { _eq: new Verbatim(after[index] ?? null) }
  const isLater = (column: KeyColumn["column"], name: string, index: number) => {
    const greater = { [name]: { _gt: new Verbatim(after[index] ?? null) } }
    return column.isNullable ? { _or: [greater, { [name]: { _is_null: true } }] } : greater
  }
  const [time] = key
  return [
    // The `_or` below already excludes the same rows. With this filter, however, a database can use
    // the index or the partitions of the time column.
    ...(time === undefined || after[0] === null
      ? []
      : [{ [time.name]: { _gte: new Verbatim(after[0] ?? null) } }]),
    {
      _or: key.flatMap(({ column, name }, index) =>
        // If the key has a null here, no row has a later value in this column.
        after[index] === null
          ? []
          : [
              Object.assign(
                Object.fromEntries(
                  key.slice(0, index).map((before, position) => [before.name, isSame(position)])
                ),
                isLater(column, name, index)
              )
            ]
      )
    }
  ]
}

/** The values of the key columns in the response; `undefined` if a field is missing. */
const keysIn = <Row>(
  data: JsonValue,
  query: Query<Row>,
  { key }: CheckedStream<Row>
): ReadonlyArray<ReadonlyArray<JsonValue | undefined>> => {
  const rows = isJsonObject(data) ? data[keyOf(query)] : undefined
  const fields = key.map(({ name }) => fieldOf(query, name))
  // If the data is not a list of rows, decoding the operation's data fails later.
  return isJsonArray(rows)
    ? rows.map((row) => fields.map((field) => (isJsonObject(row) ? row[field] : undefined)))
    : []
}

/**
 * Checks that each key consists of valid values, and that the rows are in the window, in order, and
 * after the key `after`. Without these checks, a stream could request the same page again and
 * again, or return a row twice.
 */
const checkKeys = <Row>(
  keys: ReadonlyArray<ReadonlyArray<JsonValue | undefined>>,
  { key, query }: CheckedStream<Row>,
  { after, window }: PageRequest
): Either.Either<ReadonlyArray<KeyValues>, DecodeError> => {
  const table = query.table.name
  const checked: Array<KeyValues> = []
  // If a server or a cache ignores the filter for later rows, it sends rows that were returned
  // before.
  let latest = Math.max(window.start.epochMillis, timeOf(after))
  const cursor = latest === timeOf(after) ? after : undefined
  for (const [row, values] of keys.entries()) {
    const at = key.findIndex((column, index) => !isKeyCell(column, values[index]))
    if (at >= 0) return Either.left(wrongKey(table, key[at] ?? key[0], values[at], row))
    // `isKeyCell` has accepted each value, so no value is undefined.
    const cells = values as KeyValues
    const millis = timeOf(cells)
    if (!(millis >= latest && millis < window.end.epochMillis)) {
      return Either.left(
        wrongPage(
          table,
          row,
          "time",
          cells[0],
          `a time from ${formatInstant(latest)} to before ${formatInstant(window.end.epochMillis)}, in order`
        )
      )
    }
    const before = checked[row - 1] ?? cursor
    if (
      (before !== undefined && millis === latest && isBefore(cells, before)) ||
      (after !== undefined && isSameKey(after, cells))
    ) {
      return Either.left(
        wrongPage(table, row, "key", cells, `rows after ${shorten(before ?? after)}, in order`)
      )
    }
    latest = millis
    checked.push(cells)
  }
  return Either.right(checked)
}

/** Finds the end of a page in the keys of its rows. */
export const endOf = (keys: Keys): EndOfPage => {
  const lastKey = keys.at(-1)
  let lastKeyStart = keys.length
  let keyBefore = lastKey
  while (keyBefore !== undefined && lastKey !== undefined && isSameKey(keyBefore, lastKey)) {
    lastKeyStart--
    keyBefore = lastKeyStart > 0 ? keys.at(lastKeyStart - 1) : undefined
  }
  return { rowCount: keys.length, lastKey, lastKeyStart, keyBefore }
}

/** The time of a key, in epoch milliseconds. The result is -Infinity if there is no key. */
export const timeOf = (key: KeyValues | undefined): number => {
  if (key === undefined) return Number.NEGATIVE_INFINITY
  const time = decode.timestamp(key[0] ?? null)
  return Either.isRight(time) ? time.right.epochMillis : Number.NaN
}

/** The digits of a time after the milliseconds, which a `Date` cannot hold. */
const restOf = (time: JsonValue): string =>
  typeof time === "string" ? (/\.\d{3}(\d+)/.exec(time)?.[1] ?? "").padEnd(6, "0") : ""

/**
 * Whether the key `one` comes before the key `other`. The times of both keys are in the same
 * millisecond. Only numbers and nulls are compared, because the order of texts depends on the
 * server's collation.
 */
export const isBefore = (one: KeyValues, other: KeyValues): boolean => {
  for (const [index, value] of one.entries()) {
    const otherValue = other[index]
    if (value === otherValue) continue
    if (index === 0) {
      const [rest, otherRest] = [restOf(value), restOf(otherValue ?? null)]
      // Both keys have the same time, written in different ways.
      if (rest === otherRest) continue
      return rest < otherRest
    }
    if (value === null || otherValue === null) return otherValue === null
    return typeof value === "number" && typeof otherValue === "number" && value < otherValue
  }
  return false
}

const isSameKey = (one: KeyValues, other: KeyValues): boolean =>
  one.every((value, index) => {
    const otherValue = other[index]
    return typeof value === "object"
      ? JSON.stringify(value) === JSON.stringify(otherValue)
      : value === otherValue
  })

const wrongKey = (
  table: string,
  { column, name }: KeyColumn,
  cell: JsonValue | undefined,
  row: number
): DecodeError =>
  showing(
    new DecodeError({
      reason: "WrongValue",
      problem: `The key column ${table}.${name} of row ${row} is ${shorten(cell)}, which is not a value of ${column.scalar.name}`,
      hint:
        cell === null
          ? "Mark the column with Column.nullable, or mark other columns with Column.key"
          : "Check the type of the column in the catalogue, or mark other columns with Column.key",
      table,
      row,
      column: name,
      expected: column.scalar.name,
      found: shorten(cell)
    }),
    cell
  )

const wrongPage = (
  table: string,
  row: number,
  what: string,
  found: JsonValue | undefined,
  expected: string
): DecodeError =>
  showing(
    new DecodeError({
      reason: "WrongPage",
      problem: `Row ${row} of a page of ${table} has the ${what} ${shorten(found)}; the request asks for ${expected}`,
      hint: "Check that the server sorts the key columns by type, and that no cache responds instead",
      table,
      row,
      expected,
      found: shorten(found)
    }),
    found
  )
