/**
 * Tests that error messages contain no HTML of a server, and that they contain a useful hint and
 * the stack frame of the caller.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as MetricsError from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Effect from "effect/Effect"
import { rejection } from "../support/promises.js"
import { type Answers, oneServer } from "../support/servers/oneServer.js"

const query = Query.from(building_metrics, { select: ["metric_value"], limit: 1 })

const range = Query.from(building_metrics, {
  select: ["metric_value"],
  where: {
    building_id: 71,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: "all",
    date_time_start: TimeRange.dates("2024-04-01", "2024-04-02", "America/Chicago")
  }
})

const html =
  "<!DOCTYPE html><html><head><title>503</title></head><body><h1>canary</h1></body></html>"
const fragment = "<center>\n<b>canary</b>\n</center>"
const long = `${"canary ".repeat(2_000)}end`
const lines = "first line\ncanary of the second\n\nthird"

const page = (status: number, body: string, type = "text/html") => ({ status, type, body })
const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) })

/** A name, the responses, and the field of the error that contains the beginning of the body. */
const answers: ReadonlyArray<
  readonly [name: string, answers: Answers, kept: "excerpt" | "errors" | "nowhere"]
> = [
  ...[200, 301, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504].flatMap((status) => [
    [`HTML with status ${status}`, { data: page(status, html) }, "excerpt"] as const,
    [`a fragment with status ${status}`, { data: page(status, fragment) }, "excerpt"] as const,
    [
      `long text with status ${status}`,
      { data: page(status, long, "text/plain") },
      "excerpt"
    ] as const,
    [
      `HTML from the token endpoint with status ${status}`,
      { token: page(status, html) },
      status < 300 ? "nowhere" : "excerpt"
    ] as const,
    [
      `long text from the token endpoint with status ${status}`,
      { token: page(status, long, "text/plain") },
      status < 300 ? "nowhere" : "excerpt"
    ] as const
  ]),
  ["HTML in an error of REST", { data: json({ error: html, code: "x" }, 400) }, "excerpt"],
  ["HTML in a GraphQL error", { data: json({ errors: [{ message: html }] }) }, "errors"],
  [
    "HTML in the code and the path of a GraphQL error",
    { data: json({ errors: [{ message: "no", extensions: { code: html, path: fragment } }] }) },
    "errors"
  ],
  ["a long GraphQL error", { data: json({ errors: [{ message: long }] }) }, "errors"],
  ["a GraphQL error that is a string", { data: json({ errors: [html] }) }, "errors"],
  ["JSON with neither data nor errors", { data: json({ canary: html }) }, "excerpt"],
  [
    "HTML as OAuth's description",
    { token: json({ error: "invalid_client", error_description: html }, 401) },
    "nowhere"
  ],
  [
    "long text as OAuth's description",
    { token: json({ error: "invalid_client", error_description: long }, 401) },
    "nowhere"
  ],
  ["HTML in a key of the token endpoint's answer", { token: json({ [html]: 1 }) }, "nowhere"]
]

describe("error messages", () => {
  for (const [name, given, kept] of answers) {
    it.scoped(name, () =>
      Effect.gen(function* () {
        const server = yield* oneServer
        const client = yield* server.client()
        server.answer(given)
        const error = yield* rejection(client.query(query))
        assert.isTrue(MetricsError.isMetricsError(error), String(error))
        if (!MetricsError.isMetricsError(error)) return
        for (const text of [error.message, error.problem, error.hint, error.stack ?? ""]) {
          assert.notMatch(text, /<\w|canary<|<!/, name)
        }
        assert.isBelow(error.message.length, 700)
        assert.notInclude(error.problem, "\n")
        if (kept === "excerpt") {
          assert.isTrue("excerpt" in error && typeof error.excerpt === "string")
          const { excerpt } = error as MetricsError.ResponseError
          assert.match(excerpt, /canary|DOCTYPE/)
          assert.isAtMost(excerpt.length, 200)
          assert.include(inspect(error), excerpt.slice(0, 20))
        }
        if (kept === "errors") assert.match(JSON.stringify(error), /canary|DOCTYPE/)
      })
    )
  }

  it.scoped("a server's short message is kept, on one line", () =>
    Effect.gen(function* () {
      const server = yield* oneServer
      const client = yield* server.client()
      server.answer({ data: json({ errors: [{ message: lines }] }) })
      const error = yield* rejection(client.query(query))
      assert.instanceOf(error, MetricsError.GraphQLError)
      assert.strictEqual(
        error instanceof MetricsError.GraphQLError ? error.problem : "",
        "The API reported an error: first line canary of the second third"
      )
    })
  )
})

