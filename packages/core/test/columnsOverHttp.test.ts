/** Tests columns over HTTP: windows, pages, progress, failures, and queries that are rejected. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as Column from "@innerspace-metrics/core/Column"
import * as ColumnBatch from "@innerspace-metrics/core/ColumnBatch"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { answer, layerTest } from "@innerspace-metrics/core/testing"
import { building_features, building_metrics } from "@innerspace-metrics/core/v1"
import * as BigDecimal from "effect/BigDecimal"
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { assertSame } from "./support/columnsAgree.js"
import { client, fresh, operations, TestLive } from "./support/sandboxClient.js"
import { clientOver, oneToken, answer as received } from "./support/transportClient.js"

const hours = Query.from(building_metrics, {
  select: ["date_time_start", "metric_value", "building_id", "metric_name"],
  where: {
    building_id: [71, 72],
    metric_name: ["occupancy_mean", "people_count"],
    granularity: "PT1H",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.dates("2024-03-01", "2024-03-04", "America/Chicago")
  }
})

const noting = (notes: Array<Streaming.Progress>) => (progress: Streaming.Progress) =>
  Effect.sync(() => void notes.push(progress))

layer(TestLive)("columns of a server", (it) => {
  it.effect(
    "columns have the rows of a stream, with the same requests, progress and resume points",
    () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* client()
        for (const options of [{ pageSize: 80, window: "2 days", concurrency: 2 }] as const) {
          const [ofRows, ofColumns]: [Array<Streaming.Progress>, Array<Streaming.Progress>] = [
            [],
            []
          ]
          yield* fresh
          const rows = yield* Stream.runCollect(
            metrics.stream(hours, { ...options, onProgress: noting(ofRows) })
          )
          const requests = (yield* operations).length
          yield* fresh
          const batches = yield* Stream.runCollect(
            metrics.columns(hours, { ...options, onProgress: noting(ofColumns) })
          )
          assert.strictEqual((yield* operations).length, requests)
          assert.isAbove(rows.length, 250)
          assertSame(Chunk.toReadonlyArray(rows), Chunk.toReadonlyArray(batches), [
            "date_time_start",
            "metric_value",
            "building_id",
            "metric_name"
          ])
          assert.deepStrictEqual(ofColumns, ofRows)

          // A stream that resumes after the second batch returns the remaining rows.
          const { resume, rows: before } = ofColumns[1] ?? assert.fail("too few pages")
          const rest = yield* Stream.runCollect(
            metrics.columns(hours, { ...options, ...(resume && { resumeFrom: resume }) })
          )
          const lengths = Chunk.map(rest, ({ length }) => length)
          assert.strictEqual(
            Chunk.reduce(lengths, before, (sum, length) => sum + length),
            rows.length
          )
        }
      })
  )

  it.effect("columns of a query with a limit are made from its JSON", () =>
    Effect.gen(function* () {
      yield* fresh
      const metrics = yield* client()
      const limited = Query.limit(hours, 20)
      const rows = yield* metrics.query(limited)
      const batch = yield* ColumnBatch.fromJson(hours, yield* metrics.query(Query.raw(limited)))
      assertSame(rows, [batch], ["date_time_start", "metric_value", "building_id", "metric_name"])
      const wrong = yield* Effect.flip(ColumnBatch.fromJson(hours, [{ building_id: "x" }]))
      assert.strictEqual(wrong._tag, "DecodeError")
    })
  )

  it.effect("the promise client iterates over columns", () =>
    Effect.gen(function* () {
      const metrics = yield* client()
      const promises = PromiseClient.make(Layer.succeed(MetricsClient.MetricsClient, metrics))
      const rows = yield* Stream.runCollect(metrics.stream(hours))
      const batches: Array<ColumnBatch.ColumnBatch<(typeof hours)[never]>> = []
      yield* Effect.promise(async () => {
        for await (const batch of promises.columns(hours)) batches.push(batch as never)
        await promises.close()
      })
      assertSame(Chunk.toReadonlyArray(rows), batches as never, [
        "date_time_start",
        "metric_value",
        "building_id",
        "metric_name"
      ])
    })
  )

  it.effect("columns are requested in smaller pages if the body is too large", () =>
    Effect.gen(function* () {
      const metrics = yield* client({ maxBodySize: 20_000, merge: false })
      const rows = yield* Stream.runCollect(metrics.stream(hours))
      const batches = yield* Stream.runCollect(metrics.columns(hours))
      assertSame(Chunk.toReadonlyArray(rows), Chunk.toReadonlyArray(batches), [
        "date_time_start",
        "metric_value",
        "building_id",
        "metric_name"
      ])
      assert.isTrue(Chunk.every(batches, ({ length }) => length < 200))
    })
  )
})

const anything = Table.make("anything", {
  at: Column.key(Column.observed(Scalar.timestamptz, "test")),
  count: Column.observed(Scalar.Int, "test"),
  big: Column.observed(Scalar.bigint, "test"),
  exact: Column.observed(Scalar.numeric, "test"),
  name: Column.observed(Scalar.String, "test"),
  value: Column.observed(Scalar.jsonb, "test"),
  money: Column.observed(
    Scalar.make<string, never>({
      name: "money",
      operators: {},
      decode: (cell) => (typeof cell === "string" ? Either.right(cell) : Either.left("money"))
    }),
    "test"
  )
})

const range = TimeRange.between(new Date("2024-01-01T00:00:00Z"), new Date("2024-01-02T00:00:00Z"))

/** A client whose server sends this body as the first page, and then empty pages. */
const answering = (body: string) => {
  let isFirst = true
  return clientOver(
    () =>
      Effect.sync(() => {
        const text = isFirst ? body : '{"data":{"anything":[]}}'
        isFirst = false
        return received(200, text)
      }),
    { retry: RetryPolicy.make({ attempts: 1 }) }
  )
}

