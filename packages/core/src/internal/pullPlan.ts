/** What a pull would ask, without asking. */
import * as Effect from "effect/Effect"
import * as Granularity from "../Granularity.js"
import type { QueryError } from "../MetricsError.js"
import * as Operation from "../Operation.js"
import type * as Pull from "../Pull.js"
import type { Query } from "../Query.js"
import * as TimeRange from "../TimeRange.js"
import { allowedValues, check, keyColumns, type Pullable } from "./pullable.js"
import { type Puller, pageQuery } from "./pullPage.js"

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
      firstRequest: {
        operationName: operation.name,
        document: Operation.toText(operation),
        variables: operation.variables
      }
    }
  })

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
