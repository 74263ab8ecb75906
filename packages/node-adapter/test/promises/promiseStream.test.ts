/** Tests streams, plans and the schema with promises. */

import { getEventListeners } from "node:events"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as MetricsError from "@innerspace-metrics/core/MetricsError"
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as NodeTokenProvider from "@innerspace-metrics/node-adapter/NodeTokenProvider"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { atOnce, counts, freshSandbox, optionsFor } from "../support/client.js"
import { until } from "../support/eventLoop.js"
import { promiseOptions, rejection, unhandledRejections } from "../support/promises.js"
import * as Relay from "../support/servers/relay.js"

/** Six days of 24 hours. Each hour has one row. */
const hours = Query.from(building_metrics, {
  select: ["metric_value", "date_time_start"],
  where: {
    building_id: 71,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.dates("2024-04-01", "2024-04-07", "America/Chicago")
  }
})

const byDay = { window: "1 day", pageSize: 12 } as const

const collect = async <A>(rows: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for await (const row of rows) all.push(row)
  return all
}

layer(Sandbox.layer(), { excludeTestServices: true })("streams of promises", (it) => {
  it.scoped(
    "an iteration yields each row once and in order, and a second one sends new requests",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        yield* Effect.promise(async () => {
          await using client = createMetricsClient(promiseOptions(sandbox))
          const expected = await client.query(
            Query.from(building_metrics, {
              select: ["metric_value", "date_time_start"],
              where: {
                building_id: 71,
                metric_name: "occupancy_mean",
                granularity: "PT1H",
                group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
                date_time_start: TimeRange.dates("2024-04-01", "2024-04-07", "America/Chicago")
              },
              orderBy: { date_time_start: "asc" }
            })
          )
          assert.lengthOf(expected, 6 * 24)
          const rows = client.stream(hours, byDay)
          assert.deepStrictEqual(await collect(rows), expected)
          assert.deepStrictEqual(await collect(rows), expected)
        })
      })
  )

  it.scoped("a plan lists the requests and sends none", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const plan = yield* Effect.promise(async () => {
        await using client = createMetricsClient(promiseOptions(sandbox))
        return await client.plan(hours, byDay)
      })
      assert.lengthOf(plan.windows, 6)
      assert.strictEqual(plan.pageSize, 12)
      assert.strictEqual(plan.requestsAtLeast, 6)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 0, graphql: 0 })
    })
  )

  it.scoped("the schema is requested once", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const schema = yield* Effect.promise(async () => {
        await using client = createMetricsClient(promiseOptions(sandbox))
        await client.schema()
        return await client.schema()
      })
      const catalog = Either.getOrThrow(Catalog.fromIntrospection("live", schema))
      assert.isTrue(catalog.tables.has("building_metrics"))
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 1 })
    })
  )

  it.scoped("onProgress is awaited and gets a resume point", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      yield* Effect.promise(async () => {
        await using client = createMetricsClient(promiseOptions(sandbox))
        const all = await collect(client.stream(hours, byDay))
        const told: Array<Streaming.Progress> = []
        const before: Array<(typeof all)[number]> = []
        for await (const row of client.stream(hours, {
          ...byDay,
          onProgress: async (progress) => {
            await Promise.resolve()
            told.push(progress)
          }
        })) {
          before.push(row)
          if (before.length === 60) break
        }
        const last = told.at(-1)
        assert.isDefined(last?.resume)
        // The last resume point is before the page in which the loop ended, so the rows of this
        // page are read again.
        assert.isAbove(last.rows, 0)
        assert.isBelow(last.rows, 60)
        assert.strictEqual(last.total, 6)
        const after = await collect(client.stream(hours, { ...byDay, resumeFrom: last.resume }))
        assert.deepStrictEqual([...before.slice(0, last.rows), ...after], all)
      })
    })
  )

  it.scoped("the iteration rejects with the value that onProgress throws", () =>
    Effect.gen(function* () {
      const unhandled = yield* unhandledRejections
      const sandbox = yield* freshSandbox
      const client = createMetricsClient(promiseOptions(sandbox))
      const reason = new Error("the disk is full")
      const error = yield* rejection(
        collect(
          client.stream(hours, {
            ...byDay,
            onProgress: () => {
              throw reason
            }
          })
        )
      )
      assert.strictEqual(error, reason)
      yield* Effect.promise(() => client.close())
      assert.deepStrictEqual(unhandled, [])
    })
  )

  const ends: ReadonlyArray<
    readonly [
      how: string,
      end: (stream: {
        readonly rows: AsyncIterator<unknown>
        readonly controller: AbortController
        readonly client: PromiseClient.PromiseMetricsClient
      }) => unknown
    ]
  > = [
    ["leaving the loop", ({ rows }) => rows.return?.()],
    ["a signal", ({ controller }) => controller.abort()],
    ["close", ({ client }) => client.close()]
  ]
  const reads = ends.flatMap(([how, end]) => [
    [how, end, "stream"] as const,
    [how, end, "columns"] as const
  ])
  for (const [how, end, read] of reads) {
    it.scoped(`${how} ends the requests in flight of ${read}, even while nobody waits`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        let pages = 0
        let tellSecondPage = (): void => undefined
        const secondPage = new Promise<void>((resolve) => {
          tellSecondPage = resolve
        })
        const relay = yield* Relay.make(sandbox.urls.v1, {
          // The second page and later pages never arrive.
          before: ({ path }) => {
            if (path.includes("token") || ++pages === 1) return Promise.resolve()
            tellSecondPage()
            return new Promise(() => undefined)
          }
        })
        const api = Api.withBaseUrl(Api.v1, relay.url)
        // The client uses fetch, because the connections of fetch stay open when the client's layer
        // is closed.
        const client = PromiseClient.make(
          MetricsClient.layer({ api }).pipe(
            Layer.provide([
              QueryBuilder.layer,
              NodeTokenProvider.layer({ ...optionsFor(sandbox), api })
            ]),
            Layer.provide(FetchHttpClient.layer)
          )
        )
        const controller = new AbortController()
        const options = { ...byDay, concurrency: 1, signal: controller.signal }
        const rows: AsyncIterator<unknown> = client[read](hours, options)[Symbol.asyncIterator]()
        yield* Effect.promise(() => rows.next())
        yield* Effect.promise(() => secondPage)
        yield* Effect.promise(async () => end({ rows, controller, client }))
        yield* relay.awaitAborted(1)
        yield* Effect.promise(() => client.close())
      })
    )
  }

  it.scoped(
    "one signal shared by many calls and streams has one listener, which is removed afterwards",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const client = createMetricsClient(promiseOptions(sandbox))
        const { signal } = new AbortController()
        const listeners = () => getEventListeners(signal, "abort").length
        const queries = Array.from({ length: 30 }, () => client.query(hours, { signal }))
        const first = client.stream(hours, { signal })[Symbol.asyncIterator]()
        const second = client.stream(hours, { signal })[Symbol.asyncIterator]()
        const pages = [first.next(), second.next()]
        assert.strictEqual(listeners(), 1)
        yield* Effect.promise(() => Promise.all([...queries, ...pages]))
        assert.strictEqual(listeners(), 1)
        yield* Effect.promise(() => Promise.all([first.return?.(), second.return?.()]))
        assert.strictEqual(listeners(), 0)
        yield* Effect.promise(() => client.close())
      })
  )

  it.scoped("one signal ends all calls that share it", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const clients = [1, 2].map(() => createMetricsClient(promiseOptions(sandbox)))
      yield* sandbox.control.inject(Fault.delay({ target: "token", duration: "1 hour" }))
      const controller = new AbortController()
      const { signal } = controller
      const calls = clients.flatMap((client) =>
        Array.from({ length: 20 }, () => rejection(client.query(hours, { signal })))
      )
      const rejecting = yield* Effect.fork(Effect.all(calls, { concurrency: "unbounded" }))
      yield* until(Effect.sync(() => getEventListeners(signal, "abort").length === 1))
      controller.abort(new Error("left"))
      for (const reason of yield* Fiber.join(rejecting)) assert.strictEqual(reason, signal.reason)
      for (const client of clients) yield* Effect.promise(() => client.close())
    })
  )

  it.scoped("a signal ends a stream, while it waits and between rows", () =>
    Effect.gen(function* () {
      const unhandled = yield* unhandledRejections
      const sandbox = yield* freshSandbox
      const relay = yield* Relay.make(sandbox.urls.v1)
      const client = createMetricsClient(
        promiseOptions(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url) })
      )
      const reason = new Error("the user went away")
      assert.strictEqual(
        yield* rejection(collect(client.stream(hours, { signal: AbortSignal.abort(reason) }))),
        reason
      )

      const whileWaiting = new AbortController()
      yield* sandbox.control.inject(Fault.stallBody())
      const rows = collect(
        client.stream(hours, { ...byDay, signal: whileWaiting.signal, concurrency: 1 })
      )
      yield* sandbox.control.awaitRequests(2)
      whileWaiting.abort(reason)
      assert.strictEqual(yield* rejection(rows), reason)
      yield* relay.awaitAborted(1)

      const betweenRows = new AbortController()
      let count = 0
      const counting = async () => {
        for await (const _ of client.stream(hours, { ...byDay, signal: betweenRows.signal })) {
          count++
          betweenRows.abort(reason)
        }
      }
      assert.strictEqual(yield* rejection(counting()), reason)
      // The loop still gets the other rows of the page, because they had already arrived.
      assert.strictEqual(count, 12)
      yield* Effect.promise(() => client.close())
      assert.deepStrictEqual(unhandled, [])
    })
  )

  it.scoped("close ends a stream with a typed error, even if nobody reads it on", () =>
    Effect.gen(function* () {
      const unhandled = yield* unhandledRejections
      const sandbox = yield* freshSandbox
      const relay = yield* Relay.make(sandbox.urls.v1)
      const client = createMetricsClient(
        promiseOptions(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url) })
      )
      const left = client.stream(hours, byDay)[Symbol.asyncIterator]()
      yield* Effect.promise(() => left.next())
      yield* sandbox.control.inject(Fault.stallBody())
      const rows = collect(client.stream(hours, { ...byDay, concurrency: 1 }))
      const rejected = rows.then(
        () => undefined,
        (reason: unknown) => reason
      )
      yield* Effect.promise(() => client.close())
      const error = yield* Effect.promise(() => rejected)
      assert.instanceOf(error, MetricsError.AuthError)
      assert.strictEqual(error.reason, "Closed")
      yield* relay.awaitOpenConnections(0)
      assert.deepStrictEqual(unhandled, [])
    })
  )

  it.scoped("a stream that cannot be planned or fails rejects with the library's error", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const client = createMetricsClient(promiseOptions(sandbox, { retry: atOnce(2) }))
      const unbounded = Query.from(building_metrics, {
        select: ["metric_value"],
        allowOpen: ["metric_name", "granularity", "group_id"]
      })
      const invalid = yield* rejection(collect(client.stream(unbounded)))
      assert.instanceOf(invalid, MetricsError.QueryError)
      assert.strictEqual(invalid.reason, "InvalidRange")
      const unplanned = yield* rejection(client.plan(unbounded))
      assert.instanceOf(unplanned, MetricsError.QueryError)
      yield* sandbox.control.inject(Fault.unavailable({ times: 2 }))
      const failed = yield* rejection(collect(client.stream(hours, { ...byDay, concurrency: 1 })))
      assert.instanceOf(failed, MetricsError.ResponseError)
      assert.strictEqual(failed.attempts, 2)
      yield* Effect.promise(() => client.close())
    })
  )
})