const select = <const Name extends "at" | "count" | "big" | "exact" | "name" | "value">(
  ...names: ReadonlyArray<Name>
) => Query.from(anything, { select: names as [Name], where: { at: range } })

describe("a column", () => {
  for (const [name, cell, expected] of [
    ["count", "2147483648", "an integer of 32 bits"],
    ["big", '"9223372036854775808"', "an integer of 64 bits"],
    ["name", '"\\ud800"', "text without half of a surrogate pair"]
  ] as const) {
    it.effect(`a column that cannot hold ${cell} fails, and its error shows no secret`, () =>
      Effect.gen(function* () {
        const body = `{"data":{"anything":[{"${name}":${cell},"page_key_at":"2024-01-01T00:00:00Z"}]}}`
        const rows = yield* answering(body)
        assert.strictEqual((yield* Stream.runCollect(rows.stream(select(name)))).length, 1)
        const metrics = yield* answering(body)
        const error = yield* Effect.flip(Stream.runDrain(metrics.columns(select(name))))
        assert.strictEqual(error._tag, "DecodeError")
        assert.include(error.problem, `anything.${name} of row 0`)
        assert.include(error.problem, expected)
        assert.strictEqual(error.operationName, "anything")
        assert.notInclude(JSON.stringify(error), "token")
      })
    )
  }

  it.effect("a column keeps microseconds, spaces of JSON, and all digits of a decimal", () =>
    Effect.gen(function* () {
      const metrics = yield* answering(
        `{"data":{"anything":[${"\n".repeat(9_000)}{"at":"2024-01-01T00:00:00.000001+00:00","exact":12.50,"value":{"a": [1, 1e400]}},{"at":"2024-01-01T00:00:00.123999+00:00","exact":0.12345678901234567890123,"value":"x"}]}}`
      )
      const [batch] = yield* Stream.runCollect(metrics.columns(select("at", "exact", "value")))
      assert(batch !== undefined)
      const rest = yield* Effect.succeed(batch.columns)
      assert.deepStrictEqual([...(rest.at.micros ?? [])], [1])
      assert.strictEqual(ColumnBatch.text(rest.exact, 0), "12.50")
      assert.strictEqual(ColumnBatch.text(rest.value, 0), '{"a": [1, 1e400]}')
    })
  )

  it.effect("a column of raw rows keeps all digits of numbers", () =>
    Effect.gen(function* () {
      const metrics = yield* answering(
        '{"data":{"anything":[{"big":9007199254740993,"exact":0.1234567890123456789}]}}'
      )
      const query = Query.limit(select("big", "exact"), 1)
      const batch = yield* ColumnBatch.fromJson(query, yield* metrics.query(Query.raw(query)))
      assert.deepStrictEqual([...batch.columns.big.values], [9007199254740993n])
      assert.strictEqual(ColumnBatch.text(batch.columns.exact, 0), "0.1234567890123456789")
    })
  )
})

describe("columns refuse", () => {
  const metrics = answering("{}")
  const failing = (query: Query.Query<unknown>) =>
    Effect.flatMap(metrics, (client) => Effect.flip(Stream.runDrain(client.columns(query))))

  it.effect("columns reject a query with Query.decode, Query.plain or Query.raw", () =>
    Effect.gen(function* () {
      const query = select("name")
      for (const [used, other] of [
        ["decode", Query.decode(query, { name: Schema.NumberFromString })],
        ["plain", Query.plain(query)],
        ["raw", Query.raw(query)]
      ] as const) {
        const error = yield* failing(other)
        assert.strictEqual(error._tag, "QueryError")
        assert.include(error.message, `Query.${used}`)
      }
    })
  )

  it.effect("columns reject a scalar with an unknown decoder", () =>
    Effect.gen(function* () {
      const error = yield* failing(
        Query.from(anything, { select: ["money"], where: { at: range } })
      )
      assert.strictEqual(error._tag, "QueryError")
      assert.include(error.message, "anything.money has the scalar money")
    })
  )

  it.effect("columns reject every query that a stream rejects", () =>
    Effect.gen(function* () {
      const error = yield* failing(Query.from(anything, { select: ["name"] }))
      assert.strictEqual(error._tag, "QueryError")
      assert.include(error.message, "no time range to stream")
    })
  )
})

