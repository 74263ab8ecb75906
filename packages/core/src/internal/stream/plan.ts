/** Makes the plan of a stream, which describes the requests of the stream. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Granularity from "../../Granularity.js"
import type { QueryError } from "../../MetricsError.js"
import * as Operation from "../../Operation.js"
import type { Query } from "../../Query.js"
import type * as Streaming from "../../Streaming.js"
import * as TimeRange from "../../TimeRange.js"
import { type CheckedStream, check, valuesOf } from "./check.js"
import { type PageSource, pageQuery } from "./page.js"

export const plan = <Row>(
  source: Pick<PageSource, "builder">,
  query: Query<Row>,
  options: Streaming.Options
): Effect.Effect<Streaming.Plan, QueryError> =>
  Effect.gen(function* () {
    const checked = yield* check(query, options)
    const { pageSize, windows } = checked
    const now = yield* Clock.currentTimeMillis
    // If the ranges of the filter do not overlap, there are no windows. The plan then shows a
    // request for the first range.
    const window = windows[0] ?? (yield* TimeRange.resolveAt(checked.range, now))
    const operation = yield* source.builder.build(
      pageQuery(checked, { window, after: undefined, limit: pageSize + 1 })
    )
    const rows = rowsAtMost(checked, windows)
    return {
      windows,
      pageSize,
      rowsAtMost: rows,
      requestsAtLeast: windows.length,
      requestsAtMost:
        rows === undefined
          ? undefined
          : // A window can end with a page that is not full and a page that is empty.
            Math.ceil(rows / pageSize) + 2 * windows.length,
      firstRequest: {
        operationName: operation.name,
        document: Operation.toText(operation),
        variables: operation.variables
      }
    }
  })

/**
 * The shortest length of a period of each granularity, in hours. It determines the maximum number
 * of rows.
 */
const shortestHours = { PT15M: 0.25, PT1H: 1, P1D: 23, P1W: 7 * 24 - 1, P1M: 28 * 24 - 1 }

/**
 * The maximum number of rows; `undefined` if the filter does not limit a key column or the
 * granularity to certain values.
 */
export const rowsAtMost = <Row>(
  { filters, key: [time], query }: CheckedStream<Row>,
  windows: ReadonlyArray<TimeRange.Interval>
): number | undefined => {
  let series = 1
  let granularity: Granularity.Granularity | undefined
  for (const [column, { isKey }] of query.table.byName) {
    if (!isKey || column === time.name) continue
    const values = valuesOf(filters, column)
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
