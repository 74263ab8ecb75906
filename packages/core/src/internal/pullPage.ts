/** One page of a pull: the rows of a window that come after those of the page before. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { isJsonArray, isJsonObject, type JsonValue } from "../JsonValue.js"
import type { CallError } from "../MetricsError.js"
import type * as Operation from "../Operation.js"
import type * as Pull from "../Pull.js"
import type { Query } from "../Query.js"
import type { QueryBuilderService } from "../QueryBuilder.js"
import * as TimeRange from "../TimeRange.js"
import { isPlainObject, Verbatim } from "./checks.js"
import type { Pullable } from "./pullable.js"
import { keyOf } from "./rootField.js"

/** A page, and the resume point after its last row. An empty one ends its window. */
export interface Page<Row> {
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

export const page = <Row>(
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
        decode: (data, options) => {
          // Before the rows are read, which may be in place.
          const resume = resumeAfter(data, query, pullable.key)
          return Either.map(operation.decode(data, options), (rows) => ({ rows, resume }))
        }
      },
      options
    )
  )
}

/** The name of a key column's value in the answer's rows. A column that is selected anyway is not sent twice. */
const fieldOf = <Row>(query: Query<Row>, column: string): string =>
  query.select.includes(column) ? column : `pull_key_${column}`

export const pageQuery = <Row>(
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
  const rows = isJsonObject(data) ? data[keyOf(query)] : undefined
  const last = isJsonArray(rows) ? rows[rows.length - 1] : undefined
  return isJsonObject(last)
    ? { after: key.map((column) => last[fieldOf(query, column)] ?? null) }
    : undefined
}
