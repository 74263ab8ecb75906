/** This library's readers of a stream, over a transport in memory. */
import * as Column from "@innerspace-metrics/core/Column"
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { type Body, range, shapes } from "./bodies.js"

const observed = "the response of this measurement"

const readings = Table.make("readings", {
  ZONE_ID: Column.key(Column.observed(Scalar.Int, observed)),
  DATE_TIME_START: Column.key(Column.observed(Scalar.timestamptz, observed)),
  OCCUPANCY_MEAN: Column.nullable(Column.observed(Scalar.Float, observed)),
  PEOPLE_COUNT: Column.nullable(Column.observed(Scalar.Float, observed)),
  DEVICE_COUNT: Column.observed(Scalar.bigint, observed),
  ZONE_NAME: Column.nullable(Column.observed(Scalar.String, observed)),
  ZONE_TYPE: Column.observed(Scalar.String, observed),
  DISTRIBUTION: Column.observed(Scalar.jsonb, observed)
})

const query = (shape: Body["shape"]) =>
  Query.from(readings, {
    // The compiler cannot know that the shapes have only columns of this table.
    select: Object.keys(shapes[shape](0)) as ["ZONE_ID"],
    where: { DATE_TIME_START: TimeRange.between(...range) }
  })

const empty = new TextEncoder().encode('{"data":{"readings":[]}}')

/** Reads a response as the first page of a stream. Returns the number of rows. */
export const reader = async (
  way: "columns" | "stream",
  { rows, shape }: Body,
  body: Uint8Array
): Promise<() => Promise<number>> => {
  let isFirst = true
  const transport: HttpExchange.Transport = (_request, _secrets, _options, done) => {
    // The body is already in memory, as in the other programs, so the time to receive it is not
    // measured.
    const received = isFirst ? body : empty
    isFirst = false
    done(Either.right({ status: 200, headers: {}, body: [received] }))
    return () => {}
  }
  const metrics = await Effect.runPromise(
    MetricsClient.makeWithTransport(transport).pipe(
      Effect.provide(QueryBuilder.layer),
      Effect.provide(
        TokenProvider.layerStatic({
          value: Redacted.make("token"),
          header: { name: "authorization", scheme: "Bearer" }
        })
      )
    )
  )
  const asked = query(shape)
  const options = { window: "200 days", pageSize: rows + 1 } as const
  const count: Effect.Effect<number, unknown> =
    way === "columns"
      ? Stream.runFold(metrics.columns(asked, options), 0, (sum, { length }) => sum + length)
      : Stream.runFoldWhile(
          Stream.chunks(metrics.stream(asked, options)),
          0,
          () => true,
          (sum, chunk) => sum + chunk.length
        )
  return () => {
    isFirst = true
    return Effect.runPromise(count)
  }
}