describe("a body in chunks", () => {
  const rows = Array.from({ length: 400 }, (_, row) => ({
    at: new Date(Date.UTC(2024, 0, 1) + row * 60_000).toISOString().replace(".000Z", "+00:00"),
    name: row % 7 === 0 ? "Küche \u{1f600}" : `zone ${row}`,
    exact: `${row}.50`
  }))
  const body = new TextEncoder().encode(JSON.stringify({ data: { anything: rows } }))

  it.scoped("a body gives the same columns wherever its chunks end", () =>
    Effect.gen(function* () {
      let size = 1
      let isFirst = true
      const server = createServer(async (request, response) => {
        request.resume()
        response.writeHead(200, { "content-type": "application/json" })
        if (!isFirst) {
          response.end('{"data":{"anything":[]}}')
          return
        }
        isFirst = false
        for (let at = 0; at < body.length; at += size) {
          response.write(body.subarray(at, at + size))
          await new Promise((resolve) => setImmediate(resolve))
        }
        response.end()
      })
      yield* Effect.acquireRelease(
        Effect.async<void>(
          (resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))
        ),
        () => Effect.sync(() => void server.close())
      )
      // A server that listens on a port has an address with a port.
      const { port } = server.address() as AddressInfo
      const metrics = yield* MetricsClient.make({
        api: Api.withBaseUrl(Api.v2, `http://127.0.0.1:${port}`)
      }).pipe(Effect.provide(Layer.mergeAll(QueryBuilder.layer, FetchHttpClient.layer, oneToken)))
      for (size of [97, 1_021, 8_191]) {
        isFirst = true
        const batches = yield* Stream.runCollect(metrics.columns(select("at", "name", "exact")))
        const [first] = batches
        assert(first !== undefined)
        assert.deepStrictEqual(
          Array.from({ length: first.length }, (_, row) => ({
            at: new Date(first.columns.at.values[row] ?? 0)
              .toISOString()
              .replace(".000Z", "+00:00"),
            name: ColumnBatch.text(first.columns.name, row),
            exact: ColumnBatch.text(first.columns.exact, row)
          })),
          // The rows of the last key are in a batch of their own.
          rows.slice(0, -1)
        )
      }
    })
  )
})

describe("a batch", () => {
  const rows = Array.from({ length: 30 }, (_, row) => ({
    at: DateTime.unsafeMake(Date.UTC(2024, 0, 1, row)),
    count: row,
    big: BigInt(row) * 10n ** 15n,
    exact: BigDecimal.unsafeFromString(`${row}.25`),
    name: row % 2 === 0 ? "even" : "odd",
    value: { row }
  }))
  const query = select("at", "count", "big", "exact", "name", "value")
  const names = ["at", "count", "big", "exact", "name", "value"]

  const batches = Effect.flatMap(MetricsClient.MetricsClient, (metrics) =>
    Stream.runCollect(metrics.columns(query, { pageSize: 20 }))
  ).pipe(Effect.provide(layerTest([answer(query, rows)])), Effect.map(Chunk.toReadonlyArray))

  it.effect("columns of the test client have the test's rows, in pages", () =>
    Effect.gen(function* () {
      const found = yield* batches
      assert.deepStrictEqual(
        found.map(({ length }) => length),
        [20, 10]
      )
      assertSame(rows.slice(0, 20), found.slice(0, 1), names)
    })
  )

  it.effect("a batch is plain data, and any slice of it has the same rows", () =>
    Effect.gen(function* () {
      const [batch] = yield* batches
      assert(batch !== undefined)
      const copy = structuredClone(batch)
      for (const [start, end] of [
        [0, 20],
        [3, 11],
        [8, 9],
        [-5, undefined],
        [5, 2]
      ] as const) {
        const part = ColumnBatch.slice(copy, start, end)
        assert.strictEqual(part.length, rows.slice(0, 20).slice(start, end).length)
        for (let row = 0; row < part.length; row++) {
          const expected = rows.slice(0, 20).slice(start, end)[row]
          assert.strictEqual(part.columns.big.values[row], expected?.big)
          assert.strictEqual(ColumnBatch.text(part.columns.name, row), expected?.name)
          assert.strictEqual(
            ColumnBatch.text(part.columns.exact, row),
            BigDecimal.format(expected?.exact ?? assert.fail())
          )
        }
      }
    })
  )
})

it("the features of v1 can be read into columns", () => {
  const query = Query.from(building_features, { select: ["feature_value"] })
  const column = (batch: ColumnBatch.ColumnBatch<Query.Answer<typeof query>[number]>) =>
    batch.columns.feature_value.kind
  assert.isFunction(column)
})
