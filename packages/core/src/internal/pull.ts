/** A query over a range in windows and pages. */
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type * as Take from "effect/Take"
import * as Granularity from "../Granularity.js"
import { isJsonArray, isJsonObject, type JsonValue } from "../JsonValue.js"
import type { CallError, QueryError } from "../MetricsError.js"
import * as Operation from "../Operation.js"
import type * as Pull from "../Pull.js"
import type { Query } from "../Query.js"
import type { QueryBuilderService } from "../QueryBuilder.js"
import type * as Table from "../Table.js"
import * as TimeRange from "../TimeRange.js"
import { fail, isPlainObject, Verbatim } from "./checks.js"
import * as decode from "./decodeCell.js"
import { shorten } from "./shorten.js"

/** A query that can be pulled. */
interface Pullable<Row> {
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

/** A page, and the resume point after its last row. An empty one ends its window. */
interface Page<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly resume: Pull.ResumePoint | undefined
}

/** What is needed of a client. */
export interface Puller {
  readonly builder: QueryBuilderService
  readonly call: <A>(
    operation: Operation.Operation<A>,
    options: Pull.Options
  ) => Effect.Effect<A, CallError>
}

const defaults = { window: Duration.days(7), pageSize: 5_000, concurrency: 4 }

export const stream = <Row>(
  puller: Puller,
  query: Query<Row>,
  options: Pull.Options
): Stream.Stream<Row, CallError> =>
  Stream.unwrapScoped(
    Effect.gen(function* () {
      const pullable = yield* check(query, options)
      const windows = yield* TimeRange.split(pullable.range, pullable.window)
      const resumeFrom = yield* checkResume(pullable, options.resumeFrom)
      const left = windows.filter(
        ({ end }) => resumeFrom === undefined || end.epochMillis > resumeFrom.time
      )
      const scope = yield* Effect.scope
      const permits = yield* Effect.makeSemaphore(pullable.concurrency)
      let progress: Pull.Progress = {
        done: windows.length - left.length,
        total: windows.length,
        rows: 0,
        resume: options.resumeFrom
      }
      const note = ({ rows, resume }: Page<Row>) =>
        Effect.suspend(() => {
          progress = {
            ...progress,
            done: progress.done + (rows.length === 0 ? 1 : 0),
            rows: progress.rows + rows.length,
            resume: resume ?? progress.resume
          }
          return options.onProgress?.(progress) ?? Effect.void
        })
      return Stream.fromIterable(left).pipe(
        Stream.zipWithIndex,
        // Each window fills a queue of one page, ahead of its turn.
        Stream.mapEffect(([window, index]) =>
          Effect.tap(Queue.bounded<Take.Take<Page<Row>, CallError>>(1), (queue) =>
            pages(
              puller,
              pullable,
              window,
              index === 0 ? options.resumeFrom : undefined,
              options
            ).pipe(Stream.runIntoQueue(queue), permits.withPermits(1), Effect.forkIn(scope))
          )
        ),
        (queues) =>
          pullable.concurrency === 1
            ? queues
            : Stream.buffer(queues, { capacity: pullable.concurrency - 1 }),
        Stream.flatMap((queue) => Stream.flattenTake(Stream.fromQueue(queue))),
        Stream.tap(note),
        Stream.mapConcatChunk(({ rows }) => Chunk.unsafeFromArray(rows))
      )
    })
  )

export const plan = <Row>(
  puller: Puller,
  query: Query<Row>,
  options: Pull.Options
): Effect.Effect<Pull.Plan, QueryError> =>
  Effect.gen(function* () {
    const pullable = yield* check(query, options)
    const windows = yield* TimeRange.split(pullable.range, pullable.window)
    const [first] = windows
    const operation = yield* puller.builder.build(
      pageQuery(pullable, first ?? (yield* TimeRange.resolve(pullable.range)), undefined)
    )
    const rowsAtMost = boundOfRows(pullable, windows)
    return {
      windows,
      pageSize: pullable.pageSize,
      rowsAtMost,
      requestsAtLeast: windows.length,
      requestsAtMost:
        rowsAtMost === undefined
          ? undefined
          : // Each window may end in a page that is not full.
            Math.ceil(rowsAtMost / pullable.pageSize) + 2 * windows.length,
      firstOperation: yield* Operation.toInlineText(operation)
    }
  })

const pages = <Row>(
  puller: Puller,
  pullable: Pullable<Row>,
  window: TimeRange.Interval,
  resumeFrom: Pull.ResumePoint | undefined,
  options: Pull.Options
): Stream.Stream<Page<Row>, CallError> =>
  Stream.paginateEffect(resumeFrom, (after) =>
    Effect.map(page(puller, pullable, window, after, options), (page) => [
      page,
      // A page that is not full may have been cut by the role's own limit: only an empty one is the last.
      page.rows.length === 0 ? Option.none() : Option.some(page.resume)
    ])
  )

const page = <Row>(
  puller: Puller,
  pullable: Pullable<Row>,
  window: TimeRange.Interval,
  after: Pull.ResumePoint | undefined,
  options: Pull.Options
): Effect.Effect<Page<Row>, CallError> => {
  const query = pageQuery(pullable, window, after)
  return Effect.flatMap(puller.builder.build(query), (operation) =>
    puller.call(
      {
        ...operation,
        decode: (data) =>
          Either.map(operation.decode(data), (rows) => ({
            rows,
            resume: resumeAfter(data, query, pullable.key)
          }))
      },
      options
    )
  )
}

