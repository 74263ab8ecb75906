/**
 * Tests the rows of the promise client, over HTTP. They contain plain values, which JSON can
 * represent.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import * as Query from "@innerspace-metrics/core/Query"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Effect from "effect/Effect"
import { oneServer } from "../support/servers/oneServer.js"

const t = Table.make("t", {
  id: Column.key(Column.assumed(Scalar.bigint, "test")),
  at: Column.key(Column.assumed(Scalar.timestamptz, "test")),
  area: Column.nullable(Column.assumed(Scalar.numeric, "test"))
})

const body = (...rows: ReadonlyArray<string>) => ({ body: `{"data":{"t":[${rows.join(",")}]}}` })
const row = (id: string, area: string, at = "2024-03-01T06:00:00+00:00") =>
  `{"id":${id},"at":"${at}","area":${area}}`
const at = new Date("2024-03-01T06:00:00Z")

describe("rows of the promise client", () => {
  it.scoped(
    "rows of query, queryAll and stream are plain values with every digit and survive JSON",
    () =>
      Effect.gen(function* () {
        const server = yield* oneServer
        const client = yield* server.client()
        const query = Query.from(t, { select: ["id", "at", "area"] })
        server.answer({
          data: body(row('"9007199254740993"', "0.12345678901234567890"), row("7", "1.50"))
        })
        const expected = [
          { id: "9007199254740993", at, area: "0.1234567890123456789" },
          { id: 7, at, area: 1.5 }
        ]
        const rows = yield* Effect.promise(() => client.query(query))
        assert.deepStrictEqual<unknown>(rows, expected)
        assert.deepStrictEqual(JSON.parse(JSON.stringify(rows)), [
          { id: "9007199254740993", at: "2024-03-01T06:00:00.000Z", area: "0.1234567890123456789" },
          { id: 7, at: "2024-03-01T06:00:00.000Z", area: 1.5 }
        ])
        const all = yield* Effect.promise(() =>
          client.queryAll({ t: query, raw: Query.raw(query) }).catch(() => undefined)
        )
        assert.isUndefined(all)
        server.answer({
          data: { body: `{"data":{"one":[${row("7", "1.50")}],"raw":[${row("7", "1.50")}]}}` }
        })
        const both = yield* Effect.promise(() =>
          client.queryAll({ one: query, raw: Query.raw(query) })
        )
        assert.deepStrictEqual<unknown>(both.one, [expected[1]])
        assert.deepStrictEqual(both.raw, [{ id: 7, at: "2024-03-01T06:00:00+00:00", area: 1.5 }])
      })
  )

  it.scoped(
    "a stream gives plain rows, its plan has Dates, and it resumes from a stored point",
    () =>
      Effect.gen(function* () {
        const server = yield* oneServer
        const client = yield* server.client()
        const range = TimeRange.between(at, new Date("2024-03-02T06:00:00Z"))
        const query = Query.from(t, { select: ["id", "at", "area"], where: { at: range, id: "7" } })
        const plan = yield* Effect.promise(() => client.plan(query))
        assert.deepStrictEqual(plan.windows, [{ start: at, end: new Date("2024-03-02T06:00:00Z") }])
        server.answer({ data: body(row("7", "1.50")), later: body() })
        let point: string | undefined
        const rows = yield* Effect.promise(async () => {
          const seen: Array<unknown> = []
          const stream = client.stream(query, {
            onProgress: ({ resume }) => {
              point = JSON.stringify(resume)
            }
          })
          for await (const one of stream) seen.push(one)
          return seen
        })
        assert.deepStrictEqual(rows, [{ id: 7, at, area: 1.5 }])
        assert.strictEqual(point, '{"after":["2024-03-01T06:00:00+00:00"]}')
        const resumeFrom = JSON.parse(point ?? "")
        const rest = yield* Effect.promise(async () => {
          const seen: Array<unknown> = []
          for await (const one of client.stream(query, { resumeFrom })) seen.push(one)
          return seen
        })
        assert.deepStrictEqual(rest, [])
      })
  )
})
