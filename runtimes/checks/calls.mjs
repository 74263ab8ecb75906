import { RetryPolicy } from "@innerspace-metrics/core"
import * as Schema from "effect/Schema"
import { equal, failure, ok, rejection } from "./expect.mjs"
import { counted, days, feature, misspelled, noRows, oneDay } from "./queries.mjs"

const none = { retry: RetryPolicy.none }

export const calls = [
  {
    title: "query returns rows with plain values",
    run: async (t) => {
      const rows = await t.client().query(days)
      equal(rows.length, 31, "rows")
      const [{ date_time_start, metric_value }] = rows
      ok(date_time_start instanceof Date, "The start is not a Date")
      equal(date_time_start.toISOString(), "2024-03-01T06:00:00.000Z", "the first day")
      equal(typeof metric_value, "number", "the value")
    }
  },
  {
    title: "query returns JSON columns",
    run: async (t) => {
      const [row] = await t.client().query(feature)
      ok(typeof row.feature_value === "object", "The feature is not an object")
    }
  },
  {
    title: "query returns an empty list",
    run: async (t) => equal(await t.client().query(noRows), [], "rows")
  },
  {
    title: "aggregate returns counts",
    run: async (t) => equal((await t.client().query(counted)).count, 31, "count")
  },
  {
    title: "queryAll sends one request",
    run: async (t) => {
      const { count, last } = await t.client().queryAll({ count: counted, last: oneDay })
      equal([count.count, last.length], [31, 1], "results")
      equal(await t.sent("graphql"), 1, "requests")
    }
  },
  {
    title: "execute decodes by a Schema",
    run: async (t) => {
      const schema = Schema.Struct({ __typename: Schema.String })
      const data = await t.client().execute({ document: "query { __typename }", schema })
      equal(data, { __typename: "query_root" }, "data")
    }
  },
  {
    title: "schema returns the introspection",
    run: async (t) => ok("__schema" in (await t.client().schema()), "There is no __schema")
  },
  {
    title: "a misspelled column is a QueryError that names the nearest",
    run: async (t) => {
      const error = await rejection(t.client().query(misspelled))
      equal(error._tag, "QueryError", error.message)
      ok(error.message.includes("Use metric_value, or"), error.message)
    }
  },
  {
    title: "an option of the wrong kind is a ConfigurationError",
    run: (t) =>
      failure(t.client({ timeout: "soon" }).query(oneDay), "ConfigurationError", "InvalidOption")
  },
  {
    title: "an aborted signal sends nothing",
    run: async (t) => {
      const reason = new Error("not wanted")
      const call = t.client().query(oneDay, { signal: AbortSignal.abort(reason) })
      equal((await rejection(call)) === reason, true, "rejects with the reason")
      equal(await t.sent("graphql"), 0, "requests")
    }
  },
  {
    title: "a signal cancels a call in flight",
    run: async (t) => {
      await t.inject({ effect: { _tag: "Delay", milliseconds: 20_000 } })
      const controller = new AbortController()
      const reason = new Error("not wanted any more")
      const metrics = t.client()
      const call = rejection(metrics.query(oneDay, { signal: controller.signal }))
      await t.until(async () => (await t.sent("graphql")) === 1)
      controller.abort(reason)
      equal((await call) === reason, true, "rejects with the reason")
      equal((await metrics.query(oneDay)).length, 1, "rows of the next call")
    }
  },
  {
    title: "AbortSignal.timeout ends a call",
    run: async (t) => {
      await t.inject({ effect: { _tag: "Delay", milliseconds: 20_000 } })
      const call = t.client().query(oneDay, { signal: AbortSignal.timeout(300) })
      equal((await rejection(call)).name, "TimeoutError", "reason")
    }
  },
  {
    title: "close ends calls in flight, and later calls reject",
    run: async (t) => {
      await t.inject({ effect: { _tag: "Delay", milliseconds: 20_000 } })
      const metrics = t.client()
      const call = failure(metrics.query(oneDay), "AuthError", "Closed")
      await t.until(async () => (await t.sent("graphql")) === 1)
      await metrics.close()
      await call
      await failure(metrics.query(oneDay), "AuthError", "Closed")
    }
  },
  {
    title: "a client has Symbol.asyncDispose if the runtime has it",
    run: async (t) => {
      const metrics = t.client()
      ok(!("undefined" in metrics), "The client has a property named undefined")
      if (Symbol.asyncDispose === undefined) return
      await metrics[Symbol.asyncDispose]()
      await failure(metrics.query(oneDay), "AuthError", "Closed")
    }
  },
  {
    title: "a 429 is retried after the time that it asks for",
    run: async (t) => {
      await t.inject({ effect: { _tag: "RateLimited", retryAfter: 1 } })
      const before = performance.now()
      equal((await t.client().query(oneDay)).length, 1, "rows")
      ok(performance.now() - before >= 990, "It did not wait")
      equal(await t.sent("graphql"), 2, "requests")
    }
  },
  {
    title: "a 429 without a retry says when to try again",
    run: async (t) => {
      await t.inject({ effect: { _tag: "RateLimited", retryAfter: 7 } })
      const error = await failure(t.client(none).query(oneDay), "ResponseError", "RateLimited")
      ok(error.retryAfter !== undefined, "retryAfter is missing")
    }
  },
  {
    title: "a 503 is retried",
    run: async (t) => {
      await t.inject({ times: 2, effect: { _tag: "Unavailable" } })
      equal((await t.client().query(oneDay)).length, 1, "rows")
      equal(await t.sent("graphql"), 3, "requests")
    }
  },
  {
    title: "a reset connection is a TransportError",
    run: async (t) => {
      await t.inject({ times: "always", effect: { _tag: "Reset" } })
      equal((await rejection(t.client(none).query(oneDay)))._tag, "TransportError", "error")
    }
  },
  {
    title: "half a body is ConnectionLost",
    run: async (t) => {
      await t.inject({ times: "always", effect: { _tag: "CutBody" } })
      await failure(t.client(none).query(oneDay), "TransportError", "ConnectionLost")
    }
  },
  {
    title: "a host that does not answer is Unreachable",
    run: async (t) => {
      const metrics = t.client({ ...none, baseUrl: "http://localhost:9" })
      const error = await rejection(metrics.query(oneDay))
      equal(error.reason, "Unreachable", error.message)
    }
  },
  {
    title: "a slow answer is a Timeout",
    run: async (t) => {
      await t.inject({ effect: { _tag: "Delay", milliseconds: 20_000 } })
      const metrics = t.client({ ...none, timeout: "500 millis" })
      await failure(metrics.query(oneDay), "TransportError", "Timeout")
    }
  },
  {
    title: "an HTML page is a ResponseError",
    run: async (t) => {
      await t.inject({ effect: { _tag: "Html", status: 200 } })
      equal((await rejection(t.client(none).query(oneDay)))._tag, "ResponseError", "error")
    }
  },
  {
    title: "a redirect is not followed",
    run: async (t) => {
      await t.inject({ effect: { _tag: "Redirect", location: "/elsewhere" } })
      const error = await rejection(t.client(none).query(oneDay))
      ok(["ResponseError", "TransportError"].includes(error._tag), error.message)
      equal(await t.sent("graphql"), 1, "requests")
    }
  },
  {
    title: "a body above maxBodySize is TooLarge",
    run: async (t) => {
      await t.inject({ effect: { _tag: "HugeBody", bytes: 5_000_000 } })
      const metrics = t.client({ ...none, maxBodySize: 100_000 })
      await failure(metrics.query(oneDay), "ResponseError", "TooLarge")
    }
  },
  {
    title: "a compressed answer is read",
    run: async (t) => {
      await t.inject({ effect: { _tag: "Compressed", encoding: "gzip" } })
      equal((await t.client().query(days)).length, 31, "rows")
    }
  },
  {
    title: "errors of GraphQL keep their code and show no token",
    run: async (t) => {
      await t.inject({ effect: { _tag: "GraphqlError", code: "validation-failed" } })
      const error = await rejection(t.client(none).query(oneDay))
      equal(error._tag, "GraphQLError", error.message)
      ok(!/eyJ|Bearer/.test(JSON.stringify(error) + error.stack), "The error shows the token")
    }
  }
]