describe("the stack of a rejected promise", () => {
  const stackOf = async (call: () => Promise<unknown>): Promise<string> => {
    try {
      await call()
    } catch (error) {
      return error instanceof Error ? (error.stack ?? "") : ""
    }
    return "the promise was kept"
  }

  const calls = {
    query: "query",
    queryAll: "queryAll",
    execute: "execute",
    stream: "stream",
    plan: "plan",
    schema: "schema",
    "a client whose layer cannot be built": "build",
    "a closed client": "closed",
    "a call that close ends": "ended"
  } as const

  for (const [name, kind] of Object.entries(calls)) {
    it.scoped(name, () =>
      Effect.gen(function* () {
        const server = yield* oneServer
        server.answer({ data: page(503, html) })
        const client = yield* server.client(
          kind === "build" ? { timeout: "nonsense" as "1 second" } : {}
        )
        const wrong = { ...query, limit: -1 }
        async function theCaller() {
          switch (kind) {
            case "queryAll":
              return await client.queryAll({ a: query })
            case "execute":
              // Only JavaScript can leave out the Schema.
              return await client.execute({ document: "{ a }" } as never)
            case "stream":
              for await (const _ of client.stream(range));
              return
            case "plan":
              return await client.plan(wrong)
            case "schema":
              return await client.schema()
            case "closed":
              await client.close()
              return await client.query(query)
            case "ended": {
              const call = client.query(query)
              void client.close()
              return await call
            }
            default:
              return await client.query(query)
          }
        }
        const stack = yield* Effect.promise(() => stackOf(theCaller))
        assert.include(stack, "theCaller", stack)
        assert.match(stack, /^\w+Error: /)
      })
    )
  }

  it.scoped("two calls with the same failure reject with two error objects", () =>
    Effect.gen(function* () {
      const server = yield* oneServer
      server.answer({ data: page(503, html) })
      const client = yield* server.client()
      const first = async () => await client.query(query)
      const second = async () => await client.query(query)
      const [one, other] = yield* Effect.promise(() =>
        Promise.all([stackOf(async () => await first()), stackOf(async () => await second())])
      )
      assert.include(one, "first")
      assert.include(other, "second")
    })
  )
})

describe("the hint of TooLarge", () => {
  const large = {
    body: JSON.stringify({
      data: { building_metrics: [{ metric_value: 1 }], x: "y".repeat(2_000_000) }
    })
  }
  const hintOf = (call: "query" | "stream" | "token") =>
    Effect.gen(function* () {
      const server = yield* oneServer
      const client = yield* server.client({ maxBodySize: 1_000 })
      server.answer(call === "token" ? { token: large } : { data: large })
      const error = yield* rejection(
        call === "stream"
          ? (async () => {
              for await (const _ of client.stream(range));
            })()
          : client.query(query)
      )
      assert.isTrue(MetricsError.isMetricsError(error), String(error))
      return MetricsError.isMetricsError(error) ? error.hint : ""
    })

  it.scoped(
    "the hint of TooLarge for a query names limit, columns, stream with pageSize, and maxBodySize",
    () =>
      Effect.gen(function* () {
        const hint = yield* hintOf("query")
        for (const word of ["limit", "columns", "stream", "pageSize", "maxBodySize"]) {
          assert.include(hint, word)
        }
      })
  )

  it.scoped(
    "for a page of a stream it names columns and maxBodySize, and says that pageSize was tried",
    () =>
      Effect.gen(function* () {
        const hint = yield* hintOf("stream")
        for (const word of ["columns", "pageSize", "maxBodySize"]) assert.include(hint, word)
        assert.notInclude(hint, "limit")
      })
  )

  it.scoped("the hint of TooLarge for a token names the base URL", () =>
    Effect.gen(function* () {
      assert.match(yield* hintOf("token"), /^Check the base URL/)
    })
  )
})
