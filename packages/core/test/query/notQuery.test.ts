/**
 * Tests that every call that accepts a query fails with a typed error for other values, which
 * JavaScript can pass.
 */
import { assert, describe, it } from "@effect/vitest"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { oneToken } from "../support/transportClient.js"

/** A client that fails the test if it sends a request. */
const client = PromiseClient.make(
  MetricsClient.layerWithTransport(() => assert.fail("a request was sent")).pipe(
    Layer.provide([QueryBuilder.layer, oneToken])
  )
)

/** Calls with a value that is not a query. The compiler rejects each of these calls. */
const calls: Record<
  string,
  (value: never, client: PromiseClient.PromiseMetricsClient) => Promise<unknown>
> = {
  query: (value, metrics) => metrics.query(value),
  queryAll: (value, metrics) => metrics.queryAll({ a: value }),
  plan: (value, metrics) => metrics.plan(value),
  stream: async (value, metrics) => {
    for await (const _row of metrics.stream(value)) assert.fail("there was a row")
  }
}

describe("values that are not queries", () => {
  for (const [name, call] of Object.entries(calls)) {
    for (const value of [undefined, null, 5, "x", [], {}, { table: "a" }, { select: ["a"] }]) {
      it.effect(`${name} rejects a value that is not a query: ${JSON.stringify(value)}`, () =>
        Effect.gen(function* () {
          const error = yield* Effect.promise(() =>
            call(value as never, client).then(
              () => assert.fail("it was taken"),
              (error: unknown) => error
            )
          )
          assert.instanceOf(error, Error)
          assert.include(error.message, "is not a query. Use Query.from")
          assert.strictEqual(error.name, "QueryError")
        })
      )
    }
  }
})
