/** The operations of a client. The right result of each operation is known. */
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { PromiseMetricsClient } from "@innerspace-metrics/core/PromiseClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

export const operations = [
  "query",
  "queryAll",
  "stream",
  "execute",
  "schema",
  "first token",
  "renewal"
] as const

/**
 * An operation. The last two operations send a query that needs a token. In "first token", the
 * query needs the first token. In "renewal", it needs another token, because the API has refused
 * the first token.
 */
export type Operation = (typeof operations)[number]

export const isAboutToken = (operation: Operation): boolean =>
  operation === "first token" || operation === "renewal"

const filter = {
  metric_name: "occupancy_mean",
  granularity: "PT1H",
  group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
  date_time_start: TimeRange.dates("2024-03-04", "2024-03-06", "America/Chicago")
} as const

// The last column is text, because one of the faults puts invalid UTF-8 into the last value of a
// response. Only a text column accepts any text, so only the encoding is wrong.
const hours = Query.from(building_metrics, {
  select: ["building_id", "date_time_start", "metric_value", "metric_name"],
  where: { ...filter, building_id: [71, 72] }
})

const day = Query.limit(
  Query.from(building_metrics, {
    select: ["date_time_start", "metric_value", "metric_name"],
    where: { ...filter, building_id: 71 },
    orderBy: [{ date_time_start: "asc" }]
  }),
  5
)

const several = { one: day, two: Query.limit(day, 2) }

const byHand = {
  operationName: "by_hand",
  document: `query by_hand($limit: Int) {
    building_metrics(
      limit: $limit
      where: {
        building_id: { _eq: 71 }
        metric_name: { _eq: "occupancy_mean" }
        granularity: { _eq: "PT1H" }
        group_id: { _eq: "all-e707b3a8-0732-49ae-9156-13ff1138540e" }
        date_time_start: { _gte: "2024-03-04T06:00:00Z", _lt: "2024-03-05T06:00:00Z" }
      }
      order_by: [{ date_time_start: asc }]
    ) { metric_value metric_name }
  }`,
  variables: { limit: 3 },
  schema: Schema.Struct({
    building_metrics: Schema.Array(
      Schema.Struct({ metric_value: Schema.Number, metric_name: Schema.String })
    )
  })
}

/**
 * Settings with which a stream has two windows of two pages with rows, and an empty page at the end
 * of each window. Both windows are requested at the same time.
 */
const inPages = { window: "1 day", pageSize: 30, concurrency: 2 } as const

/**
 * A query for all rows that the stream must return. It needs only one response, so the expected
 * rows do not depend on the code that reads pages.
 */
const streamedAtOnce = Query.from(building_metrics, {
  select: ["building_id", "date_time_start", "metric_value", "metric_name"],
  where: { ...filter, building_id: [71, 72] },
  orderBy: [{ date_time_start: "asc" }, { building_id: "asc" }]
})

/** The right result of an operation, from a server without faults. */
export const truth = (
  metrics: MetricsClient.MetricsClient,
  operation: Operation
): Effect.Effect<Given> =>
  operation === "stream" ? given(metrics.query(streamedAtOnce)) : ofClient(metrics)(operation)

/**
 * The rows that an operation has returned, and the error with which it has ended. A result can have
 * rows and an error, because a stream can return rows before it fails.
 */
export interface Given {
  readonly value: unknown
  readonly error: unknown
}

/** Runs an operation to its end. A failure is returned as a value. A defect stays a defect. */
export type Run = (operation: Operation) => Effect.Effect<Given>

const given = <A>(effect: Effect.Effect<A, unknown>): Effect.Effect<Given> =>
  Effect.match(effect, {
    onFailure: (error) => ({ value: undefined, error }),
    onSuccess: (value) => ({ value, error: undefined })
  })

const givenRows = (
  stream: (accept: (row: unknown) => void) => Effect.Effect<void, unknown>
): Effect.Effect<Given> =>
  Effect.suspend(() => {
    const rows: Array<unknown> = []
    return Effect.map(given(stream((row) => rows.push(row))), ({ error }) => ({
      value: rows,
      error
    }))
  })

export const ofClient =
  (metrics: MetricsClient.MetricsClient): Run =>
  (operation) => {
    switch (operation) {
      case "query":
      case "first token":
      case "renewal":
        return given(metrics.query(day))
      case "queryAll":
        return given(metrics.queryAll(several))
      case "stream":
        return givenRows((accept) =>
          Stream.runForEach(metrics.stream(hours, inPages), (row) => Effect.sync(() => accept(row)))
        )
      case "execute":
        return given(metrics.execute(byHand))
      case "schema":
        return given(metrics.schema)
    }
  }

export const ofPromiseClient =
  (metrics: PromiseMetricsClient): Run =>
  (operation) => {
    switch (operation) {
      case "query":
      case "first token":
      case "renewal":
        return given(settled(() => metrics.query(day)))
      case "queryAll":
        return given(settled(() => metrics.queryAll(several)))
      case "stream":
        return givenRows((accept) =>
          settled(async () => {
            for await (const row of metrics.stream(hours, inPages)) accept(row)
          })
        )
      case "execute":
        return given(settled(() => metrics.execute(byHand)))
      case "schema":
        return given(settled(() => metrics.schema()))
    }
  }

const settled = <A>(start: () => Promise<A>): Effect.Effect<A, unknown> =>
  Effect.tryPromise({ try: start, catch: (reason) => reason })
