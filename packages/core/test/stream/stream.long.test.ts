/** Tests long streams in windows and pages, against the sandbox. */

import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, describe, layer } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Supervisor from "effect/Supervisor"
import { client, fresh, operations, TestLive } from "../support/sandboxClient.js"

const group_id = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

const range = TimeRange.dates("2024-03-04", "2024-03-18", "America/Chicago")

const hoursFilter = {
  building_id: [71, 72],
  metric_name: "occupancy_mean",
  granularity: "PT1H",
  group_id,
  date_time_start: range
} as const

const hours = Query.from(building_metrics, {
  select: ["building_id", "metric_value", "date_time_start"],
  where: hoursFilter
})

/** Reads the rows of `hours` in one request. */
const reference = (metrics: MetricsClient.MetricsClient) =>
  metrics.query(
    Query.from(building_metrics, {
      select: ["building_id", "metric_value", "date_time_start"],
      where: hoursFilter,
      orderBy: [{ date_time_start: "asc" }, { building_id: "asc" }]
    })
  )

/** Functions that read all rows of `hours`, as rows and as columns. */
const drains = [
  [
    "rows",
    (metrics: MetricsClient.MetricsClient, options: Streaming.Options) =>
      Stream.runDrain(metrics.stream(hours, options))
  ],
  [
    "columns",
    (metrics: MetricsClient.MetricsClient, options: Streaming.Options) =>
      Stream.runDrain(metrics.columns(hours, options))
  ]
] as const

const collect = <A, E>(stream: Stream.Stream<A, E>) =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)

