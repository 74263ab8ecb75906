/** The calls of the soak (a long run with many callers), and the right results of these calls. */
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

/** A call, and its right result as text. The actual result is compared with this text. */
export interface KnownCall {
  readonly name: string
  readonly make: (metrics: MetricsClient.MetricsClient) => Effect.Effect<unknown, unknown>
}

const filter = {
  metric_name: "occupancy_mean",
  granularity: "PT1H",
  group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
} as const

const rowsOf = (building: number, first: Day, end: Day) =>
  ({
    select: ["building_id", "date_time_start", "metric_value"],
    where: {
      ...filter,
      building_id: building,
      date_time_start: TimeRange.dates(first, end, "America/Chicago")
    }
  }) as const

const hours = (building: number, first: Day, end: Day) =>
  Query.from(building_metrics, {
    orderBy: [{ date_time_start: "asc" }],
    ...rowsOf(building, first, end)
  })

const byHand = {
  operationName: "by_hand",
  document: `query by_hand($building: Int, $offset: Int) {
    building_metrics(
      limit: 10
      offset: $offset
      where: {
        building_id: { _eq: $building }
        metric_name: { _eq: "occupancy_mean" }
        granularity: { _eq: "PT1H" }
        group_id: { _eq: "all-e707b3a8-0732-49ae-9156-13ff1138540e" }
        date_time_start: { _gte: "2024-03-04T06:00:00Z", _lt: "2024-03-06T06:00:00Z" }
      }
      order_by: [{ date_time_start: asc }]
    ) { date_time_start metric_value }
  }`,
  schema: Schema.Struct({
    building_metrics: Schema.Array(
      Schema.Struct({ date_time_start: Schema.String, metric_value: Schema.Number })
    )
  })
}

const buildings = [71, 72]

/** Three consecutive days. */
const days = [
  ["2024-04-01", "2024-04-02", "2024-04-03"],
  ["2024-04-09", "2024-04-10", "2024-04-11"],
  ["2024-04-17", "2024-04-18", "2024-04-19"]
] as const

type Day = (typeof days)[number][number]

/**
 * There are only a few different calls. Many of the 200 calls in flight are therefore equal and
 * share a request, as on an app's pages.
 */
export const calls: ReadonlyArray<KnownCall> = [
  // The schema is in the list only once, because its response has 1.2 MB.
  { name: "schema", make: (metrics) => metrics.schema },
  ...buildings.flatMap((building) =>
    days.flatMap(([first, next, end], index): ReadonlyArray<KnownCall> => {
      const today = hours(building, first, next)
      return [
        { name: "query", make: (metrics) => metrics.query(today) },
        {
          name: "queryAll",
          make: (metrics) => metrics.queryAll({ today, first: Query.limit(today, 3) })
        },
        {
          name: "stream",
          make: (metrics) =>
            Effect.map(
              Stream.runCollect(
                metrics.stream(streamed(building, first, end), {
                  window: "1 day",
                  pageSize: 20
                })
              ),
              Chunk.toReadonlyArray
            )
        },
        {
          name: "execute",
          make: (metrics) => metrics.execute({ ...byHand, variables: { building, offset: index } })
        }
      ]
    })
  )
]

/** A query for a stream. The query has no order, because a stream sets the order. */
const streamed = (building: number, first: Day, end: Day) =>
  Query.from(building_metrics, rowsOf(building, first, end))
