/** A query over a range in windows and pages. */
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
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

/**
 * Of the stream module only what makes a stream is used: running one is for the caller's side, and a page that never pulls
 * shall not load it.
 */
export const stream = <Row>(
  puller: Puller,
  query: Query<Row>,
  options: Pull.Options
): Stream.Stream<Row, CallError> =>
  Stream.suspend(() => {
    let begun: Run<Row> | undefined
    const run = Effect.suspend(() =>
      begun === undefined
        ? Effect.tap(begin(puller, query, options), (run) => {
            begun = run
          })
        : Effect.succeed(begun)
    )
    return Stream.repeatEffectChunkOption(
      Effect.flatMap(Effect.mapError(run, Option.some), (run) => run.rows)
    ).pipe(
      Stream.ensuring(
        Effect.suspend(() =>
          begun === undefined ? Effect.void : Scope.close(begun.scope, Exit.void)
        )
      )
    )
  })

/** A pull under way. */
interface Run<Row> {
  /** The rows of the next page; none where the pull has ended. */
  readonly rows: Effect.Effect<Chunk.Chunk<Row>, Option.Option<CallError>>
  /** Holds the requests under way. */
  readonly scope: Scope.CloseableScope
}

const begin = <Row>(
  puller: Puller,
  query: Query<Row>,
  options: Pull.Options
): Effect.Effect<Run<Row>, CallError> =>
  Effect.gen(function* () {
    const pullable = yield* check(query, options)
    const windows = yield* TimeRange.split(pullable.range, pullable.window)
    const resumeFrom = yield* checkResume(pullable, options.resumeFrom)
    const left = windows.filter(
      ({ end }) => resumeFrom === undefined || end.epochMillis > resumeFrom.time
    )
    const scope = yield* Scope.make()
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

    let startedCount = 0
    /** The windows under way, in their order. */
    const started: Array<Slot<Row>> = []
    // Each window fills a slot for one page, ahead of its turn.
    const start: Effect.Effect<void> = Effect.suspend(() => {
      const window = left[startedCount]
      if (window === undefined || started.length >= pullable.concurrency) return Effect.void
      const after = startedCount === 0 ? options.resumeFrom : undefined
      startedCount++
      const slot = new Slot<Row>()
      started.push(slot)
      return Effect.zipRight(
        Effect.forkIn(offerPages(puller, pullable, window, after, options, slot), scope),
        start
      )
    })
    const rows: Run<Row>["rows"] = Effect.suspend(() => {
      const [slot] = started
      if (slot === undefined) return Effect.fail(Option.none())
      return Effect.mapError(slot.take, Option.some).pipe(
        Effect.tap(note),
        Effect.flatMap((page) => {
          if (page.rows.length > 0) return Effect.succeed(Chunk.unsafeFromArray(page.rows))
          started.shift()
          return Effect.zipRight(start, rows)
        })
      )
    })
    return { rows: Effect.zipRight(start, rows), scope }
  })

/** Room for one page between the one who asks for them and the one who takes them. */
class Slot<Row> {
  readonly #free = Effect.unsafeMakeSemaphore(1)
  #filled = Deferred.unsafeMake<Page<Row>, CallError>(FiberId.none)

  /** Waits until the page before it has been taken. */
  offer(exit: Exit.Exit<Page<Row>, CallError>): Effect.Effect<void> {
    return Effect.zipRight(
      this.#free.take(1),
      Effect.suspend(() => Deferred.done(this.#filled, exit))
    )
  }

  get take(): Effect.Effect<Page<Row>, CallError> {
    return Effect.suspend(() => Deferred.await(this.#filled)).pipe(
      Effect.zipLeft(
        Effect.suspend(() => {
          this.#filled = Deferred.unsafeMake(FiberId.none)
          return this.#free.release(1)
        })
      )
    )
  }
}

/** Asks page by page. A page that is not full may have been cut by the role's own limit: only an empty one is the last. */
const offerPages = <Row>(
  puller: Puller,
  pullable: Pullable<Row>,
  window: TimeRange.Interval,
  after: Pull.ResumePoint | undefined,
  options: Pull.Options,
  slot: Slot<Row>
): Effect.Effect<void> =>
  Effect.exit(page(puller, pullable, window, after, options)).pipe(
    Effect.tap((exit) => slot.offer(exit)),
    Effect.flatMap((exit) =>
      Exit.isSuccess(exit) && exit.value.rows.length > 0
        ? offerPages(puller, pullable, window, exit.value.resume, options, slot)
        : Effect.void
    )
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
