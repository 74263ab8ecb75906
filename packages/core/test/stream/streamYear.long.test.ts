/**
 * Tests a stream of a year of quarter hours of building 900. The sandbox computes the rows of this
 * building on request.
 */

import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, layer } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import { ZONE_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"

const session = Effect.flatMap(Sandbox.Sandbox, (sandbox) =>
  Effect.tryPromise({
    try: async (): Promise<unknown> => {
      const response = await fetch(sandbox.urls.v2 + Api.v2.token.path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          client_id: sandbox.clientId,
          client_secret: Redacted.value(sandbox.clientSecret),
          audience: Api.v2.token.audience
        })
      })
      return Reflect.get(Object(await response.json()), "session_id")
    },
    catch: () => new AuthError({ reason: "Unreachable", problem: "No token", hint: "See the test" })
  })
).pipe(
  Effect.flatMap((token) =>
    AccessToken.make({ value: Redacted.make(String(token)), header: Api.v2.credential })
  )
)

const Metrics = Layer.unwrapEffect(
  Effect.map(
    Effect.all([Sandbox.Sandbox, Effect.context<Sandbox.Sandbox>()]),
    ([sandbox, context]) =>
      MetricsClient.layer({ api: Api.withBaseUrl(Api.v2, sandbox.urls.v2) }).pipe(
        Layer.provide(TokenProvider.layer(Effect.provide(session, context)))
      )
  )
).pipe(
  Layer.provide(Layer.merge(QueryBuilder.layer, FetchHttpClient.layer)),
  Layer.provide(Sandbox.layer())
)

const zones = [900_001, 900_200]
const start = Date.UTC(2025, 0, 1)
const quarterHour = 15 * 60_000
const total = 365 * 96 * zones.length

/**
 * The query selects the time under another name, so the stream must also select it under its own
 * name.
 */
const year = Query.from(ZONE_INSIGHTS, {
  select: ["ZONE_ID", { column: "DATE_TIME_START", as: "start" }],
  where: {
    BUILDING_ID: 900,
    GRANULARITY: "PT15M",
    GROUP_ID: "00000000-0000-0000-0000-000000000000",
    ZONE_ID: zones,
    DATE_TIME_START: TimeRange.between(new Date(start), new Date(Date.UTC(2026, 0, 1)))
  }
})

/** Counts rows, beginning with the number of the first row. Fails if a row is not the next row. */
const countFrom = <E>(
  first: number,
  rows: Stream.Stream<Query.Answer<typeof year>[number], E>
): Effect.Effect<number, E> =>
  Stream.runFold(rows, first, (index, row) => {
    const zone = zones[index % zones.length]
    const time = start + Math.floor(index / zones.length) * quarterHour
    if (row.ZONE_ID !== zone || row.start.epochMillis !== time) {
      assert.deepStrictEqual([row.ZONE_ID, row.start.epochMillis], [zone, time])
    }
    return index + 1
  })

layer(Metrics)("a stream of a year of quarter hours", (it) => {
  it.effect(
    "a year of quarter hours is streamed completely and in order, and resumed from any point with exactly the rest",
    () =>
      Effect.gen(function* () {
        const metrics = yield* MetricsClient.MetricsClient
        const points: Array<Streaming.Progress> = []
        const options: Streaming.Options = { window: "61 days", pageSize: 3_001 }
        const whole = metrics.stream(year, {
          ...options,
          onProgress: (progress) => Effect.sync(() => points.push(progress))
        })
        assert.strictEqual(yield* countFrom(0, whole), total)
        assert.deepInclude(points.at(-1), { rows: total, done: 6, total: 6 })
        // The test resumes in the middle of a window, before the last row of a window, and after
        // the empty page at the end of a window.
        const ends = points.flatMap(({ done }, index) =>
          done > (points[index - 1]?.done ?? 0) ? [index] : []
        )
        const [, second = 0, third = 0] = ends
        for (const index of [second - 2, second - 1, third]) {
          const { resume, rows } = points[index] ?? { resume: undefined, rows: 0 }
          assert.isDefined(resume)
          // The resumed stream has other windows and pages than the first stream.
          const rest = metrics.stream(year, {
            window: "30 days",
            ...(resume === undefined ? {} : { resumeFrom: resume })
          })
          assert.strictEqual(yield* countFrom(rows, rest), total)
        }
      })
  )

  it.effect("a year of quarter hours is not requested beyond the rows that are consumed", () =>
    Effect.gen(function* () {
      const metrics = yield* MetricsClient.MetricsClient
      let pages = 0
      const rows = metrics.stream(year, {
        window: "1 day",
        onProgress: () => Effect.sync(() => pages++)
      })
      assert.strictEqual(yield* Stream.runCount(Stream.take(rows, 500)), 500)
      // A day has 192 rows, so 500 rows are two days and a part of the third day. A day reports its
      // progress twice: before its last row, and after it.
      assert.strictEqual(pages, 4)
    })
  )
})
