/**
 * Tests streams of rows and of columns that are resumed at a server that ignores the key after
 * which a page starts.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as Column from "@innerspace-metrics/core/Column"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { rowServer } from "../support/rowServer.js"
import { oneToken } from "../support/transportClient.js"

const observed = "the server of this test"

const readings = Table.make("readings", {
  measured_at: Column.key(Column.observed(Scalar.timestamptz, observed)),
  zone_id: Column.key(Column.nullable(Column.observed(Scalar.Int, observed))),
  level: Column.observed(Scalar.Int, observed)
})

const query = Query.from(readings, {
  select: ["measured_at", "level"],
  where: { measured_at: TimeRange.dates("2024-03-09", "2024-03-10", "UTC") }
})

const at = (time: string) => `2024-03-09T${time}+00:00`

/**
 * The times of the rows in each case. The name of a case says how the page of the resumed stream
 * begins too early.
 */
const days = {
  "at an earlier time": [at("01:00:00"), at("02:00:00"), at("03:00:00"), at("04:00:00")],
  "at an earlier microsecond": [
    at("01:00:00.000001"),
    at("01:00:00.000002"),
    at("01:00:00.000003"),
    at("01:00:00.000004")
  ],
  "at a lower number": Array.from({ length: 4 }, () => at("01:00:00"))
}

layer(FetchHttpClient.layer)("a stream resumed at a server that ignores the cursor", (it) => {
  for (const [start, times] of Object.entries(days)) {
    for (const kind of ["stream", "columns"] as const) {
      it.scoped(`a resumed stream fails if its page begins too early: ${start}: ${kind}`, () =>
        Effect.gen(function* () {
          const server = yield* rowServer("readings")
          const metrics = yield* MetricsClient.make({
            api: Api.withBaseUrl(Api.v1, server.url)
          }).pipe(Effect.provide([oneToken, QueryBuilder.layer]))
          server.fill(
            times.map((measured_at, index) => ({
              measured_at,
              zone_id: index === 3 ? null : index,
              level: index
            }))
          )
          const points: Array<Streaming.ResumePoint | undefined> = []
          const options: Streaming.Options = {
            pageSize: 1,
            onProgress: ({ resume }) => Effect.sync(() => points.push(resume))
          }
          let rows = 0
          const run = (options: Streaming.Options) =>
            kind === "stream"
              ? Stream.runForEach(metrics.stream(query, options), () => Effect.sync(() => rows++))
              : Stream.runForEach(metrics.columns(query, options), ({ length }) =>
                  Effect.sync(() => {
                    rows += length
                  })
                )
          yield* run(options)
          assert.strictEqual(rows, 4)
          const resumeFrom = points.at(-2) ?? assert.fail("too few pages")
          server.behave({ ignoresCursor: true })
          const error = yield* Effect.flip(run({ pageSize: 1, resumeFrom }))
          // No row was returned a second time.
          assert.strictEqual(rows, 4)
          assert.strictEqual(error.reason, "WrongPage")
          assert.match(error.message, /^Row 0 of a page of readings has the (time|key) /)
        })
      )
    }
  }
})