/** The name of a key column's value in the answer's rows. A column that is selected anyway is not sent twice. */
const fieldOf = <Row>(query: Query<Row>, column: string): string =>
  query.select.includes(column) ? column : `pull_key_${column}`

const pageQuery = <Row>(
  { key, pageSize, query }: Pullable<Row>,
  window: TimeRange.Interval,
  after: Pull.ResumePoint | undefined
): Query<Row> => ({
  ...query,
  besides: key
    .filter((column) => !query.select.includes(column))
    .map((column) => ({ column, as: fieldOf(query, column) })),
  where: [
    ...query.where.map((filter) => inWindow(filter, window)),
    ...(after === undefined ? [] : laterThan(key, after))
  ],
  orderBy: key.map((column) => ({ [column]: "asc" })),
  limit: pageSize
})

/** The filter with the window in place of the range. */
const inWindow = (filter: unknown, window: TimeRange.Interval): unknown => {
  if (!isPlainObject(filter)) return filter
  return Object.fromEntries(
    Object.entries(filter).map(([key, value]) => {
      if (key === "_and" && Array.isArray(value)) {
        return [key, value.map((part) => inWindow(part, window))]
      }
      return TimeRange.isTimeRange(value)
        ? [key, TimeRange.between(window.start, window.end, value.source.zone)]
        : [key, value]
    })
  )
}

/** Rows that come after one in the order of the key columns. */
const laterThan = (
  key: ReadonlyArray<string>,
  { after }: Pull.ResumePoint
): ReadonlyArray<unknown> => {
  const value = (index: number) => new Verbatim(after[index] ?? null)
  const [time = ""] = key
  return [
    // Implied by the rest, but a form that an index or a partition can use.
    { [time]: { _gte: value(0) } },
    {
      _or: key.map((column, index) => ({
        ...Object.fromEntries(
          key.slice(0, index).map((before, position) => [before, { _eq: value(position) }])
        ),
        [column]: { _gt: value(index) }
      }))
    }
  ]
}

const resumeAfter = <Row>(
  data: JsonValue,
  query: Query<Row>,
  key: ReadonlyArray<string>
): Pull.ResumePoint | undefined => {
  const rows = isJsonObject(data) ? data[query.alias ?? query.table.name] : undefined
  const last = isJsonArray(rows) ? rows[rows.length - 1] : undefined
  return isJsonObject(last)
    ? { after: key.map((column) => last[fieldOf(query, column)] ?? null) }
    : undefined
}

const check = <Row>(
  query: Query<Row>,
  options: Pull.Options
): Either.Either<Pullable<Row>, QueryError> =>
  Either.gen(function* () {
    const table = query.table
    const place = { table: table.name }
    if (
      query.root._tag !== "Rows" ||
      [query.orderBy, query.distinctOn].some((list) => list.length > 0) ||
      query.limit !== undefined ||
      query.offset !== undefined
    ) {
      return yield* fail(
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
      return yield* fail(
        "InvalidRange",
        place,
        `The query on ${table.name} has no range of time to pull`,
        "Filter its column of type timestamptz by a TimeRange"
      )
    }
    const key = keyColumns(table)
    if (key.length === 0) {
      return yield* fail(
        "InvalidValue",
        place,
        `${table.name} has no key columns, so its rows cannot be paged`,
        "Mark the columns that together tell a row from every other with Column.key"
      )
    }
    const [name] = time
    // Equal in all rows, a column tells none from another: neither the server nor the network need be bothered with it.
    const isOpen = (column: string) => allowedValues(filters.get(column))?.length !== 1
    return {
      query,
      range,
      filters,
      key: [name, ...key.filter((column) => column !== name && isOpen(column))] as const,
      pageSize: yield* checkCount("pageSize", options.pageSize ?? defaults.pageSize, table.name),
      concurrency: yield* checkCount(
        "concurrency",
        options.concurrency ?? defaults.concurrency,
        table.name
      ),
      window: Duration.decode(options.window ?? defaults.window)
    }
  })

const keyColumns = (table: Table.Any): ReadonlyArray<string> =>
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

const checkResume = <Row>(
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

/** The shortest that each period can be, for a bound from above. */
const shortestHours = { PT15M: 0.25, PT1H: 1, P1D: 23, P1W: 7 * 24 - 1, P1M: 28 * 24 - 1 }

const boundOfRows = <Row>(
  { filters, key: [time], query }: Pullable<Row>,
  windows: ReadonlyArray<TimeRange.Interval>
): number | undefined => {
  let series = 1
  let granularity: Granularity.Granularity | undefined
  for (const column of keyColumns(query.table)) {
    if (column === time) continue
    const values = allowedValues(filters.get(column))
    if (values === undefined) return undefined
    const [only] = values
    if (values.length === 1 && Granularity.isGranularity(only)) granularity = only
    series *= values.length
  }
  if (granularity === undefined) return undefined
  const shortest = shortestHours[granularity] * 3_600_000
  return windows.reduce(
    (rows, { end, start }) =>
      rows + series * Math.ceil((end.epochMillis - start.epochMillis) / shortest),
    0
  )
}

const allowedValues = (filter: unknown): ReadonlyArray<unknown> | undefined => {
  if (Array.isArray(filter)) return filter
  if (!isPlainObject(filter)) return filter === undefined ? undefined : [filter]
  if ("_eq" in filter) return [filter["_eq"]]
  return Array.isArray(filter["_in"]) ? filter["_in"] : undefined
}