layer(TestLive)("stream", (it) => {
  for (const [window, pageSize, concurrency] of [
    ["14 days", 10_000, 1],
    ["2 days", 7, 1],
    ["2 days", 7, 4],
    ["5 hours", 100, 3],
    ["1 day", 3, 8]
  ] as const) {
    it.effect(
      `a stream has every row once and in order, in windows of ${window}, pages of ${pageSize}, ${concurrency} at a time`,
      () =>
        Effect.gen(function* () {
          yield* fresh
          const metrics = yield* client()
          const rows = yield* collect(metrics.stream(hours, { window, pageSize, concurrency }))
          assert.isAbove(rows.length, 300)
          assert.deepStrictEqual(rows, yield* reference(metrics))
        })
    )
  }

  it.effect(
    "a stream has the same rows without its key columns selected, raw and under an alias",
    () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const values = Query.as(
          Query.from(building_metrics, {
            select: ["metric_value", { column: "building_id", as: "building" }],
            where: hoursFilter
          }),
          "data"
        )
        const expected = (yield* reference(metrics)).map(({ building_id, metric_value }) => ({
          metric_value,
          building: building_id
        }))
        const options = { window: "5 days", pageSize: 50 } as const
        assert.deepStrictEqual(yield* collect(metrics.stream(values, options)), expected)
        assert.deepStrictEqual(yield* collect(metrics.stream(Query.raw(values), options)), expected)
      })
  )

  it.effect(
    "a stream orders by the key columns that the filter leaves open, and requests none twice",
    () =>
      Effect.gen(function* () {
        const metrics = yield* client()
        const plan = yield* metrics.plan(hours)
        const { document } = plan.firstRequest
        assert.include(document, "order_by: [{date_time_start: asc}, {building_id: asc}]")
        assert.notInclude(document, "page_key")
      })
  )

  it.effect("a stream reports its progress, and a later stream resumes from it", () =>
    Effect.gen(function* () {
      yield* fresh
      const metrics = yield* client()
      const all = yield* reference(metrics)
      const steps: Array<Streaming.Progress> = []
      const options: Streaming.Options = {
        window: "3 days",
        pageSize: 20,
        onProgress: (progress) => Effect.sync(() => steps.push(progress))
      }
      yield* Stream.runDrain(metrics.stream(hours, options))
      assert.deepInclude(steps.at(-1), { done: 5, total: 5, rows: all.length })
      for (const { resume, rows } of steps.filter((_, index) => index % 9 === 0)) {
        if (resume === undefined) continue
        // A program can store a resume point as JSON, and use it in another process.
        const resumeFrom: Streaming.ResumePoint = JSON.parse(JSON.stringify(resume))
        assert.deepStrictEqual(resumeFrom, resume)
        assert.deepStrictEqual(
          yield* collect(metrics.stream(hours, { window: "3 days", pageSize: 50, resumeFrom })),
          all.slice(rows)
        )
      }
    })
  )

  it.effect("a stream requests no more pages than are consumed", () =>
    Effect.gen(function* () {
      yield* fresh
      const metrics = yield* client()
      const rows = yield* collect(
        Stream.take(metrics.stream(hours, { window: "1 day", pageSize: 5, concurrency: 1 }), 7)
      )
      assert.strictEqual(rows.length, 7)
      // Two pages are consumed, one is queued, and one is in flight.
      assert.isAtMost((yield* operations).length, 4)
    })
  )

  it.effect("a stream survives transient failures without a lost or repeated row", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const metrics = yield* client({
        retry: RetryPolicy.make({ baseDelay: "0 millis", attempts: 5 })
      })
      const all = yield* reference(metrics)
      yield* sandbox.control.inject(Fault.unavailable({ times: 2 }))
      yield* sandbox.control.inject(Fault.invalidJwt())
      yield* sandbox.control.inject(Fault.cutBody())
      yield* sandbox.control.inject(Fault.reset())
      assert.deepStrictEqual(
        yield* collect(metrics.stream(hours, { window: "2 days", pageSize: 30 })),
        all
      )
    })
  )

  it.effect("a stream fails with a permanent error after the rows before it", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const metrics = yield* client()
      yield* metrics.query(
        Query.limit(Query.from(building_metrics, { select: ["building_id"] }), 1)
      )
      yield* sandbox.control.reset
      let seen = 0
      const error = yield* metrics
        .stream(hours, {
          window: "7 days",
          pageSize: 50,
          concurrency: 1,
          onProgress: ({ rows }) =>
            seen++ === 0
              ? sandbox.control.inject(Fault.answer({ status: 404, body: "", times: 9 }))
              : Effect.sync(() => assert.isAbove(rows, 0))
        })
        .pipe(Stream.runDrain, Effect.flip)
      assert.strictEqual(error._tag, "ResponseError")
    })
  )

  for (const [read, run] of drains) {
    it.effect(`an interrupted stream aborts its requests (${read})`, () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const signals: Array<AbortSignal> = []
        const watched: typeof globalThis.fetch = (input, init) => {
          if (init?.signal) signals.push(init.signal)
          return fetch(input, init)
        }
        const metrics = yield* Effect.provide(
          client(),
          FetchHttpClient.layer.pipe(Layer.provide(Layer.succeed(FetchHttpClient.Fetch, watched)))
        )
        yield* sandbox.control.inject(Fault.stallBody({ times: 4 }))
        const fiber = yield* Effect.fork(run(metrics, { window: "1 day", concurrency: 3 }))
        yield* sandbox.control.awaitRequests(3)
        assert.deepStrictEqual(
          signals.map(({ aborted }) => aborted),
          [false, false, false]
        )
        yield* Fiber.interrupt(fiber)
        assert.isTrue(signals.every(({ aborted }) => aborted))
      })
    )
  }

  it.effect("a stream that is not consumed to its end leaves no fiber behind", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const metrics = yield* client()
      // The first response arrives and the next responses stall, so requests for later windows are
      // in flight when the stream ends.
      yield* sandbox.control.inject(Fault.delay({ duration: 0, times: 1 }))
      yield* sandbox.control.inject(Fault.stallBody({ times: 9 }))
      const supervisor = yield* Supervisor.track
      const rows = yield* metrics
        .stream(hours, { window: "1 day", pageSize: 5, concurrency: 3 })
        .pipe(Stream.take(3), collect, Effect.supervised(supervisor))
      assert.strictEqual(rows.length, 3)
      assert.strictEqual((yield* supervisor.value).length, 0)
    })
  )

  describe("stream rejects before anything is sent", () => {
    const shown = (value: unknown) => JSON.stringify(value) ?? String(value)
    const wrongOptions: ReadonlyArray<readonly [string, unknown]> = [
      // The number 7 would mean 7 milliseconds, and so billions of windows.
      ...[7, "7 dayz", "", null, {}, -1, Number.NaN].map((value) => ["window", value] as const),
      ...["pageSize", "concurrency"].flatMap((name) =>
        [-1, 1.5, "10", null, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, {}].map(
          (value) => [name, value] as const
        )
      ),
      ...[
        null,
        1,
        "x",
        {},
        { after: null },
        { after: "x" },
        { after: [] },
        [],
        { after: [null, 1] }
      ].map((value) => ["resumeFrom", value] as const),
      ...[1, "log", {}].map((value) => ["onProgress", value] as const)
    ]
    const keyless = Table.make("building_metrics", {
      metric_value: Column.assumed(Scalar.float8, "test"),
      date_time_start: Column.assumed(Scalar.timestamptz, "test")
    })
    const cases = [
      [
        "a query with an order",
        Query.from(building_metrics, {
          select: ["metric_value"],
          where: { date_time_start: range },
          orderBy: { metric_value: "asc" }
        }),
        {}
      ],
      ["a query with a limit", Query.limit(hours, 10), {}],
      [
        "a query without a time range",
        Query.from(building_metrics, { select: ["metric_value"], where: { building_id: 71 } }),
        {}
      ],
      [
        "a time range that need not hold",
        Query.from(building_metrics, {
          select: ["metric_value"],
          where: { _or: [{ date_time_start: range }] }
        }),
        {}
      ],
      [
        "a table without key columns",
        Query.from(keyless, { select: ["metric_value"], where: { date_time_start: range } }),
        {}
      ],
      ...wrongOptions.map(
        ([name, value]) =>
          // JavaScript can pass any value.
          [`${name}: ${shown(value)}`, hours, { [name]: value } as Streaming.Options] as const
      ),
      ["a pageSize of 0", hours, { pageSize: 0 }],
      ["a concurrency of 0", hours, { concurrency: 0 }],
      ["a window of 0", hours, { window: 0 }],
      [
        "a resume point of another query",
        hours,
        { resumeFrom: { after: ["2024-03-04T06:00:00+00:00"] } }
      ],
      ["an invalid resume point", hours, { resumeFrom: { after: [1, 2, 3, 4, 5] } }]
    ] as const
    for (const [name, query, options] of cases) {
      it.effect(`stream rejects ${name}`, () =>
        Effect.gen(function* () {
          yield* fresh
          const metrics = yield* client()
          const error = yield* Effect.flip(Stream.runDrain(metrics.stream<unknown>(query, options)))
          assert.strictEqual(error._tag, "QueryError")
          assert.deepStrictEqual(yield* operations, [])
        })
      )
    }
  })

  describe("plan of a stream", () => {
    it.effect("plan returns windows, requests and a bound of rows, and sends nothing", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        const planned = Query.from(building_metrics, {
          operationName: "planned",
          select: ["building_id", "metric_value", "date_time_start"],
          where: hoursFilter
        })
        // Requests are counted by the name of their operation, because an interrupted request of an
        // earlier test can still arrive.
        const sent = Effect.map(operations, (names) => names.filter((name) => name === "planned"))
        const plan = yield* metrics.plan(planned, { window: "7 days", pageSize: 100 })
        assert.deepStrictEqual(yield* sent, [])
        assert.strictEqual(plan.windows.length, 2)
        // Clocks go forward in the second week, so the two weeks have 335 hours. There are two
        // buildings.
        assert.strictEqual(plan.rowsAtMost, 2 * (168 + 167))
        assert.include(plan.firstRequest.document, "query planned(")
        assert.include(Object.values(plan.firstRequest.variables), "2024-03-04T06:00:00.000Z")
        const rows = yield* collect(metrics.stream(planned, { window: "7 days", pageSize: 100 }))
        assert.isAtMost(rows.length, plan.rowsAtMost ?? 0)
        const { length } = yield* sent
        assert.isAtLeast(length, plan.requestsAtLeast)
        assert.isAtMost(length, plan.requestsAtMost ?? 0)
      })
    )

    it.effect("plan has no bound of rows if the filter leaves a key column open", () =>
      Effect.gen(function* () {
        const metrics = yield* client()
        const plan = yield* metrics.plan(
          Query.from(building_metrics, {
            select: ["metric_value"],
            where: { granularity: "PT1H", date_time_start: range },
            allowOpen: ["metric_name", "group_id"]
          })
        )
        assert.isUndefined(plan.rowsAtMost)
        assert.isUndefined(plan.requestsAtMost)
      })
    )
  })
})
