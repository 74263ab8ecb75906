/**
 * Tests that a client's stream works with the operators of Effect's Stream, although the client
 * makes it without Effect's module. Each case runs an operator on a client's stream and on a stream
 * that Effect made of the same rows.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as Column from "@innerspace-metrics/core/Column"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Channel from "effect/Channel"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { rowServer } from "../support/rowServer.js"
import { oneToken } from "../support/transportClient.js"

const observed = "the server of this test"

const readings = Table.make("readings", {
  measured_at: Column.key(Column.observed(Scalar.timestamptz, observed)),
  level: Column.observed(Scalar.Int, observed)
})

const query = Query.from(readings, {
  select: ["level"],
  where: { measured_at: TimeRange.dates("2024-03-09", "2024-03-10", "UTC") }
})

const levels = [3, 1, 4, 1, 5, 9, 2, 6]

const open = Effect.gen(function* () {
  const server = yield* rowServer("readings")
  server.fill(
    levels.map((level, index) => ({ measured_at: `2024-03-09T0${index}:00:00+00:00`, level }))
  )
  const metrics = yield* MetricsClient.make({ api: Api.withBaseUrl(Api.v1, server.url) }).pipe(
    Effect.provide([oneToken, QueryBuilder.layer])
  )
  return { server, stream: metrics.stream(query, { pageSize: 2 }) }
})

const rows = levels.map((level) => ({ level }))

type Rows = Stream.Stream<{ readonly level: number }, CallError>

const collected = <A, E>(stream: Stream.Stream<A, E>) =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)

const operators: Readonly<Record<string, (rows: Rows) => Effect.Effect<unknown, unknown>>> = {
  runCollect: collected,
  "pipe and map": (rows) => collected(rows.pipe(Stream.map(({ level }) => level))),
  take: (rows) => collected(Stream.take(rows, 3)),
  "concat of the same stream": (rows) => collected(Stream.concat(rows, rows)),
  "merge, sorted": (rows) =>
    Effect.map(collected(Stream.merge(rows, rows)), (all) => all.map(({ level }) => level).sort()),
  zip: (rows) => collected(Stream.zip(rows, Stream.drop(rows, 1))),
  "flatMap in another stream": (rows) =>
    collected(Stream.flatMap(Stream.make(1, 2), (n) => Stream.map(rows, ({ level }) => n * level))),
  buffer: (rows) => collected(Stream.buffer(rows, { capacity: 2 })),
  rechunk: (rows) => collected(Stream.rechunk(rows, 3)),
  "run with a sink": (rows) => Effect.map(Stream.run(rows, Sink.take(5)), Chunk.toReadonlyArray),
  "transduce by a sink": (rows) =>
    Effect.map(collected(Stream.transduce(rows, Sink.take(3))), (all) =>
      all.map(Chunk.toReadonlyArray)
    ),
  "channel mapped": (rows) =>
    Stream.toChannel(rows).pipe(
      Channel.mapOut(Chunk.reverse),
      Channel.runCollect,
      Effect.map(([chunks]) => Chunk.toReadonlyArray(Chunk.flatten(chunks)).length)
    ),
  "channel after a channel": (rows) =>
    Channel.zipRight(Channel.void, Stream.toChannel(rows)).pipe(
      Channel.runCollect,
      Effect.map(([chunks]) => Chunk.toReadonlyArray(Chunk.flatten(chunks)))
    ),
  "toPull, twice": (rows) =>
    Effect.scoped(
      Effect.gen(function* () {
        const pull = yield* Stream.toPull(rows)
        return [
          Chunk.toReadonlyArray(yield* pull).length > 0,
          Exit.isSuccess(yield* Effect.exit(pull))
        ]
      })
    ),
  toReadableStream: (rows) =>
    Effect.promise(async () => {
      const read: Array<unknown> = []
      for await (const row of Stream.toReadableStream(rows)) read.push(row)
      return read
    }),
  orElse: (rows) => collected(Stream.orElse(Stream.concat(rows, Stream.fail("x")), () => rows)),
  "ensuring runs once": (rows) =>
    Effect.gen(function* () {
      let ends = 0
      yield* Stream.runDrain(
        Stream.ensuring(
          rows,
          Effect.sync(() => ends++)
        )
      )
      return ends
    })
}

layer(FetchHttpClient.layer)("a stream of a client and Effect's operators", (it) => {
  for (const [name, operator] of Object.entries(operators)) {
    it.scoped(`a client's stream is a stream of Effect: ${name}`, () =>
      Effect.gen(function* () {
        const { stream } = yield* open
        assert.deepStrictEqual(
          yield* operator(stream),
          yield* operator(Stream.rechunk(Stream.fromIterable(rows), 2))
        )
      })
    )
  }

  it.scoped("a stream that runs twice requests its rows twice", () =>
    Effect.gen(function* () {
      const { server, stream } = yield* open
      assert.deepStrictEqual(yield* collected(stream), rows)
      const once = server.requests()
      assert.deepStrictEqual(yield* collected(stream), rows)
      assert.strictEqual(server.requests(), 2 * once)
    })
  )

  it.scoped("an error of a stream can be caught, and a stream can be interrupted", () =>
    Effect.gen(function* () {
      const { server, stream } = yield* open
      server.behave({ change: () => [] })
      assert.deepStrictEqual(yield* collected(stream), [])
      server.behave({ change: (rows) => rows.map((row) => ({ ...row, level: "high" })) })
      const caught = Stream.catchAll(stream, ({ reason }) => Stream.make(reason))
      assert.deepStrictEqual(yield* collected(caught), ["WrongValue"])

      server.behave({})
      const hasRow = yield* Deferred.make<void>()
      const fiber = yield* Effect.fork(
        Stream.runForEach(stream, () =>
          Effect.zipRight(Deferred.succeed(hasRow, undefined), Effect.never)
        )
      )
      yield* Deferred.await(hasRow)
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(fiber)))
    })
  )
})
